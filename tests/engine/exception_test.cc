// What a PolicyException excuses, and what must not get past with one.
#include <gtest/gtest.h>

#include "engine/enforcement_fixture.h"

namespace seaworthy::engine {
namespace {

class ExceptionTest : public EnforcementFixture {};

/// Two containers of which the second has the flag; old and privileged, so to speak.
std::string flagged_pod(const std::string& first, const std::string& second = "",
                        const std::string& metadata = "") {
  return "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop" + metadata +
         "}, spec: {containers: [" + first + (second.empty() ? "" : ", ") + second + "]}}";
}

constexpr const char* kLegacy =
    "policies: [flag], namespaces: [shop], containers: [old], images: [registry.example.com/team]";
constexpr const char* kGood =
    "{name: good, image: 'x:1', securityContext: {flag: true}, resources: {limits: {}}}";

std::string container(const std::string& name, const std::string& image) {
  return "{name: " + name + ", image: '" + image + "', resources: {limits: {}}}";
}

struct ExceptionCase {
  std::string what;
  std::string exception;
  std::string pod;
  Words denied;
};

TEST_F(ExceptionTest, ExceptionsExcuseWhatTheySayAndNoMore) {
  const std::string old = container("old", "registry.example.com/team/app:1");
  const Words first{"flag spec.containers[0]"};
  const std::vector<ExceptionCase> cases{
      {"as it is meant", kLegacy, flagged_pod(old, kGood), kNone},
      {"another place in the list", kLegacy, flagged_pod(kGood, old), kNone},
      {"renamed", kLegacy, flagged_pod(container("new", "registry.example.com/team/app:1")), first},
      {"the name on a foreign image", kLegacy, flagged_pod(container("old", "evil.io/team/app:1")),
       first},
      {"a prefix without a boundary", kLegacy,
       flagged_pod(container("old", "registry.example.com/teamwork/app:1")), first},
      {"a registry that begins like it", kLegacy,
       flagged_pod(container("old", "registry.example.com.evil.io/team/app:1")), first},
      {"an image that is none", kLegacy,
       flagged_pod(container("old", "registry.example.com/team/..")), first},
      {"another container beside it", kLegacy, flagged_pod(container("x", "evil.io/x:1"), old),
       first},
      {"another namespace", "policies: [flag], namespaces: [bank]", flagged_pod(old), first},
      {"another policy", "policies: [bounded]", flagged_pod(old), first},
      {"all policies", "policies: ['*']", flagged_pod(old), kNone},
      {"by image alone", "policies: [flag], images: [registry.example.com/]", flagged_pod(old),
       kNone},
      {"by workload", "policies: [flag], workloads: [{kind: Deployment, name: web}]",
       flagged_pod(old), first},
      {"a written owner reference, which is documented to do",
       "policies: [flag], workloads: [{kind: Deployment, name: web}]",
       flagged_pod(old, "",
                   ", labels: {pod-template-hash: x}, ownerReferences: [{kind: ReplicaSet, name: "
                   "web-x, controller: true}]"),
       kNone},
      {"an owner that controls nothing", "policies: [flag], workloads: [{kind: Deployment}]",
       flagged_pod(old, "", ", ownerReferences: [{kind: Deployment, name: web}]"), first},
      {"the Pod as a whole, by container",
       std::string("policies: ['*'], images: [x]"),
       "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {hostNetwork: true, containers: "
       "[{name: a, image: x}]}}",
       {"no-host-network spec"}},
      {"the Pod as a whole, by policy", "policies: [no-host-network]",
       "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {hostNetwork: true, containers: "
       "[" +
           std::string(kGood) + "]}}",
       kNone},
  };
  for (const auto& each : cases) {
    load(exception("legacy", each.exception));
    EXPECT_EQ(denied({.manifest = each.pod, .flags = {.mode = Mode::kDeny}}), each.denied)
        << each.what;
    EXPECT_EQ(denied({.manifest = each.pod, .door = Door::kCheck, .flags = {.mode = Mode::kDeny}}),
              each.denied)
        << each.what;
  }
}

TEST_F(ExceptionTest, WhatIsExcusedIsSkippedAndSaysByWhomAndUntilWhen) {
  load(exception("legacy", kLegacy));
  const Request request{
      .manifest = flagged_pod(container("old", "registry.example.com/team/app:1")),
      .flags = {.mode = Mode::kDeny, .remedy = RemedyLevel::kApply}};
  const auto admission = admit(request);
  EXPECT_TRUE(admission.response.allowed);
  EXPECT_TRUE(admission.response.warnings.empty());
  EXPECT_EQ(admission.judgement.verdicts.front().finding.outcome, Outcome::kSkip);
  EXPECT_EQ(message(admission, "flag"),
            "excused until 2027-01-31 by exception legacy of team-a: it is old");
  // Its remedy is not applied: it may be what the excuse is for.
  auto mutate = request;
  mutate.door = Door::kMutate;
  EXPECT_TRUE(admit(mutate).response.patch.empty());
}

TEST_F(ExceptionTest, WhatHasExpiredExcusesNothingAtAnyDoor) {
  load(exception("legacy", kLegacy, "2026-01-01T00:00:01Z"));
  Request request{.manifest = flagged_pod(container("old", "registry.example.com/team/app:1")),
                  .flags = {.mode = Mode::kDeny}};
  for (const Door door : {Door::kValidate, Door::kCheck}) {
    request.door = door;
    request.now = kNow;
    EXPECT_EQ(denied(request), kNone);
    request.now = kNow + std::chrono::seconds(1);
    EXPECT_EQ(denied(request), Words{"flag spec.containers[0]"});
    EXPECT_EQ(message(admit(request), "flag"),
              "container old has no flag (exception legacy of team-a expired on 2026-01-01)");
  }
  request.door = Door::kMutate;
  request.flags.remedy = RemedyLevel::kSafe;
  EXPECT_EQ(admit(request).response.patch.size(), 1U);
  // Another exception that is still good excuses.
  load(exception("legacy", kLegacy, "2026-01-01T00:00:01Z") + exception("next", kLegacy));
  request.door = Door::kValidate;
  EXPECT_EQ(denied(request), kNone);
}

TEST_F(ExceptionTest, AnUpdateIsExcusedOnlyForWhatIsExcusedNow) {
  load(exception("legacy", kLegacy));
  const auto old = flagged_pod(container("old", "registry.example.com/team/app:1"));
  Request request{.manifest = flagged_pod(container("old", "evil.io/app:1")),
                  .flags = {.mode = Mode::kDeny},
                  .old_object = old};
  // The excused container's image is swapped.
  EXPECT_EQ(denied(request), Words{"flag spec.containers[0]"});
  request.manifest = flagged_pod(container("old", "registry.example.com/team/app:2"));
  EXPECT_EQ(denied(request), kNone);
  request.now = kNow + std::chrono::years(2);
  EXPECT_EQ(denied(request), Words{"flag spec.containers[0]"});
  // What runs already is not stopped, but no longer passed over in silence.
  request.manifest = old;
  const auto unchanged = admit(request);
  EXPECT_TRUE(unchanged.response.allowed);
  EXPECT_EQ(violations(unchanged, Effect::kAudit), Words{"flag spec.containers[0]"});
}

}  // namespace
}  // namespace seaworthy::engine
