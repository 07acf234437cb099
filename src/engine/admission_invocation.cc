#include "engine/admission_invocation.h"

#include <utility>

#include <fmt/format.h>

#include "engine/admission_params.h"

namespace seaworthy::engine {
namespace {

using admission::Review;

bool is_namespace(const Review& review) {
  return review.kind.group.empty() && review.kind.version == "v1" &&
         review.kind.kind == "Namespace";
}

Invocation invoke(const policy::AdmissionPolicy& policy, const policy::AdmissionRule& rule,
                  const policy::AdmissionBinding& binding, const Review& review,
                  const policy::ParamSource* params) {
  Invocation made{.policy = &policy, .rule = &rule, .binding = &binding, .params = {}, .error = {}};
  auto found = collect_params(policy, binding, review.namespace_name, params);
  if (found) {
    made.params = *std::move(found);
  } else {
    made.error = fmt::format("failed to configure binding: {}", found.error().message);
  }
  return made;
}

}  // namespace

std::vector<Invocation> find_invocations(
    std::span<const std::shared_ptr<const policy::AdmissionPolicy>> policies, bool mutating,
    const Review& review, const NamespaceFacts& facts, const policy::ParamSource* params) {
  std::vector<Invocation> found;
  if (is_exempt(review)) {
    return found;
  }
  for (const auto& policy : policies) {
    const bool elsewhere =
        !policy->namespace_name.empty() && policy->namespace_name != review.namespace_name;
    if (policy::is_mutating(policy->kind) != mutating || elsewhere) {
      continue;
    }
    for (const auto& rule : policy->rules) {
      if (!matches(rule.match, review, facts)) {
        continue;
      }
      for (const auto& binding : policy->bindings) {
        if (!binding.match_resources || matches(*binding.match_resources, review, facts)) {
          found.push_back(invoke(*policy, rule, binding, review, params));
        }
      }
    }
  }
  return found;
}

policy::AdmissionInputs inputs_of(const Review& review, const NamespaceFacts& facts, Arena& arena) {
  policy::AdmissionInputs inputs;
  inputs.review = &review;
  inputs.object = review.object;
  inputs.old_object = review.old_object;
  inputs.request = admission::request_variable(review, arena);
  // A Namespace has the namespace of itself, which is not meant.
  if (!is_namespace(review) && !review.namespace_name.empty()) {
    inputs.namespace_object = facts.object;
  }
  return inputs;
}

}  // namespace seaworthy::engine
