// Enforcement documents as authors write them: what is read, and what they are told.
#include "seaworthy/policy/enforcement.h"

#include <gtest/gtest.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::policy {
namespace {

constexpr std::string_view kBundle = R"yaml(apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: test, version: 1.4.0}
spec:
  params:
    maxMemory: {type: quantity, default: 4Gi}
    teams: {type: list, default: []}
  policies:
    - {name: no-root, since: 1.0.0, require: "true", message: m}
    - {name: bounded, since: 1.4.0, severity: high, category: limits, message: m,
       require: "quantity('1Gi').isLessThan(params.maxMemory)"}
)yaml";

std::shared_ptr<const PolicySet> load(const std::string& enforcement) {
  return load_policies({{"p.yaml", std::string(kBundle)},
                        {.file = "e.yaml", .text = enforcement, .may_hold_policies = false}});
}

/// What is said of the document; without the lines that carets stand under.
std::string diagnostics_of(const PolicySet& set) {
  std::vector<std::string> texts;
  for (auto diagnostic : set.diagnostics()) {
    diagnostic.source_line.clear();
    texts.push_back(render(diagnostic));
  }
  return join(texts, "\n");
}

/// An Enforcement with this `spec`, which begins in line 4.
std::string document(const std::string& spec, const std::string& name = "e") {
  return "apiVersion: seaworthy.dev/v1\nkind: Enforcement\nmetadata: {name: " + name +
         "}\nspec: " + spec + "\n";
}

TEST(EnforcementTest, ReadsACompleteDocument) {
  const auto set = load(R"yaml(apiVersion: seaworthy.dev/v1
kind: Enforcement
metadata: {name: shops, namespace: seaworthy, labels: {a: b}, annotations: {c: d}}
spec:
  priority: 10
  bundleVersion: 1.4.0
  acknowledgeControllers: true
  rules:
    - policies: {names: ["no-*"], severities: [high, critical], categories: [limits]}
      namespaces: {names: ["prod-*"], selector: {matchLabels: {kubernetes.io/metadata.name: prod-a}}}
      workloads: [{kind: Deployment, name: "api-*"}, {kind: Job}, {name: web}]
      users: [alice]
      groups: ["system:serviceaccounts:ci"]
      mode: deny
      remedy: safe
      params: {maxMemory: 8, teams: [a]}
    - mode: warn
)yaml");
  ASSERT_EQ(diagnostics_of(*set), "");
  ASSERT_NE(set->enforcement(), nullptr);
  ASSERT_EQ(set->enforcement()->documents.size(), 1U);
  const Enforcement& document = set->enforcement()->documents.front();
  EXPECT_EQ(document.name, "shops");
  EXPECT_EQ(document.priority, 10);
  EXPECT_EQ(document.pin, (Version{1, 4, 0}));
  ASSERT_EQ(document.rules.size(), 2U);
  const EnforcementRule& rule = document.rules.front();
  EXPECT_EQ(rule.policies.names, std::vector<std::string>{"no-*"});
  EXPECT_EQ(rule.policies.severities, (std::vector{Severity::kHigh, Severity::kCritical}));
  EXPECT_EQ(rule.policies.categories, std::vector<std::string>{"limits"});
  EXPECT_EQ(rule.namespaces.names, std::vector<std::string>{"prod-*"});
  EXPECT_EQ(rule.namespaces.selector->requirements.size(), 1U);
  ASSERT_EQ(rule.workloads.size(), 3U);
  EXPECT_EQ(rule.workloads[1].kind, "Job");
  EXPECT_EQ(rule.workloads[1].name, "");
  EXPECT_EQ(rule.users, std::vector<std::string>{"alice"});
  EXPECT_EQ(rule.mode, Mode::kDeny);
  EXPECT_EQ(rule.remedy, RemedyLevel::kSafe);
  ASSERT_EQ(rule.parameters.size(), 2U);
  EXPECT_EQ(rule.parameters.front().bundle, "test");
  EXPECT_EQ(rule.parameters.front().parameter.value.as_string(), "8");
  EXPECT_EQ(rule.about, (std::vector{false, false}));
  EXPECT_EQ(document.rules.back().about, (std::vector{true, true}));
}

struct Case {
  std::string document;
  std::string diagnostics;
};

TEST(EnforcementTest, SaysWhatIsWrong) {
  const std::vector<Case> cases{
      {document("{rules: [{mode: block}]}"),
       "e.yaml:4:23: error: spec.rules[0].mode must be one of off, audit, warn, deny, not 'block'"},
      {document("{rules: [{mood: deny}]}"),
       "e.yaml:4:16: error: spec.rules[0] sets nothing: mode, remedy or params is missing\n"
       "e.yaml:4:17: error: unknown field 'spec.rules[0].mood'; did you mean 'mode'?"},
      {document("{rules: [{users: [alice]}]}"),
       "e.yaml:4:16: error: spec.rules[0] sets nothing: mode, remedy or params is missing"},
      {document("{}"), "e.yaml:4:7: error: spec.rules is missing"},
      {document("{priority: high, rules: []}"),
       "e.yaml:4:18: error: spec.priority must be an int, not string"},
      {document("{bundleVersion: next, rules: []}"),
       "e.yaml:4:23: error: spec.bundleVersion must be a version such as 1.4.0, not 'next'"},
      {document("{rules: [{mode: deny, params: {maxMemory: [a]}}]}"),
       "e.yaml:4:49: error: spec.rules[0].params.maxMemory: a quantity is wanted, not list"},
      {document("{rules: [{mode: deny, params: {maxMemory: much}}]}"),
       "e.yaml:4:49: error: spec.rules[0].params.maxMemory: 'much' is no quantity"},
      {document("{rules: [{mode: deny, params: {maxMemroy: 8Gi}}]}"),
       "e.yaml:4:38: error: spec.rules[0].params: no bundle declares a parameter 'maxMemroy'; did "
       "you mean 'maxMemory'?"},
      {document("{rules: [{mode: deny, policies: {severities: [worst]}}]}"),
       "e.yaml:4:52: error: spec.rules[0].policies.severities must hold low, medium, high, "
       "critical, not 'worst'"},
      {document("{rules: [{mode: deny, users: ['']}]}"),
       "e.yaml:4:37: error: spec.rules[0].users must hold texts of 1 to 512 bytes"},
      {document("{rules: [{mode: deny, users: [7]}]}"),
       "e.yaml:4:37: error: spec.rules[0].users must hold strings, not int"},
      {document("{rules: [{mode: deny, workloads: [{}]}]}"),
       "e.yaml:4:41: error: spec.rules[0].workloads[0] needs kind, name or both"},
      {document("{rules: [deny]}"), "e.yaml:4:16: error: spec.rules[0] must be a map"},
      {"apiVersion: seaworthy.dev/v1\nkind: Enforcement\nmetadata: {}\nspec: {rules: []}\n",
       "e.yaml:3:11: error: metadata.name is missing"},
      {std::string(kBundle),
       "e.yaml:1:1: error: here may stand Enforcement and PolicyException; a PolicyBundle is given "
       "with --policies"},
  };
  for (const auto& each : cases) {
    const auto set = load(each.document);
    EXPECT_EQ(diagnostics_of(*set), each.diagnostics) << each.document;
    EXPECT_EQ(set->enforcement(), nullptr) << each.document;
    EXPECT_EQ(set->policies().size(), 2U);
  }
}

TEST(EnforcementTest, RefusesToLoosenForControllersUnlessThatIsAcknowledged) {
  const std::vector<std::string> refused{
      "users: ['*']",
      "users: ['system:*']",
      "users: ['system:kube-controller-manager']",
      "users: ['system:serviceaccount:kube-system:replicaset-controller']",
      "users: ['*:job-controller']",
      "users: ['system:serviceaccount:kube-??????:*']",
      "groups: ['*']",
      "groups: ['system:authenticated']",
      "groups: ['system:auth*']",
      "groups: ['system:serviceaccounts']",
      "groups: ['system:serviceaccounts:team-a']",
      "groups: ['*:team-a']",
  };
  for (const auto& who : refused) {
    for (const auto* loosening : {"mode: warn", "mode: audit", "mode: 'off'", "remedy: apply",
                                  "mode: deny, params: {maxMemory: 64Gi}"}) {
      const auto rule = "rules: [{" + who + ", " + loosening + "}]";
      EXPECT_EQ(load(document("{" + rule + "}"))->enforcement(), nullptr) << rule;
      EXPECT_NE(load(document("{acknowledgeControllers: true, " + rule + "}"))->enforcement(),
                nullptr)
          << rule;
    }
    const auto tightens = "{rules: [{" + who + ", mode: deny}]}";
    EXPECT_NE(load(document(tightens))->enforcement(), nullptr) << tightens;
    // A pin loosens whatever its rules say.
    const auto pinned = "{bundleVersion: 1.0.0, rules: [{" + who + ", mode: deny}]}";
    EXPECT_EQ(load(document(pinned))->enforcement(), nullptr) << pinned;
  }
  for (const auto* who : {"users: [alice]", "users: ['system:serviceaccount:ci:*']",
                          "groups: [developers]", "groups: ['system:nodes']"}) {
    const auto rule = "{rules: [{" + std::string(who) + ", mode: warn}]}";
    EXPECT_EQ(diagnostics_of(*load(document(rule))), "") << rule;
  }
  EXPECT_EQ(diagnostics_of(*load(document("{rules: [{groups: ['system:serviceaccounts*'], mode: "
                                          "warn}]}"))),
            "e.yaml:4:25: error: spec.rules[0].groups: 'system:serviceaccounts*' takes in the "
            "controllers that make Pods for everybody, so that this rule would loosen for "
            "everybody; match namespaces or workloads instead, or set "
            "spec.acknowledgeControllers: true");
}

TEST(EnforcementTest, WarnsOfWhatMayNotBeMeant) {
  const std::vector<Case> cases{
      {document("{rules: [{mode: warn, namespaces: {selector: {matchLabels: {env: dev}}}}]}"),
       "e.yaml:4:52: warning: spec.rules[0].namespaces.selector: whoever may label a namespace "
       "with 'env' may loosen what is enforced there; match names, or the label "
       "kubernetes.io/metadata.name, which only the API server sets"},
      {document("{rules: [{mode: deny, namespaces: {selector: {matchLabels: {env: prod}}}}]}"), ""},
      {document("{rules: [{mode: warn, namespaces: {selector: {matchLabels: "
                "{kubernetes.io/metadata.name: dev}}}}]}"),
       ""},
      {document("{rules: [{mode: deny, policies: {names: [no-rot, 'host-*', no-root]}}]}"),
       "e.yaml:4:48: warning: spec.rules[0].policies.names: no policy is called 'no-rot'; did you "
       "mean 'no-root'?\n"
       "e.yaml:4:56: warning: spec.rules[0].policies.names: no policy matches 'host-*'"},
  };
  for (const auto& each : cases) {
    const auto set = load(each.document);
    EXPECT_EQ(diagnostics_of(*set), each.diagnostics) << each.document;
    EXPECT_NE(set->enforcement(), nullptr) << each.document;
  }
}

TEST(EnforcementTest, SetsAsideBothOfOneName) {
  const auto set =
      load(document("{rules: [{mode: deny}]}") + "---\n" + document("{rules: [{mode: 'off'}]}") +
           "---\n" + document("{rules: [{mode: warn}]}", "other"));
  EXPECT_EQ(diagnostics_of(*set),
            "e.yaml:3:11: error: Enforcement 'e' is there 2 times, also in e.yaml:8; all are set "
            "aside\n"
            "e.yaml:8:11: error: Enforcement 'e' is there 2 times, also in e.yaml:3; all are set "
            "aside");
  ASSERT_NE(set->enforcement(), nullptr);
  ASSERT_EQ(set->enforcement()->documents.size(), 1U);
  EXPECT_EQ(set->enforcement()->documents.front().name, "other");
}

TEST(EnforcementTest, LiesAmongPoliciesToo) {
  const auto set = load_policies(
      {{"p.yaml", std::string(kBundle) + "---\n" + document("{rules: [{mode: deny}]}")}});
  EXPECT_EQ(diagnostics_of(*set), "");
  EXPECT_NE(set->enforcement(), nullptr);
  // What is set aside later is gone from the policies, not from the rules.
  EXPECT_EQ(set->without({"no-root"}, {})->enforcement(), set->enforcement());
}

TEST(EnforcementTest, OrdersByPriorityThenName) {
  const auto set = load(document("{rules: [{mode: deny}]}", "b") + "---\n" +
                        document("{priority: -5, rules: [{mode: deny}]}", "a") + "---\n" +
                        document("{priority: 7, rules: [{mode: deny}]}", "z") + "---\n" +
                        document("{rules: [{mode: deny}]}", "a2"));
  ASSERT_NE(set->enforcement(), nullptr);
  std::vector<std::string> names;
  for (const auto& each : set->enforcement()->documents) {
    names.push_back(each.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"z", "a2", "b", "a"}));
}

TEST(EnforcementTest, EndsAtItsLimits) {
  std::string rules = "{rules: [";
  for (std::size_t at = 0; at <= limits::kEnforcementRulesMax; ++at) {
    rules += "{mode: deny},";
  }
  EXPECT_EQ(diagnostics_of(*load(document(rules + "]}"))),
            "e.yaml:4:7: error: more than 1000 Enforcements or 10000 rules in them");
  std::string names = "{rules: [{mode: deny, users: [";
  for (std::size_t at = 0; at <= limits::kPatternsPerListMax; ++at) {
    names += "u,";
  }
  EXPECT_EQ(diagnostics_of(*load(document(names + "]}]}"))),
            "e.yaml:4:36: error: spec.rules[0].users holds 1001 entries; at most 1000 are allowed");
}

TEST(EnforcementTest, ReadsVersions) {
  EXPECT_EQ(parse_version("1.4.0"), (Version{1, 4, 0}));
  EXPECT_EQ(parse_version("2"), (Version{2, 0, 0}));
  EXPECT_LT(*parse_version("1.9.0"), *parse_version("1.10.0"));
  for (const auto* text : {"", "v1", "1.", "1.2.3.4", "1.-2", "1.2-rc1", "99999999999"}) {
    EXPECT_EQ(parse_version(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace seaworthy::policy
