// In-tree policies at work: what they say of a request and what they make of it, in the API
// server's words. That these are its words, tests/cluster/test_in_tree.py asks the API server.
#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/document/json.h"
#include "seaworthy/engine/admission_support.h"
#include "support/fake_clock.h"

namespace seaworthy::engine {
namespace {

using testing::yaml;

constexpr std::string_view kRules =
    "  matchConstraints: {resourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: "
    "['*'], resources: ['*']}]}\n";

std::string validating(std::string_view spec, std::string_view name = "p") {
  return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
         "metadata: {name: " +
         std::string(name) + "}\nspec:\n" + std::string(kRules) + std::string(spec);
}

std::string binding(std::string_view spec, std::string_view name = "b") {
  return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: "
         "ValidatingAdmissionPolicyBinding\nmetadata: {name: " +
         std::string(name) + "}\nspec:\n  policyName: p\n" + std::string(spec);
}

std::string mutating(std::string_view name, std::string_view expression,
                     std::string_view more = "  reinvocationPolicy: Never\n") {
  const bool json = expression.starts_with('[');
  return "---\napiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicy\n"
         "metadata: {name: " +
         std::string(name) + "}\nspec:\n" + std::string(kRules) + std::string(more) +
         "  mutations: [{patchType: " +
         (json ? "JSONPatch, jsonPatch" : "ApplyConfiguration, applyConfiguration") +
         ": {expression: \"" + std::string(expression) + "\"}}]\n";
}

constexpr std::string_view kObject =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: o, labels: {app: web}}\ndata: {a: '1'}\n";

struct Ask {
  Door door = Door::kValidate;
  policy::Mode mode = policy::Mode::kDeny;
  bool dry_run = false;
  std::string object = std::string(kObject);
  std::string resource = {};  ///< Instead of the kind's.
  admission::Operation operation = admission::Operation::kCreate;
};

/// The answer to a request under policies of a text, which must be right.
struct Asked {
  Admission admission;
  Arena arena;
  std::shared_ptr<const policy::PolicySet> set;

  Asked(const std::string& text, const Ask& ask) {
    set = policy::load_policies({{"test.yaml", text}});
    const AdmissionSupport support(*set);
    const auto scope = support.scope(set->admission_policies());
    auto review = review_of_manifest(yaml(ask.object, arena), "shop", arena);
    EXPECT_TRUE(review);
    review->operation = ask.operation;
    if (ask.operation == admission::Operation::kDelete) {
      std::swap(review->object, review->old_object);
    }
    if (!ask.resource.empty()) {
      review->resource.resource = ask.resource;
    }
    JudgeRequest request;
    request.door = ask.door;
    request.settings.mode = ask.mode;
    request.settings.dry_run = ask.dry_run;
    request.namespace_object = namespace_from_name("shop", arena);
    request.admission = &scope;
    request.enforcement = set->enforcement();
    auto made = admit(set->policies(), *review, request, arena);
    EXPECT_TRUE(made);
    admission = *std::move(made);
  }

  [[nodiscard]] std::string patch() const {
    return document::print_patch(admission.response.patch);
  }
};

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
  const auto review = review_of_manifest(yaml(kObject, arena), "shop", arena);
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

struct MutationCase {
  const char* name;
  std::string text;
  std::string patch;         ///< "[]": none.
  std::string message = {};  ///< Empty: let in.
  std::vector<std::string> warnings = {};
};

void PrintTo(const MutationCase& mutation, std::ostream* out) { *out << mutation.name; }

class AdmissionMutationTest : public ::testing::TestWithParam<MutationCase> {};

TEST_P(AdmissionMutationTest, PatchesOrRefuses) {
  const Asked asked(GetParam().text, {.door = Door::kMutate});
  EXPECT_EQ(asked.patch(), GetParam().patch);
  EXPECT_EQ(asked.admission.response.message, GetParam().message);
  EXPECT_EQ(asked.admission.response.warnings, GetParam().warnings);
  EXPECT_EQ(asked.admission.response.allowed, GetParam().message.empty());
}

constexpr const char* kAddsB = "Object{data: {'b': '2'}}";

INSTANTIATE_TEST_SUITE_P(
    All, AdmissionMutationTest,
    ::testing::Values(
        MutationCase{"Applies", mutating("m", kAddsB),
                     R"([{"op":"add","path":"/data/b","value":"2"}])"},
        MutationCase{
            "OneAfterTheOther",
            mutating("a", kAddsB) + mutating("b",
                                             "[JSONPatch{op: 'add', path: '/data/c', value: "
                                             "object.data.b}]"),
            R"([{"op":"add","path":"/data/b","value":"2"},)"
            R"({"op":"add","path":"/data/c","value":"2"}])"},
        MutationCase{"Reinvoked",
                     mutating("a",
                              "Object{metadata: Object.metadata{labels: {'b': string('b' in "
                              "object.data)}}}",
                              "  reinvocationPolicy: IfNeeded\n") +
                         mutating("b", kAddsB),
                     R"([{"op":"add","path":"/metadata/labels/b","value":"true"},)"
                     R"({"op":"add","path":"/data/b","value":"2"}])",
                     "",
                     {"MutatingAdmissionPolicy 'a': changes metadata.labels.b again each time that "
                      "it runs; test for what is there, or set reinvocationPolicy: Never"}},
        MutationCase{"Fight",
                     mutating("a", "Object{data: {'b': '1'}}") + mutating("b", kAddsB),
                     R"([{"op":"add","path":"/data/b","value":"2"}])",
                     "",
                     {"MutatingAdmissionPolicy 'b': changes data.b, which MutatingAdmissionPolicy "
                      "'a' has set to something else; let one of them set it"}},
        MutationCase{"Error", mutating("m", "Object{data: {'b': object.data.x}}"), "[]",
                     "policy \"m\" denied request: expression 'Object{data: {'b': object.data.x}}' "
                     "resulted in error: no such key: x"},
        MutationCase{"ErrorIgnored",
                     mutating("m", "Object{data: {'b': object.data.x}}",
                              "  reinvocationPolicy: Never\n  failurePolicy: Ignore\n") +
                         mutating("o", kAddsB),
                     R"([{"op":"add","path":"/data/b","value":"2"}])"},
        MutationCase{"CompileError", mutating("m", "object.data"), "[]",
                     "policy \"m\" denied request: must evaluate to Object but got dyn"},
        MutationCase{"Condition",
                     mutating("m", kAddsB,
                              "  reinvocationPolicy: Never\n  matchConditions: [{name: c, "
                              "expression: \"'b' in object.data\"}]\n"),
                     "[]"}),
    ::testing::PrintToStringParamName());

TEST(AdmissionPolicyTest, AuditPatchesNothing) {
  EXPECT_EQ(
      Asked(mutating("m", kAddsB), {.door = Door::kMutate, .mode = policy::Mode::kAudit}).patch(),
      "[]");
  EXPECT_EQ(Asked(mutating("m", kAddsB), {.door = Door::kMutate, .dry_run = true}).patch(), "[]");
}

TEST(AdmissionPolicyTest, CheckValidatesWhatMutationsMake) {
  const Asked asked(
      mutating("m", kAddsB) + validating("  validations: [{expression: \"'b' in object.data\"}]\n"),
      {.door = Door::kCheck});
  EXPECT_TRUE(asked.admission.response.allowed);
  EXPECT_TRUE(asked.admission.judgement.mutated);
  EXPECT_EQ(document::print_json(asked.admission.judgement.mended.object["data"]),
            R"({"a":"1","b":"2"})");
}

}  // namespace
}  // namespace seaworthy::engine
