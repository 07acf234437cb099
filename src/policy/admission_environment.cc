// The names of in-tree admission policies. request and namespaceObject are declared with the fields
// that the API server declares, so that a misspelt field is an error when the policy loads; their
// values are plain JSON all the same (cel.md section 4), so that what a field's declared type
// promises may be wrong when the expression runs. Native policies declare the same two.
#include "seaworthy/policy/admission_environment.h"

#include <string>
#include <utility>
#include <vector>

namespace seaworthy::policy {
namespace {

using cel::StructType;
using cel::Type;
using cel::TypeKind;

Type declare(cel::Environment& environment, std::string name,
             std::vector<StructType::Field> fields) {
  StructType type;
  type.name = "kubernetes." + name;
  type.fields = std::move(fields);
  Type named = Type::structure(type.name);
  environment.declare(std::move(type));
  return named;
}

AdmissionSlots declare_inputs(cel::Environment& environment, AdmissionParams params) {
  AdmissionSlots slots;
  slots.object = environment.declare("object", Type::dyn());
  slots.old_object = environment.declare("oldObject", Type::dyn());
  slots.request = environment.declare("request", declare_request_type(environment));
  slots.namespace_object =
      environment.declare("namespaceObject", declare_namespace_type(environment));
  if (params == AdmissionParams::kDeclared) {
    slots.params = environment.declare("params", Type::dyn());
  }
  return slots;
}

}  // namespace

cel::Type declare_request_type(cel::Environment& environment, AdmissionRequestObjects objects) {
  const Type string = Type::string();
  const Type kind = declare(environment, "GroupVersionKind",
                            {{"group", string}, {"version", string}, {"kind", string}});
  const Type resource = declare(environment, "GroupVersionResource",
                                {{"group", string}, {"version", string}, {"resource", string}});
  const Type user = declare(environment, "UserInfo",
                            {{"username", string},
                             {"uid", string},
                             {"groups", Type::list(string)},
                             {"extra", Type::map(string, Type::list(string))}});
  std::vector<StructType::Field> fields{
      {"kind", kind},        {"resource", resource},        {"subResource", string},
      {"requestKind", kind}, {"requestResource", resource}, {"requestSubResource", string},
      {"name", string},      {"namespace", string},         {"operation", string},
      {"userInfo", user},    {"dryRun", Type::boolean()},   {"options", Type::dyn()}};
  if (objects == AdmissionRequestObjects::kDeclared) {
    fields.push_back({"object", Type::dyn()});
    fields.push_back({"oldObject", Type::dyn()});
  }
  return declare(environment, "AdmissionRequest", std::move(fields));
}

cel::Type declare_namespace_type(cel::Environment& environment) {
  const Type string = Type::string();
  const Type strings = Type::map(string, string);
  const Type spec = declare(environment, "NamespaceSpec", {{"finalizers", Type::list(string)}});
  const Type condition = declare(environment, "NamespaceCondition",
                                 {{"status", string},
                                  {"type", string},
                                  {"lastTransitionTime", Type::timestamp()},
                                  {"message", string},
                                  {"reason", string}});
  const Type status = declare(environment, "NamespaceStatus",
                              {{"conditions", Type::list(condition)}, {"phase", string}});
  const Type metadata = declare(environment, "NamespaceMetadata",
                                {{"name", string},
                                 {"generateName", string},
                                 {"namespace", string},
                                 {"labels", strings},
                                 {"annotations", strings},
                                 {"UID", string},
                                 {"creationTimestamp", Type::timestamp()},
                                 {"deletionGracePeriodSeconds", Type::integer()},
                                 {"deletionTimestamp", Type::timestamp()},
                                 {"generation", Type::integer()},
                                 {"resourceVersion", string},
                                 {"finalizers", Type::list(string)}});
  return declare(environment, "Namespace",
                 {{"metadata", metadata}, {"spec", spec}, {"status", status}});
}

AdmissionEnvironment make_admission_environment(const cel::Environment& base,
                                                AdmissionParams params,
                                                AdmissionAuthorizer authorizer) {
  AdmissionEnvironment made{base, {}};
  made.slots = declare_inputs(made.environment, params);
  made.environment.declare_composite("variables");
  if (authorizer == AdmissionAuthorizer::kDeclared) {
    made.slots.authorizer = cel::declare_authorizer(made.environment);
  }
  return made;
}

AdmissionEnvironments make_admission_environments(const cel::Environment& base,
                                                  AdmissionParams params) {
  AdmissionEnvironments made{base, base, base, {}};
  made.slots = declare_inputs(made.conditions, params);
  made.messages = made.conditions;
  made.slots.authorizer = cel::declare_authorizer(made.conditions);
  made.expressions = made.conditions;
  made.expressions.declare_composite("variables");
  // No expression can spell these, and nothing is near enough to be taken for them.
  made.messages.declare("@0", Type::dyn());
  made.messages.declare("@1", Type::dyn());
  made.messages.declare_composite("variables");
  return made;
}

std::string compile_error_text(std::string_view expression, const std::vector<cel::Issue>& issues,
                               std::uint64_t more) {
  // Mistakes that show when the program is made come without a place.
  if (issues.size() == 1 && issues[0].position.line == 0 &&
      !issues[0].message.starts_with("expression ") &&
      !issues[0].message.starts_with("max recursion")) {
    const bool unexpected = issues[0].message.starts_with("missing type conversion to proto");
    return (unexpected ? "unexpected compilation error: " : "program instantiation failed: ") +
           issues[0].message;
  }
  return "compilation failed: " + format_issues(expression, issues, more);
}

cel::Type variable_type(const cel::Type& type) {
  switch (type.kind()) {
    case TypeKind::kBool:
    case TypeKind::kBytes:
    case TypeKind::kDouble:
    case TypeKind::kDuration:
    case TypeKind::kInt:
    case TypeKind::kNull:
    case TypeKind::kString:
    case TypeKind::kTimestamp:
    case TypeKind::kUint:
      return type;
    case TypeKind::kList:
      return Type::list(variable_type(type.parameters()[0]));
    case TypeKind::kMap:
      return Type::map(variable_type(type.parameters()[0]), variable_type(type.parameters()[1]));
    default:
      return Type::dyn();
  }
}

}  // namespace seaworthy::policy
