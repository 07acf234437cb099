#include "cel/admission_environment.h"

#include <utility>

namespace seaworthy::cel {
namespace {

Type declare(Environment& environment, std::string name, std::vector<StructType::Field> fields) {
  StructType type;
  type.name = "kubernetes." + name;
  type.fields = std::move(fields);
  const Type named = Type::structure(type.name);
  environment.declare(std::move(type));
  return named;
}

Type request_type(Environment& environment) {
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
  return declare(environment, "AdmissionRequest",
                 {{"kind", kind},
                  {"resource", resource},
                  {"subResource", string},
                  {"requestKind", kind},
                  {"requestResource", resource},
                  {"requestSubResource", string},
                  {"name", string},
                  {"namespace", string},
                  {"operation", string},
                  {"userInfo", user},
                  {"dryRun", Type::boolean()},
                  {"options", Type::dyn()}});
}

Type namespace_type(Environment& environment) {
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

}  // namespace

Environment admission_environment() {
  Environment environment = Environment::kubernetes();
  environment.declare("object", Type::dyn());
  environment.declare("oldObject", Type::dyn());
  environment.declare("params", Type::dyn());
  environment.declare("request", request_type(environment));
  environment.declare("namespaceObject", namespace_type(environment));
  environment.declare_composite("variables");
  environment.declare_patch_types();
  return environment;
}

}  // namespace seaworthy::cel
