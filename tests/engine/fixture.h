#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "seaworthy/base/text.h"
#include "seaworthy/engine/admit.h"
#include "seaworthy/engine/manifest_review.h"
#include "seaworthy/engine/target.h"
#include "seaworthy/policy/policy_set.h"
#include "support/json.h"

namespace seaworthy::testing {

/// A small bundle with one of each kind of rule, so that the engine's tests do not hang on the
/// production bundle's words.
inline constexpr std::string_view kBundle = R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: test, version: 1.0.0}
spec:
  policies:
    - name: flag
      severity: high
      each: container
      require: container.?securityContext.?flag.orValue(false)
      message: container ${container.name} has no flag
      remedy:
        safety: safe
        container: {securityContext: {flag: true}}
    - name: bounded
      severity: medium
      each: container
      when: containerKind != 'ephemeral'
      require: has(container.resources) && has(container.resources.limits)
      message: container ${container.name} is not bounded
      remedy:
        safety: careful
        container: {resources: {limits: {memory: 64Mi}, requests: {memory: 64Mi}}}
    - name: no-host-network
      severity: critical
      require: "!pod.?hostNetwork.orValue(false)"
      message: the Pod uses the host's network
    - name: tagged
      severity: low
      each: image
      require: image.tag != '' || image.digest != ''
      message: image ${image.repository} has no tag
)yaml";

/// Policies of a text, which must be right.
inline std::shared_ptr<const policy::PolicySet> policies(std::string_view text = kBundle) {
  auto set = policy::load_policies({{"test.yaml", std::string(text)}});
  for (const auto& diagnostic : set->diagnostics()) {
    ADD_FAILURE() << render(diagnostic);
  }
  return set;
}

/// kBundle's, for as long as the test program runs: answers point into it.
inline const std::shared_ptr<const policy::PolicySet>& bundle_policies() {
  static const auto set = policies();
  return set;
}

/// One request and what is asked of it.
struct Ask {
  engine::Door door = engine::Door::kValidate;
  policy::Mode mode = policy::Mode::kDeny;
  policy::RemedyLevel remedy = policy::RemedyLevel::kSuggest;
  bool dry_run = false;
  std::string old_object = {};  ///< YAML; given: an UPDATE.
  std::string sub_resource = {};
};

/// The answer to applying a manifest (YAML). Lifetime: `set` outlives it.
inline engine::Admission admit(
    std::string_view manifest, const Ask& ask, Arena& arena,
    const std::shared_ptr<const policy::PolicySet>& set = bundle_policies()) {
  auto review = engine::review_of_manifest(yaml(manifest, arena), "shop", arena);
  if (!review) {
    ADD_FAILURE() << review.error().message;
    return {};
  }
  review->sub_resource = ask.sub_resource;
  if (!ask.old_object.empty()) {
    review->operation = admission::Operation::kUpdate;
    review->old_object = yaml(ask.old_object, arena);
  }
  engine::JudgeRequest request;
  request.door = ask.door;
  request.settings.mode = ask.mode;
  request.settings.remedy = ask.remedy;
  request.settings.dry_run = ask.dry_run;
  request.namespace_object = engine::namespace_from_name("shop", arena);
  auto admission = engine::admit(set->policies(), *review, request, arena);
  if (!admission) {
    ADD_FAILURE() << admission.error().message;
    return {};
  }
  return *std::move(admission);
}

/// "policy path" of each violation with this effect.
inline std::vector<std::string> violations(const engine::Admission& admission,
                                           engine::Effect effect) {
  std::vector<std::string> found;
  for (const auto& verdict : admission.judgement.verdicts) {
    if (verdict.effect == effect) {
      found.push_back(verdict.finding.policy->name + " " + verdict.finding.item->text());
    }
  }
  return found;
}

}  // namespace seaworthy::testing
