// One entry of spec.policies: its fields, then its expressions in an environment of its own, then
// its tests.
#include "policy/policy_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/expression.h"
#include "policy/match_reader.h"
#include "policy/parameters.h"
#include "policy/remedy_reader.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// Rule: RFC 1123 labels joined by dots, as Kubernetes names objects: policies are named in
/// exceptions, metrics and annotations.
bool is_policy_name(std::string_view name) {
  auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 63 && alphanumeric(name.front()) &&
         alphanumeric(name.back()) &&
         std::ranges::all_of(name, [&](char c) { return alphanumeric(c) || c == '-' || c == '.'; });
}

bool is_identifier(std::string_view name) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

void read_variables(Fields& fields, NativeEnvironment& native, Policy& policy) {
  const ReadContext& context = fields.context();
  const Node* list = fields.take_list("variables");
  if (list != nullptr && list->size() > limits::kVariablesPerPolicyMax) {
    context.error(*list, fmt::format("{} holds {} variables; at most {} are allowed",
                                     fields.path_of("variables"), list->size(),
                                     limits::kVariablesPerPolicyMax));
    return;
  }
  for (std::size_t index = 0; list != nullptr && index < list->size(); ++index) {
    const Node& item = list->items()[index];
    const auto path = fmt::format("{}[{}]", fields.path_of("variables"), index);
    if (!item.is_map()) {
      context.error(item, path + " must be a map with name and expression");
      continue;
    }
    Fields variable_fields(context, item, path);
    Variable variable;
    variable.name = variable_fields.text("name", true);
    const Node* expression = variable_fields.take("expression");
    variable_fields.finish();
    if (expression == nullptr) {
      variable_fields.report_missing("expression");
      continue;
    }
    if (!is_identifier(variable.name)) {
      context.error(item,
                    fmt::format("{}.name must be a CEL identifier, not '{}'", path, variable.name));
      continue;
    }
    if (std::ranges::find(policy.variables, variable.name, &Variable::name) !=
        policy.variables.end()) {
      context.error(item, fmt::format("variable '{}' is declared twice", variable.name));
      continue;
    }
    // Compiled before it is declared: a variable sees only those before it.
    variable.program =
        compile_expression(context, *expression, path + ".expression", native.environment);
    const auto type =
        variable.program == nullptr ? cel::Type::dyn() : variable.program->result_type();
    native.environment.declare_field("variables", variable.name, type);
    policy.variables.push_back(std::move(variable));
  }
}

/// Rule: engine::judge, native policies.
void warn_of_connect(const ReadContext& context, const Node& match, const std::string& path) {
  const Node& rules = match["resourceRules"];
  for (std::size_t index = 0; index < rules.items().size(); ++index) {
    for (const Node& operation : rules.items()[index]["operations"].items()) {
      if (operation.as_string() == "CONNECT") {
        context.warn(operation, fmt::format("{}.resourceRules[{}].operations holds CONNECT, about "
                                            "which policies of a PolicyBundle are not asked; write "
                                            "a ValidatingAdmissionPolicy",
                                            path, index));
      }
    }
  }
}

void read_metadata(Fields& fields, Policy& policy) {
  policy.title = fields.text("title");
  if (policy.title.empty()) {
    policy.title = policy.name;
  }
  policy.description = fields.text("description");
  policy.severity = fields.word<Severity>("severity").value_or(Severity::kMedium);
  policy.category = fields.text("category");
  policy.since = fields.text("since");
  policy.references = fields.texts("references");
  policy.each = fields.word<Each>("each").value_or(Each::kPod);
  policy.failure_policy =
      fields.word<FailurePolicy>("failurePolicy").value_or(FailurePolicy::kFail);
  if (const Node* match = fields.take_map("match")) {
    policy.match = read_match(fields.context(), *match, fields.path_of("match"));
    warn_of_connect(fields.context(), *match, fields.path_of("match"));
  }
}

void read_expressions(Fields& fields, const cel::Environment& environment, Policy& policy) {
  const ReadContext& context = fields.context();
  if (const Node* when = fields.take("when")) {
    policy.when_text = when->as_string();
    policy.when = compile_expression(context, *when, fields.path_of("when"), environment,
                                     cel::TypeKind::kBool);
  }
  if (const Node* require = fields.take("require")) {
    policy.require = compile_expression(context, *require, fields.path_of("require"), environment,
                                        cel::TypeKind::kBool);
  } else {
    fields.report_missing("require");
  }
  if (const Node* message = fields.take("message")) {
    policy.message = compile_text(context, *message, fields.path_of("message"), environment);
  } else {
    fields.report_missing("message");
  }
  if (const Node* remedy = fields.take_map("remedy")) {
    policy.remedy_position = context.source->position_of(*remedy);
    policy.remedy =
        read_remedy(context, *remedy, fields.path_of("remedy"), policy.each, environment);
  }
}

void read_test_parameters(const ReadContext& context, const Node& node, const std::string& path,
                          const BundleContext& bundle, PolicyTest& test) {
  for (const auto& member : node.members()) {
    const auto name = member.key.text();
    const auto declared = std::ranges::find(*bundle.parameters, name, &Parameter::name);
    if (declared == bundle.parameters->end()) {
      context.error(context.source->position_of(member),
                    fmt::format("{}: no parameter '{}' is declared", path, name));
      continue;
    }
    if (auto made = make_parameter(std::string(name), declared->type_word, member.value,
                                   *bundle.base, declared->newest);
        !made) {
      context.error(member.value, fmt::format("{}.{}: {}", path, name, made.error().message));
      continue;
    }
    test.parameters.emplace(name, member.value);
  }
}

void read_test(const ReadContext& context, const Node& node, const std::string& path,
               const BundleContext& bundle, Policy& policy) {
  if (!node.is_map()) {
    context.error(node, path + " must be a map");
    return;
  }
  Fields fields(context, node, path);
  PolicyTest test;
  test.position = context.source->position_of(node);
  test.name = fields.text("name", true);
  int inputs = 0;
  for (auto [name, input] :
       {std::pair{"pod", PolicyTest::Input::kPod}, std::pair{"object", PolicyTest::Input::kObject},
        std::pair{"review", PolicyTest::Input::kReview}}) {
    if (const Node* value = fields.take_map(name)) {
      test.input = input;
      test.value = *value;
      ++inputs;
    }
  }
  if (inputs != 1) {
    context.error(node, path + " needs exactly one of pod, object, review");
  }
  test.path = fields.text("path");
  if (const Node* parameters = fields.take_map("params")) {
    read_test_parameters(context, *parameters, fields.path_of("params"), bundle, test);
  }
  if (const auto expect = fields.word<Expectation>("expect")) {
    test.expect = *expect;
  } else if (node.find("expect") == nullptr) {
    fields.report_missing("expect");
  }
  fields.finish();
  policy.tests.push_back(std::move(test));
}

}  // namespace

Policy read_policy(ReadContext context, const Node& node, const std::string& path,
                   const BundleContext& bundle) {
  Policy policy;
  policy.file = context.file;
  policy.position = context.source->position_of(node);
  policy.bundle = bundle.name;
  policy.bundle_version = bundle.version;
  policy.parameters = *bundle.parameters;
  context.subject = std::string(node["name"].as_string());

  Fields fields(context, node, path);
  policy.name = fields.text("name", true);
  if (!policy.name.empty() && !is_policy_name(policy.name)) {
    context.error(node["name"], fmt::format("{}.name must be lower-case letters, digits, '-' and "
                                            "'.', at most 63 characters, not '{}'",
                                            path, policy.name));
  }
  read_metadata(fields, policy);
  auto native = make_native_environment(*bundle.base, policy.each, policy.parameters);
  read_variables(fields, native, policy);
  policy.slots = native.slots;
  policy.slots.count = native.environment.slot_count();
  read_expressions(fields, native.environment, policy);
  const Node* tests = fields.take_list("tests");
  for (std::size_t index = 0; tests != nullptr && index < tests->size(); ++index) {
    read_test(context, tests->items()[index], fmt::format("{}[{}]", fields.path_of("tests"), index),
              bundle, policy);
  }
  fields.finish();
  return policy;
}

}  // namespace seaworthy::policy
