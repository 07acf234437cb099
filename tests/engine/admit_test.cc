#include "seaworthy/engine/admit.h"

#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/document/patch.h"

namespace seaworthy::engine {
namespace {

using policy::Mode;
using policy::RemedyLevel;
using testing::admit;
using testing::Ask;
using testing::violations;
using Words = std::vector<std::string>;

constexpr std::string_view kPod =
    "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {hostNetwork: true, containers: "
    "[{name: a, image: nginx}, {name: b, "
    "image: 'x:1', resources: {limits: {cpu: 1}}}]}}";

TEST(AdmitTest, RefusesWithEveryViolationWorstFirst) {
  Arena arena;
  const auto admission = admit(kPod, {}, arena);
  EXPECT_FALSE(admission.response.allowed);
  EXPECT_EQ(admission.response.message,
            "4 violations of 3 policies:\n"
            "- no-host-network: spec: the Pod uses the host's network\n"
            "- flag: spec.containers[0]: container a has no flag\n"
            "- flag: spec.containers[1]: container b has no flag\n"
            "- bounded: spec.containers[0]: container a is not bounded");
  EXPECT_EQ(admission.response.warnings,
            Words{"tagged: spec.containers[0].image: image docker.io/library/nginx has no tag"});
  EXPECT_TRUE(admission.response.patch.empty());
}

TEST(AdmitTest, ModesDecideWhatAViolationLeadsTo) {
  Arena arena;
  const auto audited = admit(kPod, {.mode = Mode::kAudit}, arena);
  EXPECT_TRUE(audited.response.allowed);
  EXPECT_TRUE(audited.response.warnings.empty());
  ASSERT_EQ(audited.response.audit_annotations.size(), 1U);
  EXPECT_EQ(audited.response.audit_annotations.front().first, "violations");
  EXPECT_EQ(audited.response.audit_annotations.front().second,
            "bounded spec.containers[0]; flag spec.containers[0], spec.containers[1]; "
            "no-host-network spec; tagged "
            "spec.containers[0].image");

  const auto warned = admit(kPod, {.mode = Mode::kWarn}, arena);
  EXPECT_TRUE(warned.response.allowed);
  EXPECT_EQ(warned.response.warnings.size(), 5U);
  EXPECT_EQ(warned.response.warnings.front(),
            "no-host-network: spec: the Pod uses the host's network");

  const auto off = admit(kPod, {.mode = Mode::kOff, .remedy = RemedyLevel::kApply}, arena);
  EXPECT_TRUE(off.response.allowed);
  EXPECT_TRUE(off.response.audit_annotations.empty());

  const auto dry = admit(kPod, {.dry_run = true}, arena);
  EXPECT_TRUE(dry.response.allowed);
  EXPECT_TRUE(dry.response.warnings.empty());
  EXPECT_EQ(dry.response.audit_annotations.size(), 1U);
}

TEST(AdmitTest, MutateMendsWhatItMayAndNeverRefuses) {
  Arena arena;
  const auto all = admit(kPod, {.door = Door::kMutate, .remedy = RemedyLevel::kApply}, arena);
  EXPECT_TRUE(all.response.allowed);
  EXPECT_EQ(
      document::print_patch(all.response.patch),
      R"([{"op":"add","path":"/spec/containers/0/securityContext","value":{"flag":true}},)"
      R"({"op":"add","path":"/spec/containers/0/resources","value":{"limits":{"memory":"64Mi"},"requests":{"memory":"64Mi"}}},)"
      R"({"op":"add","path":"/spec/containers/1/securityContext","value":{"flag":true}}])");
  EXPECT_TRUE(all.response.warnings.empty());

  const auto safe = admit(kPod, {.door = Door::kMutate, .remedy = RemedyLevel::kSafe}, arena);
  EXPECT_EQ(safe.response.patch.size(), 2U);

  const auto none = admit(kPod, {.door = Door::kMutate}, arena);
  EXPECT_TRUE(none.response.allowed);
  EXPECT_TRUE(none.response.patch.empty());

  const auto dry =
      admit(kPod, {.door = Door::kMutate, .remedy = RemedyLevel::kApply, .dry_run = true}, arena);
  EXPECT_TRUE(dry.response.patch.empty());
}

TEST(AdmitTest, AMendedPodGetsNoSecondPatch) {
  Arena arena;
  const auto first = admit(kPod, {.door = Door::kMutate, .remedy = RemedyLevel::kApply}, arena);
  const auto mended = document::print_json(first.judgement.mended.object);
  const auto second = admit(mended, {.door = Door::kMutate, .remedy = RemedyLevel::kApply}, arena);
  EXPECT_TRUE(second.response.patch.empty());
}

TEST(AdmitTest, TemplatesAreRefusedForWhatTheRemedyWouldNotMend) {
  constexpr std::string_view kDeployment =
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: "
      "{hostNetwork: true, containers: [{name: "
      "a, image: 'x:1'}]}}}}";
  Arena arena;
  const auto applied = admit(kDeployment, {.remedy = RemedyLevel::kApply}, arena);
  EXPECT_EQ(violations(applied, Effect::kDeny), Words{"no-host-network spec.template.spec"});
  const auto suggested = admit(kDeployment, {}, arena);
  EXPECT_EQ(violations(suggested, Effect::kDeny), (Words{"flag spec.template.spec.containers[0]",
                                                         "bounded spec.template.spec.containers[0]",
                                                         "no-host-network spec.template.spec"}));
  const auto mutated =
      admit(kDeployment, {.door = Door::kMutate, .remedy = RemedyLevel::kApply}, arena);
  EXPECT_TRUE(mutated.response.patch.empty());
}

TEST(AdmitTest, APodAtValidateIsJudgedAsWritten) {
  Arena arena;
  const auto admission = admit(kPod, {.remedy = RemedyLevel::kApply}, arena);
  EXPECT_EQ(violations(admission, Effect::kDeny).size(), 4U);
}

TEST(AdmitTest, AnObjectWithoutSpecIsRefusedInWords) {
  Arena arena;
  const auto refused = admit("{apiVersion: v1, kind: Pod, metadata: {name: web}}", {}, arena);
  EXPECT_FALSE(refused.response.allowed);
  EXPECT_EQ(refused.response.message, "spec is missing or not an object");
  const auto mutated =
      admit("{apiVersion: v1, kind: Pod, metadata: {name: web}}", {.door = Door::kMutate}, arena);
  EXPECT_TRUE(mutated.response.allowed);
}

TEST(AdmitTest, OtherKindsPass) {
  Arena arena;
  const auto service =
      admit("{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {}}", {}, arena);
  EXPECT_TRUE(service.response.allowed);
  EXPECT_TRUE(service.judgement.verdicts.empty());
}

TEST(AdmitTest, LongRefusalsNameEveryPolicyAndStayShort) {
  Arena arena;
  std::string pod =
      "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {hostNetwork: true, containers: [";
  for (int i = 0; i < 60; ++i) {
    pod += "{name: a-long-container-name-" + std::to_string(i) + ", image: 'x:1'},";
  }
  const auto admission = admit(pod + "]}}", {}, arena);
  const auto& message = admission.response.message;
  EXPECT_LE(message.size(), limits::kDenialBytesMax);
  for (const auto* name : {"flag", "bounded", "no-host-network"}) {
    EXPECT_NE(message.find(name), std::string::npos) << message;
  }
  EXPECT_TRUE(message.ends_with("more: `seaworthy check` shows the remedies")) << message;
}

TEST(AdmitTest, ErrorsFollowFailurePolicy) {
  const std::string head =
      "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  policies:\n";
  const auto fails =
      testing::policies(head + "    - {name: f, require: pod.absent == 1, message: m}\n");
  const auto ignores = testing::policies(
      head + "    - {name: i, require: pod.absent == 1, message: m, failurePolicy: Ignore}\n");
  const auto no_bool = testing::policies(head + "    - {name: b, require: pod.text, message: m}\n");
  const auto when = testing::policies(
      head + "    - {name: w, when: pod.absent == 1, require: 'false', message: m}\n");
  const auto message = testing::policies(
      head + "    - {name: m, title: The title, require: 'false', message: 'x ${pod.absent}'}\n");
  constexpr std::string_view kText =
      "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {text: x, containers: []}}";
  Arena arena;
  EXPECT_EQ(admit(kText, {}, arena, fails).response.message,
            "1 violation of 1 policy:\n- f: spec: f: its rule could not be evaluated: no such key: "
            "absent");
  EXPECT_TRUE(admit(kText, {}, arena, ignores).response.allowed);
  EXPECT_EQ(
      admit(kText, {}, arena, no_bool).response.message,
      "1 violation of 1 policy:\n- b: spec: b: its rule could not be evaluated: it is not a bool");
  EXPECT_FALSE(admit(kText, {}, arena, when).response.allowed);
  EXPECT_EQ(admit(kText, {}, arena, message).response.message,
            "1 violation of 1 policy:\n- m: spec: The title");
}

}  // namespace
}  // namespace seaworthy::engine
