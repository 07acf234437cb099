#include "policy/admission_binding_reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "policy/admission_head.h"
#include "policy/admission_match_reader.h"
#include "policy/kubernetes_names.h"
#include "policy/match_reader.h"

namespace seaworthy::policy {
namespace {

using document::Node;

std::vector<ValidationAction> read_actions(Fields& fields) {
  std::vector<ValidationAction> actions;
  const Node* list = fields.take_list("validationActions");
  if (list == nullptr || list->size() == 0) {
    fields.context().error(fields.map(),
                           "spec.validationActions must hold Deny, Warn or Audit: without one "
                           "nothing follows from a violation");
    return actions;
  }
  for (const Node& item : list->items()) {
    const auto action = validation_action_of(item.as_string());
    if (!action) {
      fields.context().error(item, fmt::format("spec.validationActions must hold Deny, Warn or "
                                               "Audit, not '{}'",
                                               item.as_string()));
    } else if (std::ranges::find(actions, *action) != actions.end()) {
      fields.context().error(
          item, fmt::format("spec.validationActions holds {} twice", name_of(*action)));
    } else {
      actions.push_back(*action);
    }
  }
  auto has = [&](ValidationAction action) {
    return std::ranges::find(actions, action) != actions.end();
  };
  if (has(ValidationAction::kDeny) && has(ValidationAction::kWarn)) {
    fields.context().error(*list,
                           "spec.validationActions must not hold both Deny and Warn: the refusal "
                           "says what the warning would");
  }
  return actions;
}

}  // namespace

ParamRef read_param_ref(const ReadContext& context, const Node& node, const std::string& path,
                        bool action_required) {
  Fields fields(context, node, path);
  ParamRef ref;
  ref.name = fields.text("name");
  ref.namespace_name = fields.text("namespace");
  const Node* selector = fields.take_map("selector");
  if (selector != nullptr) {
    ref.selector = read_selector(context, *selector, path + ".selector", Dialect::kPlatforms);
  }
  if (ref.name.empty() == (selector == nullptr)) {
    context.error(node, fmt::format("{} must have a name or a selector{}", path,
                                    ref.name.empty() ? "; {} selects every object of the kind"
                                                     : ", not both"));
  }
  const auto action = fields.text("parameterNotFoundAction");
  if (action.empty() && action_required) {
    context.error(node, path +
                            ".parameterNotFoundAction is missing: write Deny, or Allow where "
                            "nothing is asked without params");
  } else if (!action.empty() && action != "Deny" && action != "Allow") {
    context.error(
        *fields.take("parameterNotFoundAction"),
        fmt::format("{}.parameterNotFoundAction must be Deny or Allow, not '{}'", path, action));
  }
  ref.deny_not_found = action != "Allow";
  fields.warn_unknown();
  return ref;
}

AdmissionBinding read_admission_binding(const ReadContext& context, bool mutates,
                                        const Node& root) {
  AdmissionBinding binding;
  binding.file = context.file;
  binding.position = context.source->position_of(root);
  auto head = read_admission_head(context, root);
  binding.name = std::move(head.name);
  if (head.spec == nullptr) {
    return binding;
  }
  Fields spec_fields(context, *head.spec, "spec");
  binding.policy_name = spec_fields.text("policyName", true);
  if (const Node* ref = spec_fields.take_map("paramRef")) {
    binding.param_ref = read_param_ref(context, *ref, "spec.paramRef", true);
  }
  if (const Node* match = spec_fields.take_map("matchResources")) {
    binding.match_resources = read_admission_match(context, *match, "spec.matchResources",
                                                   {.rules_required = false, .mutates = mutates});
  }
  if (!mutates) {
    binding.actions = read_actions(spec_fields);
  }
  spec_fields.warn_unknown();
  return binding;
}

}  // namespace seaworthy::policy
