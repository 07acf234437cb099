// What Enforcement documents make of a verdict: which rules are chosen, and what they set.
#include <gtest/gtest.h>

#include "engine/enforcement_fixture.h"
#include "seaworthy/policy/succession.h"

namespace seaworthy::engine {
namespace {

class EnforcementTest : public EnforcementFixture {};

/// Fails `flag` (high), `bounded` (medium), `no-host-network` (critical) and `tagged` (low).
constexpr const char* kPod =
    "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, spec: {hostNetwork: true, "
    "containers: [{name: a, image: nginx}]}}";
const Words kAllButLow{"flag spec.containers[0]", "bounded spec.containers[0]",
                       "no-host-network spec"};

/// A Pod of the Deployment `web`, as its ReplicaSet makes it.
constexpr const char* kOwnedPod =
    "{apiVersion: v1, kind: Pod, metadata: {name: web-5d9c-x, namespace: shop, labels: "
    "{pod-template-hash: 5d9c}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: "
    "web-5d9c, controller: true}]}, spec: {containers: [{name: a, image: 'nginx:1'}]}}";
const Words kOwnedDenied{"flag spec.containers[0]", "bounded spec.containers[0]"};

struct RuleCase {
  std::string rules;
  Request request;
  Words denied;
};

TEST_F(EnforcementTest, ChoosesRulesByPolicyAndObject) {
  const std::vector<RuleCase> cases{
      {"{mode: deny}", {.manifest = kPod}, kAllButLow},
      {"{policies: {names: [no-*]}, mode: deny}", {.manifest = kPod}, {"no-host-network spec"}},
      {"{policies: {severities: [high, medium]}, mode: deny}",
       {.manifest = kPod},
       {"flag spec.containers[0]", "bounded spec.containers[0]"}},
      // Fields are ANDed.
      {"{policies: {names: [flag], severities: [medium]}, mode: deny}", {.manifest = kPod}, kNone},
      {"{policies: {categories: [none]}, mode: deny}", {.manifest = kPod}, kNone},
      // The first match wins; what it leaves open, the next one says.
      {"{policies: {names: [flag]}, mode: audit}, {mode: deny}",
       {.manifest = kPod},
       {"bounded spec.containers[0]", "no-host-network spec"}},
      {"{policies: {names: [flag]}, remedy: suggest}, {mode: deny}",
       {.manifest = kPod},
       kAllButLow},
      // --deny-from is for those that no rule names.
      {"{policies: {names: [tagged]}, mode: deny}",
       {.manifest = kPod},
       {"tagged spec.containers[0].image"}},
      {"{policies: {names: ['t*']}, mode: deny}",
       {.manifest = kPod},
       {"tagged spec.containers[0].image"}},
      {"{policies: {names: ['*']}, mode: deny}", {.manifest = kPod}, kAllButLow},
      {"{namespaces: {names: ['sh*']}, mode: deny}", {.manifest = kPod}, kAllButLow},
      {"{namespaces: {names: [shops]}, mode: deny}", {.manifest = kPod}, kNone},
      {"{users: [alice], mode: deny}", {.manifest = kPod, .user = "alice"}, kAllButLow},
      {"{users: [alice], mode: deny}", {.manifest = kPod, .user = "bob"}, kNone},
      {"{users: [alice], mode: deny}", {.manifest = kPod}, kNone},
      {"{users: ['*'], mode: deny}", {.manifest = kPod}, kAllButLow},
      {"{groups: ['dev-*'], mode: deny}",
       {.manifest = kPod, .user = "bob", .groups = {"x", "dev-a"}},
       kAllButLow},
      {"{groups: ['dev-*'], users: [alice], mode: deny}",
       {.manifest = kPod, .user = "bob", .groups = {"dev-a"}},
       kNone},
      {"{groups: ['*'], mode: deny}", {.manifest = kPod}, kAllButLow},
      {"{workloads: [{kind: Pod, name: web}], mode: deny}", {.manifest = kPod}, kAllButLow},
      {"{workloads: [{kind: Deployment, name: web}], mode: deny}", {.manifest = kPod}, kNone},
      {"{workloads: [{kind: Deployment, name: 'we?'}], mode: deny}",
       {.manifest = kOwnedPod},
       kOwnedDenied},
      {"{workloads: [{kind: Job}, {name: web}], mode: deny}",
       {.manifest = kOwnedPod},
       kOwnedDenied},
      {"{workloads: [{kind: Deployment, name: web-5d9c}], mode: deny}",
       {.manifest = kOwnedPod},
       kNone},
  };
  for (const auto& each : cases) {
    load_rules(each.rules);
    EXPECT_EQ(denied(each.request), each.denied) << each.rules << "\n" << each.request.manifest;
  }
}

TEST_F(EnforcementTest, AWorkloadAndAllThatItMakesAreOne) {
  load_rules("{workloads: [{kind: Deployment, name: web}], mode: deny}");
  const std::string spec = "spec: {template: {spec: {containers: [{name: a, image: 'nginx:1'}]}}}}";
  const Words templates{"flag spec.template.spec.containers[0]",
                        "bounded spec.template.spec.containers[0]"};
  EXPECT_EQ(denied({.manifest =
                        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, " + spec}),
            templates);
  EXPECT_EQ(denied({.manifest = "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-1, "
                                "labels: {pod-template-hash: '1'}, ownerReferences: [{kind: "
                                "Deployment, name: web, controller: true}]}, " +
                                spec}),
            templates);
  EXPECT_EQ(denied({.manifest =
                        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, " + spec}),
            kNone);
  // What a CRD's controller makes is its workload's, and nobody else's of that name.
  const std::string rollout =
      "{apiVersion: v1, kind: Pod, metadata: {name: web-x, ownerReferences: [{apiVersion: "
      "argoproj.io/v1alpha1, kind: Rollout, name: web, controller: true}]}, spec: {containers: "
      "[{name: a, image: 'nginx:1'}]}}";
  EXPECT_EQ(denied({.manifest = rollout}), kNone);
  load_rules("{workloads: [{kind: Rollout, name: web}], mode: deny}");
  EXPECT_EQ(denied({.manifest = rollout}), kOwnedDenied);
}

TEST_F(EnforcementTest, DocumentsGoByPriorityAndAtOnePriorityTheStricterWins) {
  const Request request{.manifest = kOwnedPod, .flags = {.mode = Mode::kWarn}};
  const std::vector<std::pair<std::string, Words>> cases{
      {enforcement("a", "priority: 1, rules: [{mode: audit}]") +
           enforcement("b", "priority: 2, rules: [{mode: deny}]"),
       kOwnedDenied},
      {enforcement("a", "priority: 2, rules: [{mode: audit}]") +
           enforcement("b", "priority: 1, rules: [{mode: deny}]"),
       kNone},
      {enforcement("a", "rules: [{mode: 'off'}]") + enforcement("b", "rules: [{mode: deny}]"),
       kOwnedDenied},
      {enforcement("a", "rules: [{mode: deny}]") + enforcement("b", "rules: [{mode: 'off'}]"),
       kOwnedDenied},
      {enforcement("a", "rules: [{policies: {names: [flag]}, mode: deny}]") +
           enforcement("b", "priority: -1, rules: [{mode: audit}]"),
       {"flag spec.containers[0]"}},
  };
  for (const auto& [documents, expected] : cases) {
    load(documents);
    EXPECT_EQ(denied(request), expected) << documents;
  }
}

TEST_F(EnforcementTest, PinsLetNewerPoliciesOnlyAudit) {
  constexpr std::string_view kVersions = R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: test, version: 1.10.0}
spec:
  policies:
    - {name: old, since: 1.4.0, require: 'false', message: m}
    - {name: new, since: 1.10.0, require: 'false', message: m}
    - {name: undated, require: 'false', message: m}
)yaml";
  const Words all{"old spec", "new spec", "undated spec"};
  const Words pinned{"old spec", "undated spec"};
  const std::vector<std::pair<std::string, Words>> cases{
      {enforcement("a", "bundleVersion: 1.9.0, rules: [{mode: deny}]"), pinned},
      {enforcement("a", "bundleVersion: 1.10.0, rules: [{mode: deny}]"), all},
      {enforcement("a", "bundleVersion: 1.9.0"), pinned},  // of what the flags say
      {enforcement("a", "bundleVersion: 1.9.0, rules: [{namespaces: {names: [other]}}]"), all},
      {enforcement("a",
                   "bundleVersion: 1.9.0, priority: 1, rules: [{namespaces: {names: [shop]}}]") +
           enforcement("b", "rules: [{mode: deny}]"),
       pinned},
      {enforcement("a", "bundleVersion: 1.9.0") + enforcement("b", "rules: [{mode: deny}]"), all},
  };
  for (const auto& [documents, expected] : cases) {
    load(documents, kVersions);
    EXPECT_EQ(denied({.manifest = kPod, .flags = {.mode = Mode::kDeny}}), expected) << documents;
  }
}

TEST_F(EnforcementTest, LabelsThatNobodyKnowsTightenButDoNotLoosen) {
  struct Case {
    std::string rules;
    std::string labels;
    Words denied;
  };

  const std::string dev = "namespaces: {selector: {matchLabels: {env: dev}}}";
  const std::string not_dev =
      "namespaces: {selector: {matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}}";
  const std::vector<Case> cases{
      {"{" + dev + ", mode: audit}, {mode: deny}", "", kOwnedDenied},
      {"{" + dev + ", mode: audit}, {mode: deny}", "{env: dev}", kNone},
      {"{" + dev + ", mode: audit}, {mode: deny}", "{env: prod}", kOwnedDenied},
      {"{" + not_dev + ", mode: audit}, {mode: deny}", "", kOwnedDenied},
      {"{" + dev + ", mode: deny}", "", kOwnedDenied},
      {"{" + dev + ", mode: deny}", "{env: dev}", kOwnedDenied},
      {"{" + dev + ", mode: deny}", "{env: prod}", kNone},
      // The name is always known, also where a manifest does not write its label.
      {"{namespaces: {selector: {matchLabels: {kubernetes.io/metadata.name: shop}}}, mode: audit}, "
       "{mode: deny}",
       "", kNone},
      {"{namespaces: {selector: {matchLabels: {kubernetes.io/metadata.name: shop}}}, mode: audit}, "
       "{mode: deny}",
       "{env: prod}", kNone},
      {"{namespaces: {selector: {matchLabels: {kubernetes.io/metadata.name: bank, env: x}}}, mode: "
       "deny}",
       "", kNone},
      {"{namespaces: {names: [bank], selector: {matchLabels: {env: x}}}, mode: deny}", "", kNone},
  };
  for (const auto& each : cases) {
    load_rules(each.rules);
    EXPECT_EQ(denied({.manifest = kOwnedPod, .namespace_labels = each.labels}), each.denied)
        << each.rules << " " << each.labels;
  }
}

TEST_F(EnforcementTest, RemediesAreChosenByPolicyAndForTheFuturePodsOfTemplates) {
  const std::string deployment =
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: "
      "{containers: [{name: a, image: 'nginx:1'}]}}}}";
  const Settings deny{.mode = Mode::kDeny};
  load_rules("{policies: {names: [flag]}, remedy: safe}");
  EXPECT_EQ(denied({.manifest = deployment, .flags = deny}),
            Words{"bounded spec.template.spec.containers[0]"});
  EXPECT_EQ(
      admit({.manifest = kOwnedPod, .door = Door::kMutate, .flags = deny}).response.patch.size(),
      1U);
  // Alice's Deployment makes Pods that a controller asks for.
  load_rules("{users: [alice], remedy: apply}");
  EXPECT_EQ(
      denied({.manifest = deployment, .flags = deny, .user = "alice"}),
      (Words{"flag spec.template.spec.containers[0]", "bounded spec.template.spec.containers[0]"}));
  EXPECT_EQ(admit({.manifest = kOwnedPod, .door = Door::kMutate, .flags = deny, .user = "alice"})
                .response.patch.size(),
            2U);
  load_rules("{workloads: [{kind: Pod}], remedy: apply}");
  EXPECT_EQ(denied({.manifest = deployment, .flags = deny}), kNone);
  // What is off is not mended.
  load_rules("{policies: {names: [flag]}, mode: 'off'}, {remedy: apply}");
  EXPECT_EQ(
      admit({.manifest = kOwnedPod, .door = Door::kMutate, .flags = deny}).response.patch.size(),
      1U);
  load_rules("{remedy: apply}");
  EXPECT_EQ(admit({.manifest = kOwnedPod,
                   .door = Door::kMutate,
                   .flags = {.mode = Mode::kDeny, .dry_run = true}})
                .response.patch.size(),
            0U);
}

TEST_F(EnforcementTest, AnObjectWithoutAPodSpecIsRefusedWhereADocumentDenies) {
  const std::string broken = "{apiVersion: v1, kind: Pod, metadata: {name: web}}";
  load_rules("{mode: deny}");
  EXPECT_FALSE(admit({.manifest = broken}).response.allowed);
  load_rules("{namespaces: {names: [bank]}, mode: deny}");
  EXPECT_TRUE(admit({.manifest = broken}).response.allowed);
}

/// Three policies that share what they compute of `params`, one of them under two names.
constexpr std::string_view kParameters = R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: test}
spec:
  params:
    most: {type: int, default: 1}
    team: {type: string, default: a}
  policies:
    - {name: few, require: 'size(pod.containers) + 1 <= params.most + 1', message: "at most ${params.most} of ${size(pod.containers)}"}
    - {name: few-too, require: 'size(pod.containers) + 1 <= params.most + 1', message: "at most ${params.most}"}
    - {name: few-again, variables: [{name: most, expression: params.most + 1}], require: 'size(pod.containers) + 1 <= variables.most', message: "under ${variables.most}"}
    - {name: team, require: "pod.?team.orValue('a') == params.team", message: "not of ${params.team}"}
)yaml";

TEST_F(EnforcementTest, ParametersAreSetForThosePoliciesAlone) {
  const std::string pod =
      "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: a, image: x}, "
      "{name: b, image: x}]}}";
  const Request request{.manifest = pod, .flags = {.mode = Mode::kDeny}};
  load("", kParameters);
  EXPECT_EQ(denied(request), (Words{"few spec", "few-too spec", "few-again spec"}));
  const std::vector<std::pair<std::string, Words>> cases{
      {"{params: {most: 2}}", kNone},
      {"{policies: {names: [few]}, params: {most: 2}}", {"few-too spec", "few-again spec"}},
      {"{policies: {names: [few-too]}, params: {most: 2}}", {"few spec", "few-again spec"}},
      {"{policies: {names: [few-again]}, params: {most: 2}}", {"few spec", "few-too spec"}},
      {"{policies: {names: [few]}, params: {most: 2}}, {params: {most: 1, team: b}}",
       {"few-too spec", "few-again spec", "team spec"}},
      {"{params: {team: b}}", {"few spec", "few-too spec", "few-again spec", "team spec"}},
      {"{namespaces: {names: [bank]}, params: {most: 2}}",
       {"few spec", "few-too spec", "few-again spec"}},
      // Unknown labels do not loosen, and whether a parameter does nobody knows.
      {"{namespaces: {selector: {matchLabels: {env: dev}}}, mode: deny, params: {most: 2}}",
       {"few spec", "few-too spec", "few-again spec"}},
  };
  for (const auto& [rules, expected] : cases) {
    load(enforcement("e", "rules: [" + rules + "]"), kParameters);
    EXPECT_EQ(denied(request), expected) << rules;
  }
  load(enforcement("e", "rules: [{policies: {names: [few]}, params: {most: 0}}]"), kParameters);
  const auto admission = admit(request);
  EXPECT_EQ(message(admission, "few"), "at most 0 of 2");
  EXPECT_EQ(message(admission, "few-too"), "at most 1");
}

TEST_F(EnforcementTest, AnEarlierVersionOfAPolicyKeepsItsOwnParameters) {
  const std::string documents = enforcement("e", "rules: [{params: {most: 2}}]");
  const std::string pod =
      "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: a, image: x}, "
      "{name: b, image: x}]}}";
  const Request request{.manifest = pod, .flags = {.mode = Mode::kDeny}};
  const auto bundle = [](const std::string& parameters, const std::string& few) {
    return "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  "
           "params: {" +
           parameters +
           "}\n  policies:\n    - {name: other, require: params.most > 1, message: m}\n    - "
           "{name: few, require: '" +
           few + "', message: m}\n";
  };
  const auto last = policy::load_policies(
      {{"p.yaml", bundle("most: {type: int, default: 1}", "size(pod.containers) <= params.most")}});
  const auto next = policy::load_policies(
      {{"p.yaml", bundle("extra: {type: string, default: x}, first: {type: string, default: x}, "
                         "most: {type: int, default: 1}",
                         "nothing")},
       {"e.yaml", documents}});
  set_ = policy::succeed(last, next, {}).set;
  ASSERT_EQ(set_->policies().size(), 2U);
  EXPECT_EQ(denied(request), kNone);
  set_ = set_->with_enforcement_of(*last);
  EXPECT_EQ(denied(request), (Words{"other spec", "few spec"}));
}

}  // namespace
}  // namespace seaworthy::engine
