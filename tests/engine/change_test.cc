// Updates: what does not change what runs is not refused (DESIGN section 5, item 6).
#include "seaworthy/engine/change.h"

#include <gtest/gtest.h>

#include "engine/fixture.h"

namespace seaworthy::engine {
namespace {

using testing::admit;
using testing::violations;
using Words = std::vector<std::string>;

std::string pod(const std::string& spec, const std::string& metadata = "name: web") {
  return "{apiVersion: v1, kind: Pod, metadata: {" + metadata + "}, spec: {" + spec + "}}";
}

std::string deployment(const std::string& template_text, const std::string& rest = "replicas: 1") {
  return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {" + rest +
         ", template: {" + template_text + "}}}";
}

Words denied(const std::string& before, const std::string& after,
             const std::string& sub_resource = "") {
  Arena arena;
  return violations(admit(after, {.old_object = before, .sub_resource = sub_resource}, arena),
                    Effect::kDeny);
}

TEST(ChangeTest, LabelsFinalizersAndGatesOfAPod) {
  const std::string spec = "hostNetwork: true, containers: [{name: a, image: 'x:1'}]";
  EXPECT_EQ(denied(pod(spec), pod(spec, "name: web, labels: {a: b}")), Words{});
  EXPECT_EQ(denied(pod(spec), pod(spec, "name: web, deletionTimestamp: '2026-01-01T00:00:00Z'")),
            Words{});
  EXPECT_EQ(denied(pod("schedulingGates: [{name: g}], " + spec), pod(spec)), Words{});
}

TEST(ChangeTest, AnImageJudgesItsContainerAndThePod) {
  const std::string before =
      "hostNetwork: true, containers: [{name: a, image: 'x:1'}, {name: b, image: 'x:1'}]";
  const std::string after =
      "hostNetwork: true, containers: [{name: a, image: 'x:1'}, {name: b, image: 'x:2'}]";
  EXPECT_EQ(
      denied(pod(before), pod(after)),
      (Words{"flag spec.containers[1]", "bounded spec.containers[1]", "no-host-network spec"}));
}

TEST(ChangeTest, PairsByNameNotByIndex) {
  const std::string before = "containers: [{name: a, image: 'x:1'}, {name: b, image: 'x:2'}]";
  const std::string after = "containers: [{name: b, image: 'x:2'}, {name: a, image: 'x:1'}]";
  EXPECT_EQ(denied(pod(before), pod(after)), Words{});
}

TEST(ChangeTest, AnEphemeralContainerIsJudgedAlone) {
  const std::string base = "containers: [{name: a, image: 'x:1'}]";
  EXPECT_EQ(denied(pod(base), pod(base + ", ephemeralContainers: [{name: d, image: 'y:1'}]"),
                   "ephemeralcontainers"),
            Words{"flag spec.ephemeralContainers[0]"});
}

TEST(ChangeTest, ResizeChangesNothingThatRuns) {
  EXPECT_EQ(denied(pod("containers: [{name: a, image: 'x:1'}]"),
                   pod("containers: [{name: a, image: 'x:1', resources: {requests: {cpu: 1}}}]"),
                   "resize"),
            Words{});
}

TEST(ChangeTest, AWorkloadIsJudgedWhereItsTemplateChanges) {
  const std::string spec = "spec: {containers: [{name: a, image: 'x:1'}]}";
  EXPECT_EQ(denied(deployment(spec), deployment(spec, "replicas: 5")), Words{});
  // The API's types write nothing out for null, {} and [].
  EXPECT_EQ(
      denied(deployment(spec),
             deployment(
                 "metadata: {creationTimestamp: null}, spec: {containers: [{name: a, image: 'x:1', "
                 "resources: {}}]}")),
      Words{});
  const Words both{"flag spec.template.spec.containers[0]",
                   "bounded spec.template.spec.containers[0]"};
  EXPECT_EQ(denied(deployment(spec), deployment("spec: {containers: [{name: a, image: 'x:2'}]}")),
            both);
  EXPECT_EQ(
      denied(deployment(spec), deployment("metadata: {annotations: {restarted: now}}, " + spec)),
      both);
}

TEST(ChangeTest, StatusScaleAndDeletesPass) {
  const std::string bad = pod("hostNetwork: true, containers: [{name: a, image: 'x:1'}]");
  EXPECT_EQ(denied(bad, bad, "status"), Words{});
  Arena arena;
  admission::Review review;
  review.operation = admission::Operation::kDelete;
  review.kind = {"", "v1", "Pod"};
  review.resource = {"", "v1", "pods"};
  review.old_object = testing::yaml(bad, arena);
  const auto admission = engine::admit(testing::policies()->policies(), review, {}, arena);
  ASSERT_TRUE(admission);
  EXPECT_TRUE(admission->response.allowed);
}

TEST(ChangeTest, RemediesStayOutOfUpdates) {
  Arena arena;
  const std::string before = pod("containers: [{name: a, image: 'x:1'}]");
  const std::string after = pod("containers: [{name: a, image: 'x:2'}]");
  const auto updated = admit(
      after, {.door = Door::kMutate, .remedy = policy::RemedyLevel::kApply, .old_object = before},
      arena);
  EXPECT_TRUE(updated.response.patch.empty());
  const auto mirror = admit(pod("containers: [{name: a, image: 'x:1'}]",
                                "name: w, annotations: {kubernetes.io/config.mirror: h}"),
                            {.door = Door::kMutate, .remedy = policy::RemedyLevel::kApply}, arena);
  EXPECT_TRUE(mirror.response.patch.empty());
}

TEST(ChangeTest, OnlyAddedEphemeralContainersAreMended) {
  Arena arena;
  const std::string before =
      pod("containers: [{name: a, image: 'x:1'}], ephemeralContainers: [{name: d, image: 'y:1'}]");
  const std::string after =
      pod("containers: [{name: a, image: 'x:1'}], ephemeralContainers: [{name: d, image: 'y:1'}, "
          "{name: e, image: 'y:1'}]");
  const auto admission = admit(after,
                               {.door = Door::kMutate,
                                .remedy = policy::RemedyLevel::kApply,
                                .old_object = before,
                                .sub_resource = "ephemeralcontainers"},
                               arena);
  EXPECT_EQ(
      document::print_patch(admission.response.patch),
      R"([{"op":"add","path":"/spec/ephemeralContainers/1/securityContext","value":{"flag":true}}])");
}

}  // namespace
}  // namespace seaworthy::engine
