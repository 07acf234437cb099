// In-tree policies as they are read: what the API server would not take is told with its place and
// sets the policy aside; what does not compile is told too, and stays.
#include <gtest/gtest.h>

#include "seaworthy/base/text.h"
#include "seaworthy/policy/policy_set.h"
#include "seaworthy/policy/succession.h"

namespace seaworthy::policy {
namespace {

constexpr std::string_view kMatch =
    "  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: "
    "[CREATE], resources: [deployments]}]}\n";

/// A ValidatingAdmissionPolicy of these lines of `spec`, behind its matchConstraints.
std::string validating(std::string_view spec, std::string_view name = "p") {
  return "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: "
         "{name: " +
         std::string(name) + "}\nspec:\n" + std::string(kMatch) + std::string(spec);
}

std::string mutating(std::string_view spec, std::string_view name = "m") {
  return "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicy\nmetadata: "
         "{name: " +
         std::string(name) + "}\nspec:\n" + std::string(kMatch) + std::string(spec);
}

/// A ValidatingAdmissionPolicy with this line in its matchConstraints, the sixth.
std::string matching(std::string_view line) {
  return "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: "
         "{name: p}\nspec:\n  matchConstraints:\n    " +
         std::string(line) +
         "\n    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], "
         "resources: [pods], scope: null}]\n  validations: [{expression: 'true'}]\n";
}

/// A binding of the policy `p`.
std::string binding(std::string_view spec, std::string_view name = "b") {
  return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: "
         "ValidatingAdmissionPolicyBinding\nmetadata: {name: " +
         std::string(name) + "}\nspec:\n" + std::string(spec);
}

constexpr std::string_view kDeny = "  policyName: p\n  validationActions: [Deny]\n";
constexpr std::string_view kTrue = "  validations: [{expression: 'true'}]\n";

std::shared_ptr<const PolicySet> load(const std::string& text) {
  return load_policies({{"p.yaml", text}});
}

/// `line:column: severity: message` of each diagnostic.
std::string told(const PolicySet& set) {
  std::vector<std::string> lines;
  for (const auto& diagnostic : set.diagnostics()) {
    const bool error = diagnostic.severity == Diagnostic::Severity::kError;
    lines.push_back(std::to_string(diagnostic.position.line) + ":" +
                    std::to_string(diagnostic.position.column) +
                    (error ? ": error: " : ": warning: ") + diagnostic.message);
  }
  return join(lines, "\n");
}

struct Mistake {
  const char* name;
  std::string text;
  std::string told;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class AdmissionMistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(AdmissionMistakeTest, IsToldAndSetsThePolicyAside) {
  const auto set = load(GetParam().text);
  EXPECT_EQ(told(*set), GetParam().told);
  EXPECT_EQ(set->admission_policies().size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    All, AdmissionMistakeTest,
    ::testing::Values(
        Mistake{"NoMatch",
                "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
                "metadata: {name: p}\nspec: {validations: [{expression: 'true'}]}\n",
                "4:7: error: spec.matchConstraints is missing"},
        Mistake{"NoRules",
                "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
                "metadata: {name: p}\nspec: {matchConstraints: {}, validations: [{expression: "
                "'true'}]}\n",
                "4:26: error: spec.matchConstraints.resourceRules must hold a rule: it says what "
                "the policy is about"},
        Mistake{"SaysNothing", validating(""),
                "5:3: error: spec.validations or spec.auditAnnotations must hold something: a "
                "policy without both says nothing"},
        Mistake{"NoExpression", validating("  validations: [{message: x}]\n"),
                "6:17: error: spec.validations[0].expression is missing"},
        Mistake{"BlankExpression", validating("  validations: [{expression: '  '}]\n"),
                "6:30: error: spec.validations[0].expression must not be blank"},
        Mistake{"Reason", validating("  validations: [{expression: 'true', reason: Teapot}]\n"),
                "6:46: error: spec.validations[0].reason must be Forbidden, Invalid or "
                "RequestEntityTooLarge, not 'Teapot'"},
        Mistake{"LineBreak",
                validating("  validations: [{expression: 'true', message: \"a\\nb\"}]\n"),
                "6:47: error: spec.validations[0].message must not contain line breaks; fold it "
                "with '>-'"},
        Mistake{"ConditionTwice",
                validating("  matchConditions: [{name: a, expression: 'true'}, {name: a, "
                           "expression: 'true'}]\n" +
                           std::string(kTrue)),
                "6:59: error: spec.matchConditions[1].name 'a' is there already"},
        Mistake{"ConditionName",
                validating("  matchConditions: [{name: a b, expression: 'true'}]\n" +
                           std::string(kTrue)),
                "6:28: error: spec.matchConditions[0].name must be a qualified name such as "
                "'not-a-node', not 'a b'"},
        Mistake{"VariableName",
                validating("  variables: [{name: for, expression: '1'}]\n" + std::string(kTrue)),
                "6:22: error: spec.variables[0].name must be a CEL identifier, not 'for'"},
        Mistake{"VariableTwice",
                validating("  variables: [{name: a, expression: '1'}, {name: a, expression: "
                           "'2'}]\n" +
                           std::string(kTrue)),
                "6:50: error: variable 'a' is declared twice"},
        Mistake{"AnnotationKey",
                validating("  auditAnnotations: [{key: a b, valueExpression: \"'x'\"}]\n"),
                "6:28: error: spec.auditAnnotations[0].key: 'p/a b' must be a qualified name: "
                "write letters, digits, '-', '_' or '.', at most 63"},
        Mistake{"FailurePolicy", validating("  failurePolicy: Maybe\n" + std::string(kTrue)),
                "6:18: error: spec.failurePolicy must be one of Fail, Ignore, not 'Maybe'"},
        Mistake{"NoReinvocation",
                mutating("  mutations: [{patchType: JSONPatch, jsonPatch: {expression: "
                         "'[JSONPatch{op: \"remove\", path: \"/a\"}]'}}]\n"),
                "5:3: error: spec.reinvocationPolicy is missing"},
        Mistake{"NoMutation", mutating("  reinvocationPolicy: Never\n"),
                "5:3: error: spec.mutations must hold a mutation"},
        Mistake{"PatchType",
                mutating("  reinvocationPolicy: Never\n  mutations: [{patchType: Merge}]\n"),
                "7:27: error: spec.mutations[0].patchType must be ApplyConfiguration or "
                "JSONPatch, not 'Merge'"},
        Mistake{"BothPatches",
                mutating("  reinvocationPolicy: Never\n  mutations: [{patchType: "
                         "ApplyConfiguration, applyConfiguration: {expression: 'Object{}'}, "
                         "jsonPatch: {expression: '[]'}}]\n"),
                "7:104: error: spec.mutations[0].jsonPatch must not be there where patchType is "
                "ApplyConfiguration"},
        Mistake{"MutatesDeletion",
                "apiVersion: admissionregistration.k8s.io/v1beta1\nkind: "
                "MutatingAdmissionPolicy\nmetadata: {name: m}\nspec:\n  reinvocationPolicy: "
                "Never\n  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], "
                "operations: [DELETE], resources: [pods]}]}\n  mutations: [{patchType: "
                "ApplyConfiguration, applyConfiguration: {expression: 'Object{}'}}]\n",
                "6:88: error: spec.matchConstraints.resourceRules[0].operations must hold CREATE, "
                "UPDATE, CONNECT, *, not 'DELETE'"},
        Mistake{"LabelKey", matching("objectSelector: {matchLabels: {\"a b\": x}}"),
                "6:36: error: spec.matchConstraints.objectSelector.matchLabels: 'a b' is no "
                "label's key: at most 63 letters, digits, '-', '_' and '.', with a letter or digit "
                "first and last, behind a DNS name and '/' where there is one"},
        Mistake{"LabelValue", matching("namespaceSelector: {matchLabels: {a: \"-x\"}}"),
                "6:42: error: spec.matchConstraints.namespaceSelector.matchLabels.a: '-x' is no "
                "label's value: at most 63 letters, digits, '-', '_' and '.', with a letter or "
                "digit first and last"},
        Mistake{"RequirementsKeyAndValue",
                matching("objectSelector: {matchExpressions: [{key: Upper.Case/x, operator: In, "
                         "values: ['', 'c d']}]}"),
                "6:47: error: spec.matchConstraints.objectSelector.matchExpressions[0].key: "
                "'Upper.Case/x' is no label's key: at most 63 letters, digits, '-', '_' and '.', "
                "with a letter or digit first and last, behind a DNS name and '/' where there is "
                "one\n"
                "6:83: error: spec.matchConstraints.objectSelector.matchExpressions[0].values[1]: "
                "'c d' is no label's value: at most 63 letters, digits, '-', '_' and '.', with a "
                "letter or digit first and last"},
        Mistake{"EmptyMatchPolicy", matching("matchPolicy: ''"),
                "6:5: error: spec.matchConstraints.matchPolicy must be Exact or Equivalent, not "
                "''"},
        Mistake{"EmptyScope",
                matching("excludeResourceRules: [{apiGroups: [''], apiVersions: [v1], operations: "
                         "['*'], resources: [pods], scope: ''}]"),
                "6:28: error: spec.matchConstraints.excludeResourceRules[0].scope must be Cluster, "
                "Namespaced or *, not ''"},
        Mistake{"WhatAStarTakesIn",
                matching("excludeResourceRules: [{apiGroups: [''], apiVersions: [v1], operations: "
                         "['*'], resources: [pods/log, pods/*, pods/exec, '*/scale', x/scale]}]"),
                "6:114: error: spec.matchConstraints.excludeResourceRules[0].resources holds "
                "'pods/*', which takes in 'pods/exec'\n"
                "6:136: error: spec.matchConstraints.excludeResourceRules[0].resources holds "
                "'*/scale', which takes in 'x/scale'"},
        Mistake{"Twice", validating(kTrue) + "---\n" + validating(kTrue),
                "8:1: error: ValidatingAdmissionPolicy 'p' is there already in p.yaml:1; all of "
                "that name are set aside"},
        Mistake{"BindingWithoutActions", validating(kTrue) + binding("  policyName: p\n"),
                "12:3: error: spec.validationActions must hold Deny, Warn or Audit: without one "
                "nothing follows from a violation"},
        Mistake{"DenyAndWarn",
                validating(kTrue) + binding("  policyName: p\n  validationActions: [Deny, Warn]\n"),
                "13:22: error: spec.validationActions must not hold both Deny and Warn: the "
                "refusal says what the warning would"},
        Mistake{"ParamRef", validating(kTrue) + binding(std::string(kDeny) + "  paramRef: {}\n"),
                "14:13: error: spec.paramRef must have a name or a selector; {} selects every "
                "object of the kind\n"
                "14:13: error: spec.paramRef.parameterNotFoundAction is missing: write Deny, or "
                "Allow where nothing is asked without params"},
        Mistake{"Orphan", binding(kDeny).substr(4),
                "5:15: error: binding 'b' is for ValidatingAdmissionPolicy 'p', which is not "
                "among the policies"}),
    ::testing::PrintToStringParamName());

TEST(AdmissionPolicyTest, ExpressionsThatDoNotCompileStayAsTheirErrors) {
  const auto set =
      load(validating("  matchConditions: [{name: c, expression: variables.x}]\n"
                      "  variables: [{name: x, expression: object.}]\n"
                      "  validations:\n"
                      "    - expression: object.spec.hostNetwork\n"
                      "      messageExpression: authorizer.path('/').check('get').reason()\n"));
  EXPECT_EQ(told(*set),
            "6:43: error: spec.matchConditions[0].expression: undeclared reference to 'variables' "
            "(in container '')\n"
            "7:44: error: spec.variables[0].expression: Syntax error: no viable alternative at "
            "input '.'\n"
            "9:19: error: spec.validations[0].expression: must evaluate to bool but got dyn; "
            "compare it (`… == true`) or write bool(…)\n"
            "10:26: error: spec.validations[0].messageExpression: undeclared reference to "
            "'authorizer' (in container '')");
  ASSERT_EQ(set->admission_policies().size(), 1U);
  const auto& policy = *set->admission_policies()[0];
  EXPECT_TRUE(policy.is_broken);
  EXPECT_EQ(policy.rules[0].validations[0].expression.compile_error,
            "must evaluate to bool but got dyn");
  EXPECT_EQ(policy.rules[0].match_conditions[0].expression.compile_error,
            "compilation failed: ERROR: <input>:1:1: undeclared reference to 'variables' (in "
            "container '')\n | variables.x\n | ^");
  EXPECT_EQ(set->set_aside(), std::vector<std::string>{});
}

TEST(AdmissionPolicyTest, WhatNoBindingNamesIsBoundEverywhere) {
  const auto set = load(validating(kTrue) + "---\n" + validating(kTrue, "q") + binding(kDeny) +
                        binding("  policyName: p\n  validationActions: [Audit, Warn]\n", "a"));
  EXPECT_EQ(told(*set), "");
  const auto* bound = set->find(AdmissionKind::kValidatingAdmissionPolicy, "", "p");
  ASSERT_NE(bound, nullptr);
  ASSERT_EQ(bound->bindings.size(), 2U);
  EXPECT_EQ(bound->bindings[0].name, "a");
  EXPECT_EQ(bound->bindings[0].actions,
            (std::vector{ValidationAction::kAudit, ValidationAction::kWarn}));
  const auto* everywhere = set->find(AdmissionKind::kValidatingAdmissionPolicy, "", "q");
  ASSERT_NE(everywhere, nullptr);
  ASSERT_EQ(everywhere->bindings.size(), 1U);
  EXPECT_EQ(everywhere->bindings[0].name, "");
  EXPECT_EQ(everywhere->bindings[0].actions, std::vector{ValidationAction::kDeny});
}

TEST(AdmissionPolicyTest, PoliciesOfTwoKindsMayShareAName) {
  const auto set = load(validating(kTrue) + "---\n" +
                        mutating("  reinvocationPolicy: IfNeeded\n  mutations: [{patchType: "
                                 "ApplyConfiguration, applyConfiguration: {expression: "
                                 "'Object{}'}}]\n",
                                 "p"));
  EXPECT_EQ(told(*set), "");
  ASSERT_EQ(set->admission_policies().size(), 2U);
  EXPECT_TRUE(set->admission_policies()[1]->reinvoked);
}

TEST(AdmissionPolicyTest, TakesParamsAndTellsOfOthers) {
  const std::string policy =
      validating("  paramKind: {apiVersion: v1, kind: ConfigMap}\n" + std::string(kTrue)) +
      binding(std::string(kDeny) + "  paramRef: {name: limits, parameterNotFoundAction: Deny}\n");
  const auto set =
      load(policy + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: limits}\n");
  EXPECT_EQ(told(*set), "");
  EXPECT_EQ(set->params()->list({"v1", "ConfigMap"}, "default").size(), 1U);
  EXPECT_EQ(set->params()->list({"v1", "ConfigMap"}, "other").size(), 0U);
  const auto wrong = load(policy + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: limits}\n");
  EXPECT_EQ(told(*wrong),
            "17:1: error: Secret 'limits' of v1 is what binding 'b' names as its param, but policy "
            "'p' takes params of kind ConfigMap of v1");
}

TEST(AdmissionPolicyTest, ReadsWhatKubectlPrints) {
  const auto set = load(
      "apiVersion: v1\nkind: List\nitems:\n"
      "- apiVersion: admissionregistration.k8s.io/v1\n"
      "  kind: ValidatingAdmissionPolicy\n"
      "  metadata: {name: p, uid: u, resourceVersion: '1', managedFields: []}\n"
      "  spec:\n"
      "    failurePolicy: Fail\n"
      "    matchConstraints: {matchPolicy: Equivalent, namespaceSelector: {}, objectSelector: {}, "
      "resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: "
      "[pods], scope: '*'}]}\n"
      "    validations: [{expression: 'true'}]\n"
      "  status: {observedGeneration: 1}\n"
      "- {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, "
      "metadata: {name: b}, spec: {policyName: p, validationActions: [Deny]}}\n");
  EXPECT_EQ(told(*set), "");
  ASSERT_EQ(set->admission_policies().size(), 1U);
  EXPECT_EQ(set->admission_policies()[0]->bindings[0].name, "b");
}

TEST(AdmissionPolicyTest, WarnsOfFieldsThatTheApiServerDrops) {
  const auto set = load(validating("  validation: []\n" + std::string(kTrue)));
  EXPECT_EQ(told(*set),
            "6:3: warning: unknown field 'spec.validation'; did you mean 'validations'?");
  EXPECT_EQ(set->admission_policies().size(), 1U);
  const auto matched = load(matching("objectSelector: {matchLabel: {}}"));
  EXPECT_EQ(told(*matched),
            "6:22: warning: unknown field 'spec.matchConstraints.objectSelector.matchLabel'; did "
            "you mean 'matchLabels'?");
  EXPECT_EQ(matched->admission_policies().size(), 1U);
}

struct Next {
  const char* name;
  std::string text;
  std::vector<std::string> changed;
  std::vector<std::string> removed;
  std::vector<std::string> kept;
  std::vector<std::string> goes_on;  ///< Names in the set that is used.
};

void PrintTo(const Next& next, std::ostream* out) { *out << next.name; }

class AdmissionSuccessionTest : public ::testing::TestWithParam<Next> {};

TEST_P(AdmissionSuccessionTest, KeepsTheLastGoodVersion) {
  const auto last = load(validating(kTrue) + "---\n" + validating(kTrue, "q"));
  const auto made = succeed(last, load(GetParam().text), {});
  EXPECT_EQ(made.changed, GetParam().changed);
  EXPECT_EQ(made.removed, GetParam().removed);
  EXPECT_EQ(made.kept, GetParam().kept);
  std::vector<std::string> names;
  for (const auto& policy : made.set->admission_policies()) {
    EXPECT_FALSE(policy->is_broken);
    names.push_back(policy->name);
  }
  EXPECT_EQ(names, GetParam().goes_on);
}

INSTANTIATE_TEST_SUITE_P(
    All, AdmissionSuccessionTest,
    ::testing::Values(Next{"Changed",
                           validating("  validations: [{expression: 'false'}]\n") + "---\n" +
                               validating(kTrue, "q"),
                           {"p"},
                           {},
                           {},
                           {"p", "q"}},
                      Next{"Rebound",
                           validating(kTrue) + "---\n" + validating(kTrue, "q") + binding(kDeny),
                           {"p"},
                           {},
                           {},
                           {"p", "q"}},
                      Next{"Removed", validating(kTrue, "q"), {}, {"p"}, {}, {"q"}},
                      Next{"Broken",
                           validating("  validations: [{expression: 'fals'}]\n") + "---\n" +
                               validating(kTrue, "q"),
                           {},
                           {},
                           {"p"},
                           {"p", "q"}},
                      Next{"SetAside",
                           validating("") + "---\n" + validating(kTrue, "q"),
                           {},
                           {},
                           {"p"},
                           {"p", "q"}},
                      Next{"NothingLeft", "a: [\n", {}, {}, {"p", "q"}, {"p", "q"}}),
    ::testing::PrintToStringParamName());

}  // namespace
}  // namespace seaworthy::policy
