// In-tree policies at work: what they say of a request, in the API server's words. That these are
// its words, tests/cluster/test_in_tree.py asks the API server.
#include "engine/admission_fixture.h"
#include "support/fake_clock.h"

namespace seaworthy::engine {
namespace {

struct Refusal {
  const char* name;
  std::string text;
  std::string message;  ///< Empty: let in.
  int code = 422;
  std::string reason = "Invalid";
};

void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.name; }

class AdmissionRefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(AdmissionRefusalTest, HasThePlatformsWords) {
  const Asked asked(GetParam().text, {});
  const auto& response = asked.admission.response;
  EXPECT_EQ(response.message, GetParam().message);
  EXPECT_EQ(response.allowed, GetParam().message.empty());
  if (!response.allowed) {
    EXPECT_EQ(response.code, GetParam().code);
    EXPECT_EQ(response.reason, GetParam().reason);
  }
}

constexpr const char* kFails = "  validations: [{expression: 'false', message: never}]\n";
constexpr const char* kDenies = "  validationActions: [Deny]\n";

std::string long_loop(int inner) {
  return "lists.range(1000).all(x, lists.range(" + std::to_string(inner) + ").all(y, x + y >= 0))";
}

/// So many validations, each of them within its own limit.
std::string many_loops(int count) {
  std::string text = "  validations:\n";
  for (int i = 0; i < count; ++i) {
    text += "    - expression: " + long_loop(150) + "\n";
  }
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    All, AdmissionRefusalTest,
    ::testing::Values(
        Refusal{"Passes", validating("  validations: [{expression: 'true'}]\n"), ""},
        Refusal{"WithoutBinding", validating(kFails),
                "ValidatingAdmissionPolicy 'p' denied request: never"},
        Refusal{"WithBinding", validating(kFails) + binding(kDenies),
                "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: never"},
        Refusal{"Reason", validating("  validations: [{expression: 'false', reason: Forbidden}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: failed expression: false", 403,
                "Forbidden"},
        Refusal{"TooLarge",
                validating("  validations: [{expression: 'false', message: big, reason: "
                           "RequestEntityTooLarge}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: big", 413, "RequestEntityTooLarge"},
        Refusal{"EveryViolationIsTold",
                validating("  validations: [{expression: 'false', message: one}, {expression: "
                           "'true'}, {expression: 'false', message: two, reason: Forbidden}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: one\n"
                "ValidatingAdmissionPolicy 'p' denied request: two"},
        Refusal{"Error", validating("  validations: [{expression: object.data.b == '1'}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: expression 'object.data.b == '1'' "
                "resulted in error: no such key: b"},
        Refusal{"ErrorIgnored",
                validating("  failurePolicy: Ignore\n  validations: [{expression: object.data.b == "
                           "'1'}]\n"),
                ""},
        Refusal{"CompileError", validating("  validations: [{expression: object.data.b}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: compilation error: must evaluate to "
                "bool but got dyn"},
        Refusal{"MessageOfTwoLines",
                validating("  validations: [{expression: 'false', message: one line, "
                           "messageExpression: \"'a\\\\nb'\"}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: one line"},
        Refusal{"MessageTooLong",
                validating("  validations: [{expression: 'false', message: short, "
                           "messageExpression: \"lists.range(3000).map(i, 'ab').join()\"}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: short"},
        Refusal{"MessageHasNoAuthorizer",
                validating("  variables: [{name: v, expression: "
                           "\"authorizer.path('/').check('get').allowed()\"}]\n"
                           "  validations: [{expression: 'false', message: fallback, "
                           "messageExpression: 'string(variables.v)'}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: fallback"},
        Refusal{"LimitOfAnExpression",
                validating("  validations: [{expression: \"" + long_loop(1000) + " || true\"}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: expression '" + long_loop(1000) +
                    " || true' resulted in error: operation cancelled: actual cost limit exceeded"},
        Refusal{"LimitOfAVariableIsAbsorbed",
                validating("  variables: [{name: big, expression: \"" + long_loop(1000) +
                           "\"}]\n  validations: [{expression: variables.big || true}]\n"),
                ""},
        Refusal{"BudgetOfAPolicy", validating(many_loops(15)),
                "ValidatingAdmissionPolicy 'p' denied request: validation failed due to running "
                "out of cost budget, no further validation rules will be run"},
        Refusal{"BudgetOfConditions",
                validating("  matchConditions:\n"
                           "    - {name: a, expression: \"" +
                           long_loop(150) +
                           "\"}\n"
                           "    - {name: b, expression: \"" +
                           long_loop(150) +
                           "\"}\n"
                           "    - {name: c, expression: \"" +
                           long_loop(150) +
                           "\"}\n"
                           "    - {name: d, expression: \"" +
                           long_loop(150) + "\"}\n" + kFails),
                "ValidatingAdmissionPolicy 'p' denied request: validation failed due to running "
                "out of cost budget, no further validation rules will be run"},
        Refusal{"FalseConditionWinsOverErrors",
                validating("  matchConditions: [{name: a, expression: object.data.b == '1'}, "
                           "{name: b, expression: 'false'}]\n" +
                           std::string(kFails)),
                ""},
        Refusal{"ErrorsOfConditions",
                validating("  matchConditions: [{name: a, expression: object.x == 1}, {name: b, "
                           "expression: object.y == 1}]\n" +
                           std::string(kFails)),
                "ValidatingAdmissionPolicy 'p' denied request: [expression 'object.x == 1' "
                "resulted in error: no such key: x, expression 'object.y == 1' resulted in error: "
                "no such key: y]"},
        Refusal{"ConditionsKnowNoNamespace",
                validating("  matchConditions: [{name: a, expression: namespaceObject == null}]\n"
                           "  validations: [{expression: namespaceObject == null}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: failed expression: namespaceObject "
                "== null"},
        Refusal{
            "NoParam",
            validating("  paramKind: {apiVersion: v1, kind: ConfigMap}\n" + std::string(kFails)) +
                binding(std::string(kDenies) +
                        "  paramRef: {name: x, parameterNotFoundAction: Deny}\n"),
            "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed to configure "
            "binding: no params found for policy binding with `Deny` parameterNotFoundAction"},
        Refusal{
            "NoParamRefusesWhateverTheActions",
            validating("  paramKind: {apiVersion: v1, kind: ConfigMap}\n" + std::string(kFails)) +
                binding("  validationActions: [Audit]\n  paramRef: {name: x, "
                        "parameterNotFoundAction: Deny}\n"),
            "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed to configure "
            "binding: no params found for policy binding with `Deny` parameterNotFoundAction"},
        Refusal{
            "NoParamAllowed",
            validating("  paramKind: {apiVersion: v1, kind: ConfigMap}\n" + std::string(kFails)) +
                binding(std::string(kDenies) +
                        "  paramRef: {name: x, parameterNotFoundAction: Allow}\n"),
            ""},
        Refusal{"OnceForEveryParam",
                validating("  paramKind: {apiVersion: v1, kind: ConfigMap}\n  validations: "
                           "[{expression: 'false', messageExpression: params.metadata.name + "
                           "' ' + params.data.x}]\n") +
                    binding(std::string(kDenies) +
                            "  paramRef: {selector: {}, namespace: one, parameterNotFoundAction: "
                            "Deny}\n") +
                    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: one}\n"
                    "data: {x: '2'}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, "
                    "namespace: one}\ndata: {x: '1'}\n---\napiVersion: v1\nkind: ConfigMap\n"
                    "metadata: {name: c, namespace: two}\n",
                "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: a 1\n"
                "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: b 2"},
        Refusal{"ErrorOfAnAnnotation",
                validating("  auditAnnotations: [{key: k, valueExpression: "
                           "string(object.data.b)}]\n") +
                    binding("  validationActions: [Audit]\n"),
                "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: expression "
                "'string(object.data.b)' resulted in error: no such key: b"},
        Refusal{"AnnotationsKnowNoAuthorizer",
                validating("  variables: [{name: a, expression: "
                           "string(authorizer.path('/').check('get').allowed())}]\n"
                           "  auditAnnotations: [{key: k, valueExpression: variables.a}]\n"),
                "ValidatingAdmissionPolicy 'p' denied request: expression 'variables.a' resulted "
                "in error: composited variable \"a\" fails to evaluate: no such attribute(s): "
                "authorizer"},
        Refusal{"BindingElsewhere",
                validating(kFails) + binding(std::string(kDenies) +
                                             "  matchResources: {namespaceSelector: {matchLabels: "
                                             "{kubernetes.io/metadata.name: other}}}\n"),
                ""},
        Refusal{"UnknownLabelTightens",
                validating(kFails) +
                    binding(std::string(kDenies) +
                            "  matchResources: {namespaceSelector: {matchLabels: {team: a}}}\n"),
                "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: never"},
        Refusal{"Excluded",
                "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
                "metadata: {name: p}\nspec:\n  matchConstraints:\n    resourceRules: [{apiGroups: "
                "['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*']}]\n    "
                "excludeResourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], "
                "resources: [configmaps]}]\n" +
                    std::string(kFails),
                ""}),
    ::testing::PrintToStringParamName());

TEST(AdmissionPolicyTest, ActionsOfBindings) {
  const std::string policy = validating(kFails);
  const Asked warned(policy + binding("  validationActions: [Warn]\n"), {});
  EXPECT_TRUE(warned.admission.response.allowed);
  EXPECT_EQ(warned.admission.response.warnings,
            std::vector<std::string>{"Validation failed for ValidatingAdmissionPolicy 'p' with "
                                     "binding 'b': never"});
  const Asked audited(policy + binding("  validationActions: [Audit]\n"), {});
  EXPECT_TRUE(audited.admission.response.allowed);
  const std::vector<std::pair<std::string, std::string>> annotations{
      {"validation_failure",
       R"([{"message":"never","policy":"p","binding":"b","expressionIndex":0,"validationActions":["Audit"]}])"}};
  EXPECT_EQ(audited.admission.response.audit_annotations, annotations);
}

TEST(AdmissionPolicyTest, OurModesOnlyLoosen) {
  const std::string policy = validating(kFails);
  for (const auto mode : {policy::Mode::kOff, policy::Mode::kAudit}) {
    EXPECT_TRUE(Asked(policy, {.mode = mode}).admission.response.allowed);
  }
  for (const auto mode : {policy::Mode::kWarn, policy::Mode::kDeny}) {
    EXPECT_FALSE(Asked(policy, {.mode = mode}).admission.response.allowed);
    EXPECT_TRUE(Asked(policy, {.mode = mode, .dry_run = true}).admission.response.allowed);
  }
  EXPECT_TRUE(Asked(policy, {.door = Door::kMutate}).admission.response.allowed);
}

TEST(AdmissionPolicyTest, EnforcementLoosensByName) {
  const auto enforced = [](std::string_view mode) {
    return validating(kFails) +
           "---\napiVersion: seaworthy.dev/v1\nkind: Enforcement\nmetadata: {name: e}\nspec: "
           "{rules: [{policies: {names: [p]}, namespaces: {names: [shop]}, mode: " +
           std::string(mode) + "}]}\n";
  };
  EXPECT_TRUE(Asked(enforced("audit"), {}).admission.response.allowed);
  EXPECT_EQ(Asked(enforced("'off'"), {}).admission.response.audit_annotations.size(), 0U);
  EXPECT_FALSE(Asked(enforced("warn"), {}).admission.response.allowed);
  EXPECT_FALSE(Asked(enforced("deny"), {.mode = policy::Mode::kAudit}).admission.response.allowed);
}

TEST(AdmissionPolicyTest, NothingIsSaidAfterTheDeadline) {
  Arena arena;
  const auto set = policy::load_policies({{"test.yaml", validating(kFails)}});
  const AdmissionSupport support(*set);
  const auto scope = support.scope(set->admission_policies());
  const auto review = review_of_manifest(testing::yaml(kObject, arena), "shop", arena);
  const testing::FakeClock clock;
  JudgeRequest request;
  request.admission = &scope;
  request.deadline = {&clock, clock.monotonic()};
  const auto made = admit(set->policies(), *review, request, arena);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(made.error().message, "the deadline passed before every policy was evaluated");
}

TEST(AdmissionPolicyTest, AnnotationsOfBindingsAreJoined) {
  const Asked asked(
      validating(
          "  auditAnnotations: [{key: k, valueExpression: \"' ' + object.data.a\"}, {key: z, "
          "valueExpression: 'null'}, {key: e, valueExpression: \"'  '\"}]\n") +
          binding(kDenies) + binding("  validationActions: [Audit]\n", "c"),
      {});
  const std::vector<std::pair<std::string, std::string>> annotations{{"p.k", "1"}};
  EXPECT_EQ(asked.admission.response.audit_annotations, annotations);
}

TEST(AdmissionPolicyTest, SomeResourcesAreNeverAskedAbout) {
  const std::string policy = validating(kFails);
  EXPECT_TRUE(Asked(policy, {.object = "apiVersion: admissionregistration.k8s.io/v1\nkind: "
                                       "ValidatingAdmissionPolicy\nmetadata: {name: p}\n"})
                  .admission.response.allowed);
  EXPECT_TRUE(Asked(policy, {.object = "apiVersion: authorization.k8s.io/v1\nkind: "
                                       "SubjectAccessReview\n"})
                  .admission.response.allowed);
  EXPECT_FALSE(Asked(policy, {.object = "apiVersion: admissionregistration.k8s.io/v1\nkind: "
                                        "ValidatingWebhookConfiguration\nmetadata: {name: p}\n"})
                   .admission.response.allowed);
}

TEST(AdmissionPolicyTest, DeletionIsJudgedByTheOldObject) {
  const Asked asked(validating("  validations: [{expression: 'object == null && "
                               "oldObject.data.a != \"1\"'}]\n"),
                    {.operation = admission::Operation::kDelete});
  EXPECT_FALSE(asked.admission.response.allowed);
}

TEST(AdmissionPolicyTest, SecretsAreNotSaid) {
  const Asked asked(
      validating("  validations: [{expression: 'false', messageExpression: \"'it is ' "
                 "+ object.data.password\"}]\n"),
      {.object = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: "
                 "{password: aHVudGVyMg}\n"});
  EXPECT_EQ(asked.admission.response.message,
            "ValidatingAdmissionPolicy 'p' denied request: it is ***");
}

}  // namespace
}  // namespace seaworthy::engine
