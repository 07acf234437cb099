#include "engine/admission_invocation.h"

#include <utility>

#include <fmt/format.h>

#include "engine/admission_params.h"
#include "engine/as_served.h"

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
  auto found = collect_params(policy, rule, binding, review.namespace_name, params);
  if (found) {
    made.params = *std::move(found);
  } else {
    made.error = fmt::format("failed to configure binding: {}", found.error().message);
  }
  return made;
}

}  // namespace

std::vector<Invocation> find_invocations(const AdmissionAsk& ask, bool mutating,
                                         const Review& review) {
  std::vector<Invocation> found;
  if (is_exempt(review)) {
    return found;
  }
  for (const auto& policy : ask.scope->policies) {
    const bool elsewhere =
        !policy->namespace_name.empty() && policy->namespace_name != review.namespace_name;
    const bool kept_away = ask.at_admission && (!policy->modes.admission || policy->modes.json);
    if (policy::is_mutating(policy->kind) != mutating || elsewhere || kept_away) {
      continue;
    }
    for (const auto& rule : policy->rules) {
      if (!matches(rule, review, ask.facts)) {
        continue;
      }
      for (const auto& binding : policy->bindings) {
        if (!binding.match_resources || matches(*binding.match_resources, review, ask.facts)) {
          found.push_back(invoke(*policy, rule, binding, review, ask.scope->params));
        }
      }
    }
  }
  return found;
}

policy::AdmissionInputs inputs_of(const AdmissionAsk& ask, const Review& review, Arena& arena) {
  policy::AdmissionInputs inputs;
  inputs.review = &review;
  inputs.now = ask.now;
  // At admission it is the API server who shows the object.
  const auto served = [&](const document::Node& object) {
    return ask.at_admission ? object : as_served(review, object, arena);
  };
  inputs.object = served(review.object);
  inputs.request_object = inputs.object;
  inputs.old_object = served(review.old_object);
  inputs.request = admission::request_variable(review, arena);
  // A Namespace has the namespace of itself, which is not meant.
  if (!is_namespace(review) && !review.namespace_name.empty()) {
    inputs.namespace_object = ask.facts.object;
  }
  return inputs;
}

}  // namespace seaworthy::engine
