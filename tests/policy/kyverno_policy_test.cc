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

const std::string kRuleCel = "      validate: {cel: {expressions: [{expression: 'true'}]}}\n";

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
      {"condition_without_name",
       policy_of("ValidatingPolicy",
                 "  matchConditions: [{expression: 'true'}]\n  validations: [{expression: "
                 "'true'}]\n"),
       "p.yaml:6:21: error: spec.matchConditions[0].name is missing", 0},
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
      {"json_with_wrong_match",
       "apiVersion: policies.kyverno.io/v1\nkind: ValidatingPolicy\nmetadata: {name: p}\n"
       "spec:\n  evaluation: {mode: JSON}\n  matchConstraints: {resourceRules: 1}\n"
       "  validations: [{expression: object.a == 1}]\n",
       "p.yaml:6:37: error: spec.matchConstraints.resourceRules must be a list, not int", 0},
      {"controllers",
       policy_of("ValidatingPolicy",
                 "  autogen: {podControllers: {controllers: [none, Deployment, cronjob, "
                 "statefulsets]}}\n  validations: [{expression: 'true'}]\n"),
       "p.yaml:6:50: warning: spec.autogen.podControllers.controllers: 'Deployment' is none of "
       "cronjobs, daemonsets, deployments, jobs, replicasets, statefulsets: no rule is made for "
       "it\n"
       "p.yaml:6:62: warning: spec.autogen.podControllers.controllers: 'cronjob' is none of "
       "cronjobs, daemonsets, deployments, jobs, replicasets, statefulsets: no rule is made for it",
       1},
      {"cluster_controllers",
       "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: c\n  annotations: "
       "{pod-policies.kyverno.io/autogen-controllers: 'Deploymnet,Job, CronJob,'}\nspec:\n  "
       "rules:\n"
       "    - name: r\n" +
           kRulePod + "      validate: {cel: {expressions: [{expression: 'true'}]}}\n",
       "p.yaml:5:62: warning: pod-policies.kyverno.io/autogen-controllers: 'Deploymnet' is none of "
       "CronJob, DaemonSet, Deployment, Job, ReplicaSet, ReplicationController, StatefulSet: no "
       "rule is made for it",
       1},
      {"cluster_no_controllers",
       "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: c\n  annotations: "
       "{pod-policies.kyverno.io/autogen-controllers: none}\nspec:\n  rules:\n    - name: r\n" +
           kRulePod + "      validate: {cel: {expressions: [{expression: 'true'}]}}\n",
       "", 1},
      {"mutations_in_validating",
       policy_of("ValidatingPolicy",
                 "  validations: [{expression: 'true'}]\n  mutations: [{patchType: "
                 "ApplyConfiguration, applyConfiguration: {expression: 'Object{}'}}]\n"),
       "p.yaml:7:14: error: spec.mutations is no field of a ValidatingPolicy", 0},
      {"validations_in_mutating",
       policy_of("MutatingPolicy",
                 "  validations: [{expression: 'false'}]\n  auditAnnotations: [{key: k, "
                 "valueExpression: object.a}]\n  mutations: [{patchType: ApplyConfiguration, "
                 "applyConfiguration: {expression: 'Object{}'}}]\n"),
       "p.yaml:6:16: error: spec.validations is no field of a MutatingPolicy\n"
       "p.yaml:7:21: error: spec.auditAnnotations is not supported in a MutatingPolicy",
       0},
      {"misspelt_validations",
       policy_of("MutatingPolicy",
                 "  validation: []\n  mutations: [{patchType: ApplyConfiguration, "
                 "applyConfiguration: {expression: 'Object{}'}}]\n"),
       "p.yaml:6:3: warning: unknown field 'spec.validation'; did you mean 'evaluation'?", 1},
      {"reinvocation",
       policy_of("MutatingPolicy",
                 "  reinvocationPolicy: ifneeded\n  mutations: [{patchType: ApplyConfiguration, "
                 "applyConfiguration: {expression: 'Object{}'}}]\n"),
       "p.yaml:6:23: error: spec.reinvocationPolicy must be Never or IfNeeded, not 'ifneeded'", 0},
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
      {"cluster_kind",
       cluster_policy("      match: {any: [{resources: {kinds: [Pod, '*/']}}]}\n" + kRuleCel),
       "p.yaml:7:47: error: spec.rules[0].match.any[0].resources.kinds must hold kinds such as "
       "Pod, apps/v1/Deployment or Pod/exec, not '*/'",
       0},
      {"cluster_operation",
       cluster_policy("      match: {any: [{resources: {kinds: [Pod], operations: [create]}}]}\n" +
                      kRuleCel),
       "p.yaml:7:61: error: spec.rules[0].match.any[0].resources.operations must hold CREATE, "
       "UPDATE, DELETE or CONNECT, not 'create'",
       0},
      {"cluster_any_and_all",
       cluster_policy("      match: {any: [{resources: {kinds: [Pod]}}], all: [{resources: {kinds: "
                      "[Job]}}]}\n" +
                      kRuleCel),
       "p.yaml:7:56: error: spec.rules[0].match must not have both any and all", 0},
      {"cluster_empty_match", cluster_policy("      match: {any: [{}]}\n" + kRuleCel),
       "p.yaml:7:21: error: spec.rules[0].match.any[0] is empty: it matches nothing", 0},
      {"cluster_no_match", cluster_policy("      match: {}\n" + kRuleCel),
       "p.yaml:6:7: error: spec.rules[0].match is missing", 0},
      {"cluster_empty_exclude",
       cluster_policy(kRulePod + "      exclude: {all: [{resources: {}}]}\n" + kRuleCel),
       "p.yaml:8:23: error: spec.rules[0].exclude.all[0] is empty: it excludes nothing", 1},
      {"cluster_subject",
       cluster_policy(kRulePod + "      exclude: {any: [{subjects: [{kind: Usr, name: a}]}]}\n" +
                      kRuleCel),
       "p.yaml:8:42: error: spec.rules[0].exclude.any[0].subjects[0].kind must be User, Group or "
       "ServiceAccount, not 'Usr'",
       1},
      {"cluster_without_expressions",
       cluster_policy(kRulePod + "      validate: {cel: {expressions: []}}\n"),
       "p.yaml:8:23: error: spec.rules[0].validate.cel must have expressions: a rule without asks "
       "for nothing",
       0},
      {"cluster_without_rules",
       "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: c}\nspec: "
       "{background: true}\n",
       "p.yaml:4:7: error: spec.rules must hold something: a policy without says nothing", 0},
      {"cluster_emits_warnings",
       cluster_policy(kRulePod + kRuleCel, "  emitWarning: true\n  admission: false\n"),
       "p.yaml:5:16: warning: spec.emitWarning is not supported; it is left out", 1},
      {"cluster_condition_without_name",
       cluster_policy(kRulePod + "      celPreconditions: [{expression: 'true'}]\n" + kRuleCel),
       "p.yaml:8:26: error: spec.rules[0].celPreconditions[0].name is missing", 0},
      {"cluster_params",
       cluster_policy(kRulePod +
                      "      validate: {cel: {expressions: [{expression: 'true'}], paramKind: "
                      "{apiVersion: v1, kind: ConfigMap}, paramRef: {parameterNotFoundAction: "
                      "Skip}}}\n"),
       "p.yaml:8:117: error: spec.rules[0].validate.cel.paramRef must have a name or a selector; "
       "{} "
       "selects every object of the kind\n"
       "p.yaml:8:143: error: spec.rules[0].validate.cel.paramRef.parameterNotFoundAction must be "
       "Deny or Allow, not 'Skip'",
       0},
      {"cluster_param_kind_alone",
       cluster_policy(kRulePod +
                      "      validate: {cel: {expressions: [{expression: 'true'}], paramKind: "
                      "{apiVersion: v1, kind: ConfigMap}}}\n"),
       "p.yaml:8:23: error: spec.rules[0].validate.cel.paramRef is missing", 0},
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
      {"exception_of_nothing",
       "apiVersion: policies.kyverno.io/v1\nkind: PolicyException\nmetadata: {name: e}\nspec: "
       "{matchConditions: [{expression: 'true'}]}\n",
       "p.yaml:4:7: error: spec.policyRefs is missing\n"
       "p.yaml:4:26: error: spec.matchConditions[0].name is missing",
       0},
      {"exception_of_a_stranger",
       "apiVersion: policies.kyverno.io/v1\nkind: PolicyException\nmetadata: {name: e}\nspec: "
       "{policyRefs: [{name: p, kind: ValidatingPolicy}]}\n",
       "p.yaml:4:28: warning: spec.policyRefs[0].name: no policy 'p' of that kind is loaded", 0},
      {"exception_of_rules",
       "apiVersion: kyverno.io/v2\nkind: PolicyException\nmetadata: {name: e}\nspec: "
       "{exceptions: [{policyName: c}], match: {resources: {kinds: [Pod]}}}\n",
       "p.yaml:4:21: error: spec.exceptions[0].ruleNames is missing\n"
       "p.yaml:4:46: error: spec.match must have any or all: without, it excuses nothing\n"
       "p.yaml:4:47: warning: unknown field 'spec.match.resources'; here may stand all, any",
       0},
      {"exception_of_roles",
       cluster_policy(kRulePod + kRuleCel) +
           "---\napiVersion: kyverno.io/v2\nkind: PolicyException\nmetadata: {name: e}\nspec: "
           "{exceptions: [{policyName: c, ruleNames: [r]}], match: {any: [{roles: [a]}]}}\n",
       "p.yaml:13:77: warning: spec.match.any[0].roles: not supported: who has a role is not known "
       "here; the filter excuses nobody",
       1},
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

TEST(KyvernoAutogenTest, MakesRulesWherePodsAreNamedAlone) {
  const auto rules = [](const std::string& kinds) {
    return load(cluster_policy("      match: {any: [{resources: {kinds: [" + kinds + "]}}]}\n" +
                               kRuleCel))
        ->admission_policies()[0]
        ->rules.size();
  };
  EXPECT_EQ(rules("Pod"), 3U);
  EXPECT_EQ(rules("v1/Pod"), 1U);
  EXPECT_EQ(rules("Pod/exec"), 1U);
  EXPECT_EQ(rules("Deployment"), 1U);
}

TEST(KyvernoLoadTest, KeepsAPolicyFromTheWebhook) {
  const auto at_admission = [](const std::string& spec) {
    return load(cluster_policy(kRulePod + kRuleCel, spec))
        ->admission_policies()[0]
        ->modes.admission;
  };
  EXPECT_TRUE(at_admission(""));
  EXPECT_FALSE(at_admission("  admission: false\n"));
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
    return kind ? kind->group + " " + kind->version + " " + kind->kind + " " + kind->sub_resource
                : "none";
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
  EXPECT_EQ(text_of("*/Pod"), "* * Pod ");
  EXPECT_EQ(text_of("*/Pod/exec"), "* * Pod exec");
  for (const auto* wrong : {"", "*/", "/", "Pod/", "Pod.", "v1//exec", "a/b/c/d/e"}) {
    EXPECT_EQ(text_of(wrong), "none") << wrong;
  }
}

TEST(KyvernoKindTest, KnowsTheNamesOfRulesThatAreMade) {
  const std::string longest(60, 'a');
  EXPECT_EQ(rule_name_at(PodPlace::kPod, "r"), "r");
  EXPECT_EQ(rule_name_at(PodPlace::kTemplate, "r"), "autogen-r");
  EXPECT_EQ(rule_name_at(PodPlace::kCronJob, "r"), "autogen-cronjob-r");
  EXPECT_EQ(rule_name_at(PodPlace::kTemplate, longest), "autogen-" + std::string(55, 'a'));
}

}  // namespace
}  // namespace seaworthy::policy
