// Kyverno's documents as they are read: what is told of them, with its place, and what is left.
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "policy/kyverno_autogen.h"
#include "seaworthy/base/text.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::policy {
namespace {

std::string told(const PolicySet& set) {
  std::vector<std::string> texts;
  for (const auto& diagnostic : set.diagnostics()) {
    const auto text = render(diagnostic);
    texts.push_back(text.substr(0, text.find('\n')));
  }
  return join(texts, "\n");
}

std::shared_ptr<const PolicySet> load(const std::string& text) {
  return load_policies({{"p.yaml", text}}, {});
}

constexpr std::string_view kPods =
    "  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: "
    "[CREATE], resources: [pods]}]}\n";

/// A policy of these lines of `spec`, behind its matchConstraints, in line 5.
std::string policy_of(std::string_view kind, std::string_view spec) {
  return "apiVersion: policies.kyverno.io/v1\nkind: " + std::string(kind) +
         "\nmetadata: {name: p, namespace: n}\nspec:\n" + std::string(kPods) + std::string(spec);
}

/// A ClusterPolicy of one rule, which has these lines.
std::string cluster_policy(std::string_view rule, std::string_view spec = "") {
  return "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: c}\nspec:\n" +
         std::string(spec) + "  rules:\n    - name: r\n" + std::string(rule);
}

struct Case {
  std::string name;
  std::string text;
  std::string told;
  std::size_t policies = 0;  ///< How many are left.
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class KyvernoReadTest : public ::testing::TestWithParam<Case> {};

TEST_P(KyvernoReadTest, TellsAndKeeps) {
  const auto set = load(GetParam().text);
  EXPECT_EQ(told(*set), GetParam().told);
  EXPECT_EQ(set->admission_policies().size(), GetParam().policies);
}

const std::string kRulePod = "      match: {any: [{resources: {kinds: [Pod]}}]}\n";

std::vector<Case> cases() {
  return {
      {"complete", policy_of("ValidatingPolicy", R"yaml(  validationActions: [Audit]
  failurePolicy: Ignore
  evaluation: {admission: {enabled: false}, background: {enabled: true}, mode: Kubernetes}
  webhookConfiguration: {timeoutSeconds: 5}
  autogen: {podControllers: {controllers: [deployments]}}
  matchConditions: [{name: c, expression: "object.metadata.name != 'x'"}]
  variables: [{name: v, expression: "object.spec.?hostNetwork.orValue(false)"}]
  validations: [{expression: "!variables.v", message: 'no', messageExpression: "'no ' + object.metadata.name"}]
  auditAnnotations: [{key: k, valueExpression: "'v'"}]
)yaml"),
       "", 1},
      {"unsupported", policy_of("ValidatingPolicy", R"yaml(  validations:
    - expression: resource.Get('v1', 'configmaps', 'a', 'b').data.x == '1'
    - expression: "image.GetMetadata('x').config != null && http.Get('y') == 1"
)yaml"),
       "p.yaml:7:19: error: spec.validations[0].expression: resource.Get is not supported: it "
       "would ask the API server\n"
       "p.yaml:8:20: error: spec.validations[1].expression: image.GetMetadata is not supported: it "
       "would ask an image registry\n"
       "p.yaml:8:61: error: spec.validations[1].expression: http.Get is not supported: it would "
       "ask another server",
       0},
      {"macro_named_image",
       policy_of("ValidatingPolicy",
                 "  validations: [{expression: \"['a'].all(image, image.contains('a'))\"}]\n"),
       "", 1},
      {"misspelt", policy_of("ValidatingPolicy", "  validations: [{expression: objct.spec}]\n"),
       "p.yaml:6:30: error: spec.validations[0].expression: undeclared reference to 'objct' (in "
       "container ''); did you mean 'object'?",
       0},
      {"text", policy_of("ValidatingPolicy", "  validations: [{expression: \"'a'\"}]\n"),
       "p.yaml:6:31: error: spec.validations[0].expression: must evaluate to one of [bool dyn] but "
       "got string",
       0},
      {"no_validations", policy_of("ValidatingPolicy", "  validationActions: [Deny]\n"),
       "p.yaml:5:3: error: spec.validations must hold something: a policy without says nothing", 0},
      {"action",
       policy_of("ValidatingPolicy",
                 "  validationActions: [Block]\n  validations: [{expression: 'true'}]\n"),
       "p.yaml:6:22: error: spec.validationActions must hold Deny, Warn, Audit, not 'Block'", 0},
      {"no_match",
       "apiVersion: policies.kyverno.io/v1\nkind: ValidatingPolicy\nmetadata: {name: p}\nspec: "
       "{validations: [{expression: 'true'}]}\n",
       "p.yaml:4:7: error: spec.matchConstraints is missing: the policy would match nothing", 0},
      {"json",
       "apiVersion: policies.kyverno.io/v1alpha1\nkind: ValidatingPolicy\nmetadata: {name: p}\n"
       "spec: {evaluation: {mode: JSON}, validations: [{expression: object.a == 1}]}\n",
       "", 1},
      {"existing",
       policy_of("MutatingPolicy",
                 "  evaluation: {mutateExisting: {enabled: true}}\n  mutations: [{patchType: "
                 "ApplyConfiguration, applyConfiguration: {expression: 'Object{}'}}]\n"),
       "p.yaml:6:32: error: spec.evaluation.mutateExisting is not supported: only the object of "
       "the request is changed",
       0},
      {"patch_type",
       policy_of("MutatingPolicy",
                 "  mutations: [{patchType: Merge, jsonPatch: {expression: x}}]\n"),
       "p.yaml:6:27: error: spec.mutations[0].patchType must be ApplyConfiguration or JSONPatch, "
       "not 'Merge'",
       0},
      {"unknown_field",
       policy_of("ValidatingPolicy", "  validation: []\n  validations: [{expression: 'true'}]\n"),
       "p.yaml:6:3: warning: unknown field 'spec.validation'; did you mean 'validations'?", 1},
      {"other_kind", policy_of("GeneratingPolicy", ""),
       "p.yaml:1:1: error: GeneratingPolicy of policies.kyverno.io/v1 is not supported; of "
       "Kyverno's kinds ValidatingPolicy, MutatingPolicy, their namespaced forms and "
       "PolicyException of policies.kyverno.io are, and rules with validate.cel of ClusterPolicy "
       "and Policy of kyverno.io/v1",
       0},
      {"twice",
       policy_of("ValidatingPolicy", "  validations: [{expression: 'true'}]\n") + "---\n" +
           policy_of("ValidatingPolicy", "  validations: [{expression: 'true'}]\n"),
       "p.yaml:8:1: error: ValidatingPolicy 'p' is there already in p.yaml:1; all of that name are "
       "set aside",
       0},
      {"cluster",
       cluster_policy(kRulePod + "      validate: {cel: {expressions: [{expression: 'true'}]}}\n"),
       "", 1},
      {"cluster_pattern",
       cluster_policy(kRulePod + "      validate: {pattern: {spec: {}}}\n" + "    - name: s\n" +
                      kRulePod + "      validate: {cel: {expressions: [{expression: 'true'}]}}\n"),
       "p.yaml:8:27: error: spec.rules[0]: validate.pattern is not supported; rule 'r' is set "
       "aside",
       1},
      {"cluster_mutate", cluster_policy(kRulePod + "      mutate: {patchStrategicMerge: {}}\n"),
       "p.yaml:8:15: error: spec.rules[0]: mutate is not supported; rule 'r' is set aside", 0},
      {"cluster_context",
       cluster_policy(
           kRulePod +
           "      context: [{name: a}]\n      validate: {cel: {expressions: [{expression: "
           "'true'}]}}\n"),
       "p.yaml:8:16: error: spec.rules[0]: context is not supported; rule 'r' is set aside", 0},
      {"cluster_roles",
       cluster_policy("      match: {any: [{resources: {kinds: [Pod]}}]}\n      exclude: {any: "
                      "[{clusterRoles: [admin]}]}\n      validate: {cel: {expressions: "
                      "[{expression: 'true'}]}}\n"),
       "p.yaml:8:38: warning: spec.rules[0].exclude.any[0].clusterRoles: not supported: who has a "
       "role is not known here; the filter excludes nobody",
       1},
      {"cluster_strict",
       cluster_policy(kRulePod +
                      "      validate: {cel: {expressions: [{expression: object.spec.x}]}}\n"),
       "p.yaml:8:51: error: spec.rules[0].validate.cel.expressions[0].expression: must evaluate to "
       "bool but got dyn; compare it (`… == true`) or write bool(…)",
       0},
      {"exception",
       "apiVersion: policies.kyverno.io/v1\nkind: PolicyException\nmetadata: {name: e}\nspec: "
       "{policyRefs: [{name: p, kind: ValidatingPolicy}], reportResult: fail}\n",
       "p.yaml:4:71: error: spec.reportResult must be skip or pass, not 'fail'", 0},
  };
}

INSTANTIATE_TEST_SUITE_P(Cases, KyvernoReadTest, ::testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param.name; });

TEST(KyvernoAutogenTest, MakesRulesForWhatMakesPods) {
  const auto set =
      load(policy_of("ValidatingPolicy", "  validations: [{expression: 'object.spec.x == 1'}]\n"));
  ASSERT_EQ(set->admission_policies().size(), 1U);
  std::string found;
  for (const auto& rule : set->admission_policies()[0]->rules) {
    for (const auto& resources : rule.match.constraints.resource_rules) {
      found += join(resources.api_groups, ",") + ": " + join(resources.resources, ",") + "\n";
    }
    found += rule.validations[0].expression.text + "\n";
  }
  EXPECT_EQ(found,
            ": pods\nobject.spec.x == 1\n"
            "apps: daemonsets,deployments,replicasets,statefulsets\nbatch: jobs\n"
            "object.spec.template.spec.x == 1\n"
            "batch: cronjobs\nobject.spec.jobTemplate.spec.template.spec.x == 1\n");
}

TEST(KyvernoAutogenTest, LeavesMatchesAloneThatAreForMore) {
  admission::MatchConstraints pods;
  pods.resource_rules = {{.api_groups = {""},
                          .api_versions = {"v1"},
                          .operations = {"CREATE"},
                          .resources = {"pods"},
                          .resource_names = {},
                          .scope = "*"}};
  const std::set<std::string> jobs{"jobs", "nonsense"};
  EXPECT_EQ(autogen_matches(pods, nullptr).size(), 2U);
  EXPECT_EQ(autogen_matches(pods, &jobs).size(), 1U);
  const std::set<std::string> none;
  EXPECT_EQ(autogen_matches(pods, &none).size(), 0U);
  auto named = pods;
  named.resource_rules[0].resource_names = {"a"};
  auto more = pods;
  more.resource_rules[0].resources = {"pods", "services"};
  auto selecting = pods;
  selecting.object_selector.emplace();
  selecting.object_selector->requirements.push_back({.key = "a", .op = {}, .values = {"b"}});
  for (const auto& match : {named, more, selecting}) {
    EXPECT_TRUE(autogen_matches(match, nullptr).empty());
  }
}

TEST(KyvernoAutogenTest, WritesMutationsWhereThePodIs) {
  EXPECT_EQ(mutation_at(PodPlace::kTemplate, "Object{spec: Object.spec{a: object.spec.a}}"),
            "Object{spec: Object.spec{template: Object.spec.template{spec: "
            "Object.spec.template.spec{a: object.spec.template.spec.a}}}}");
}

TEST(KyvernoLoadTest, IsAnotherPolicyWithAnotherException) {
  const auto fingerprint = [](const std::string& exception) {
    const auto set =
        load(policy_of("ValidatingPolicy", "  validations: [{expression: 'true'}]\n") + exception);
    return set->admission_policies().empty() ? 0 : set->admission_policies()[0]->fingerprint;
  };
  const auto exception = [](const std::string& image) {
    return "---\napiVersion: policies.kyverno.io/v1\nkind: PolicyException\nmetadata: {name: e}\n"
           "spec: {policyRefs: [{name: p, kind: ValidatingPolicy}], images: [" +
           image + "]}\n";
  };
  EXPECT_EQ(fingerprint(exception("a")), fingerprint(exception("a")));
  EXPECT_NE(fingerprint(exception("a")), fingerprint(exception("b")));
  EXPECT_NE(fingerprint(exception("a")), fingerprint(""));
}

TEST(KyvernoKindTest, ReadsEveryForm) {
  const auto text_of = [](std::string_view text) {
    const auto kind = KyvernoKind::parse(text);
    return kind.group + " " + kind.version + " " + kind.kind + " " + kind.sub_resource;
  };
  EXPECT_EQ(text_of("Pod"), "* * Pod ");
  EXPECT_EQ(text_of("v1/Pod"), "* v1 Pod ");
  EXPECT_EQ(text_of("Pod/exec"), "* * Pod exec");
  EXPECT_EQ(text_of("Pod.exec"), "* * Pod exec");
  EXPECT_EQ(text_of("apps/v1/Deployment"), "apps v1 Deployment ");
  EXPECT_EQ(text_of("v1/Pod/exec"), "* v1 Pod exec");
  EXPECT_EQ(text_of("apps/v1/Deployment/scale"), "apps v1 Deployment scale");
  EXPECT_EQ(text_of("*/*"), "* * * *");
  EXPECT_EQ(text_of("*/scale"), "* * * scale");
}

}  // namespace
}  // namespace seaworthy::policy
