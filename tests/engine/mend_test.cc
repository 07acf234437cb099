// Proof: a remedy that does not do what it should, or does more, is undone whole.
#include "seaworthy/engine/mend.h"

#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/engine/self_test.h"

namespace seaworthy::engine {
namespace {

using testing::admit;

constexpr std::string_view kHead =
    "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  policies:\n";

std::string pod(const std::string& container) {
  return "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: a, image: "
         "'x:1', " +
         container + "}]}}";
}

struct Case {
  std::string policies;
  std::string pod;
  std::string patch;   ///< JSON, or "[]"
  std::string undone;  ///< "policy: reason", or empty
};

TEST(MendTest, UndoesWhatItCannotProve) {
  const std::string escalation =
      "    - {name: escalation, each: container, require: "
      "\"!container.?securityContext.?allowPrivilegeEscalation.orValue(true)\", message: m,\n"
      "       remedy: {safety: safe, container: {securityContext: {allowPrivilegeEscalation: "
      "false}}}}\n";
  const std::string wrong =
      "    - {name: wrong, each: container, require: has(container.b), message: m, remedy: "
      "{safety: safe, container: {c: 1}}}\n";
  const std::string breaks =
      "    - {name: sets-b, each: container, require: has(container.b), message: m, remedy: "
      "{safety: safe, container: {b: 1}}}\n"
      "    - {name: forbids-b, each: container, require: \"!has(container.b)\", message: m}\n";
  const std::string fails =
      "    - {name: fails, each: container, require: has(container.b), message: m, remedy: "
      "{safety: safe, container: {b: \"${container.absent}\"}}}\n";
  const std::string notes =
      "    - {name: notes, each: pod, require: \"podMetadata.?annotations.?b.hasValue()\", "
      "message: "
      "m, remedy: {safety: safe, podMetadata: {annotations: {b: c}}}}\n";
  const Case cases[] = {
      {notes,
       "{apiVersion: v1, kind: Pod, metadata: {name: web, annotations: {a: '" +
           std::string(262143, 'x') + "'}}, spec: {containers: []}}",
       "[]",
       "notes: the API server would refuse the Pod: metadata.annotations: Too long: may not be "
       "more "
       "than 262144 bytes"},
      {escalation, pod("x: 1"),
       R"([{"op":"add","path":"/spec/containers/0/securityContext","value":{"allowPrivilegeEscalation":false}}])",
       ""},
      {escalation, pod("securityContext: {privileged: true}"), "[]",
       "escalation: the API server would refuse the Pod: spec.containers[0].securityContext: "
       "cannot set `allowPrivilegeEscalation` to false and "
       "`privileged` to true"},
      {escalation, pod("securityContext: {allowPrivilegeEscalation: true}"), "[]",
       "escalation: container.securityContext.allowPrivilegeEscalation is set to another value, "
       "which stays"},
      {wrong, pod("x: 1"), "[]", "wrong: the rule still fails with its remedy applied"},
      {breaks, pod("x: 1"), "[]", "sets-b: it makes forbids-b fail at spec.containers[0]"},
      {fails, pod("x: 1"), "[]", "fails: no such key: absent"},
      // One that cannot be proven does not take another with it.
      {wrong + escalation, pod("x: 1"),
       R"([{"op":"add","path":"/spec/containers/0/securityContext","value":{"allowPrivilegeEscalation":false}}])",
       "wrong: the rule still fails with its remedy applied"},
  };
  for (const auto& each : cases) {
    Arena arena;
    const auto set = testing::policies(std::string(kHead) + each.policies);
    const auto admission =
        admit(each.pod, {.door = Door::kMutate, .remedy = policy::RemedyLevel::kApply}, arena, set);
    EXPECT_EQ(document::print_patch(admission.response.patch), each.patch) << each.policies;
    std::string undone;
    for (const auto& remedy : admission.judgement.mended.undone) {
      undone += remedy.policy->name + ": " + remedy.reason;
    }
    EXPECT_EQ(undone, each.undone);
  }
}

TEST(MendTest, AFactThatTheManifestAnswersMakesItSafe) {
  const auto set =
      testing::policies(std::string(kHead) +
                        "    - {name: user, each: container, require: "
                        "\"container.?securityContext.?runAsNonRoot.orValue(false)\", message: m,\n"
                        "       remedy: {safety: needs-fact, fact: "
                        "\"container.?securityContext.?runAsUser.orValue(0) "
                        "> 0\", container: {securityContext: {runAsNonRoot: true}}}}\n");
  Arena arena;
  const auto unknown =
      admit(pod("x: 1"), {.door = Door::kMutate, .remedy = policy::RemedyLevel::kSafe}, arena, set);
  EXPECT_TRUE(unknown.response.patch.empty());
  const auto known =
      admit(pod("securityContext: {runAsUser: 7}"),
            {.door = Door::kMutate, .remedy = policy::RemedyLevel::kSafe}, arena, set);
  EXPECT_EQ(known.response.patch.size(), 1U);
  EXPECT_TRUE(known.response.warnings.empty());
  const auto applied = admit(
      pod("x: 1"), {.door = Door::kMutate, .remedy = policy::RemedyLevel::kApply}, arena, set);
  EXPECT_EQ(applied.response.patch.size(), 1U);
  EXPECT_EQ(
      applied.response.warnings,
      std::vector<std::string>{
          "user: spec.containers[0]: mended without knowing the image; it may fail to start"});
}

TEST(MendTest, OfTwoThatDisagreeTheFirstStaysAndBothAreNamed) {
  const auto set = testing::policies(
      std::string(kHead) +
      "    - {name: one, each: container, require: has(container.a), message: m,\n"
      "       remedy: {safety: safe, container: {a: 1, s: {x: 1}}}}\n"
      "    - {name: two, each: container, require: has(container.b), message: m,\n"
      "       remedy: {safety: safe, container: {b: 1, s: {x: 2}}}}\n");
  Arena arena;
  const auto admission = admit(
      pod("z: 1"), {.door = Door::kMutate, .remedy = policy::RemedyLevel::kApply}, arena, set);
  EXPECT_EQ(document::print_patch(admission.response.patch),
            R"([{"op":"add","path":"/spec/containers/0/a","value":1},)"
            R"({"op":"add","path":"/spec/containers/0/s","value":{"x":1}},)"
            R"({"op":"add","path":"/spec/containers/0/b","value":1}])");
  ASSERT_EQ(admission.judgement.mended.undone.size(), 1U);
  EXPECT_EQ(admission.judgement.mended.undone.front().policy->name, "two");
  EXPECT_EQ(admission.judgement.mended.undone.front().reason,
            "it disagrees with the remedy of one on container.s.x; the first one's value stays");
}

TEST(MendTest, DropsVolumesThatNobodyMounts) {
  const auto set = testing::policies(
      std::string(kHead) +
      "    - {name: tmp, each: container, require: \"container.?ro.orValue(false)\", message: m,\n"
      "       remedy: {safety: safe, container: {ro: true, volumeMounts: [{name: t, mountPath: "
      "/tmp}]}, pod: {volumes: [{name: t, emptyDir: {}}]}}}\n");
  Arena arena;
  const auto admission = admit(
      "{apiVersion: v1, kind: Pod, metadata: {name: w}, spec: {volumes: [{name: mine, emptyDir: "
      "{}}], containers: [{name: a, volumeMounts: "
      "[{name: mine, mountPath: /tmp}]}]}}",
      {.door = Door::kMutate, .remedy = policy::RemedyLevel::kApply}, arena, set);
  EXPECT_EQ(document::print_patch(admission.response.patch),
            R"([{"op":"add","path":"/spec/containers/0/ro","value":true}])");
}

TEST(MendTest, MergesIntoTheVolumeThatFailsAndIntoNoOther) {
  const auto set = testing::policies(
      std::string(kHead) +
      "    - {name: limit, each: volume, when: has(volume.emptyDir), require: "
      "has(volume.emptyDir.sizeLimit), message: m,\n"
      "       remedy: {safety: safe, pod: {volumes: [{name: \"${volume.name}\", emptyDir: "
      "{sizeLimit: 1Gi}}, {name: b, emptyDir: {sizeLimit: 1Gi}}]}}}\n");
  Arena arena;
  const auto admission = admit(
      "{apiVersion: v1, kind: Pod, metadata: {name: w}, spec: {volumes: [{name: a, emptyDir: "
      "{medium: Memory}}, {name: b, configMap: {name: b}}], containers: [{name: a}]}}",
      {.door = Door::kMutate, .remedy = policy::RemedyLevel::kApply}, arena, set);
  EXPECT_EQ(document::print_patch(admission.response.patch),
            R"([{"op":"add","path":"/spec/volumes/0/emptyDir/sizeLimit","value":"1Gi"}])");
}

TEST(SelfTestTest, SetsAsideARemedyThatDoesNotMakeItsRulePass) {
  const auto set = policy::load_policies(
      {{"r.yaml", std::string(kHead) +
                      "    - name: wrong\n      require: has(pod.b)\n      message: no b\n      "
                      "remedy:\n        safety: safe\n        pod: {c: 1}\n"
                      "      tests:\n        - {name: absent, pod: {a: 1}, expect: mend}\n    - "
                      "{name: right, require: 'true', message: m}\n"}});
  const auto proven = prove_remedies(set);
  ASSERT_EQ(proven->policies().size(), 1U);
  EXPECT_EQ(proven->policies().front()->name, "right");
  EXPECT_EQ(proven->set_aside(), std::vector<std::string>{"wrong"});
  ASSERT_EQ(proven->diagnostics().size(), 1U);
  EXPECT_EQ(render(proven->diagnostics().front()),
            "r.yaml:10:9: error: the remedy of 'wrong' does not make its rule pass in its test "
            "'absent': spec: no b; spec: remedy undone: the "
            "rule still fails with its remedy applied");
}

}  // namespace
}  // namespace seaworthy::engine
