// In-tree policies at work: what they make of a request, and what the API server says of those that
// it refuses.
#include "engine/admission_mutation.h"

#include <set>

#include "engine/admission_fixture.h"

namespace seaworthy::engine {
namespace {

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

/// `a` has an error once `b` has run.
std::string error_of_the_second_time() {
  return mutating("a", "Object{data: {'b': '2'}}",
                  "  reinvocationPolicy: Never\n  matchConditions: [{name: c, expression: "
                  "\"!has(object.metadata.annotations) || object.metadata.annotations['x'] == "
                  "'y'\"}]\n") +
         mutating("b", "[JSONPatch{op: 'add', path: '/metadata/annotations', value: {'z': '1'}}]",
                  "  reinvocationPolicy: Never\n  matchConditions: [{name: c, expression: "
                  "'!has(object.metadata.annotations)'}]\n");
}

constexpr const char* kIgnore = "  reinvocationPolicy: Never\n  failurePolicy: Ignore\n";
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
        MutationCase{"UnreadableWhateverTheFailurePolicy",
                     mutating("m", "[JSONPatch{op: 'replace', path: '/kind', value: 5}]", kIgnore),
                     "[]",
                     "policy \"m\" denied request: Internal error occurred: couldn't get "
                     "version/kind; json parse error: json: cannot unmarshal number into Go struct "
                     "field .kind of type string"},
        MutationCase{"UnknownFieldWhateverTheFailurePolicy",
                     mutating("m", "[JSONPatch{op: 'add', path: '/fooBar', value: 'x'}]", kIgnore),
                     "[]",
                     "policy \"m\" denied request: Internal error occurred: strict decoding error: "
                     "unknown field \"fooBar\""},
        // Of a policy that is not reinvoked, too, the conditions are looked at a second time.
        MutationCase{
            "ErrorOfTheSecondTime", error_of_the_second_time(), "[]",
            "policy \"a\" denied request: expression '!has(object.metadata.annotations) || "
            "object.metadata.annotations['x'] == 'y'' resulted in error: no such key: x"},
        MutationCase{"Condition",
                     mutating("m", kAddsB,
                              "  reinvocationPolicy: Never\n  matchConditions: [{name: c, "
                              "expression: \"'b' in object.data\"}]\n"),
                     "[]"}),
    ::testing::PrintToStringParamName());

TEST(AdmissionMutationRunTest, AuditPatchesNothing) {
  EXPECT_EQ(
      Asked(mutating("m", kAddsB), {.door = Door::kMutate, .mode = policy::Mode::kAudit}).patch(),
      "[]");
  EXPECT_EQ(Asked(mutating("m", kAddsB), {.door = Door::kMutate, .dry_run = true}).patch(), "[]");
}

TEST(AdmissionMutationRunTest, CheckValidatesWhatMutationsMake) {
  const Asked asked(
      mutating("m", kAddsB) + validating("  validations: [{expression: \"'b' in object.data\"}]\n"),
      {.door = Door::kCheck});
  EXPECT_TRUE(asked.admission.response.allowed);
  EXPECT_TRUE(asked.admission.judgement.mutated);
  EXPECT_EQ(document::print_json(asked.admission.judgement.mended.object["data"]),
            R"({"a":"1","b":"2"})");
}

TEST(AdmissionMutationRunTest, AnInternalErrorIsNoFaultOfTheRequest) {
  const Asked asked(mutating("m", "[JSONPatch{op: 'replace', path: '/kind', value: 5}]", kIgnore),
                    {.door = Door::kMutate});
  EXPECT_EQ(asked.admission.response.code, 500);
  EXPECT_EQ(asked.admission.response.reason, "InternalError");
}

TEST(AdmissionMutationRunTest, WhatIsSaidOfAPolicyStandsTogether) {
  const Asked asked(error_of_the_second_time(), {.door = Door::kMutate});
  std::string said;
  for (const auto& verdict : asked.admission.judgement.admission.verdicts) {
    said += verdict.policy->name + (verdict.outcome == Outcome::kError ? " error\n" : " pass\n");
  }
  EXPECT_EQ(said, "a pass\na error\nb pass\n");
}

TEST(AdmissionMutationRunTest, TheOldObjectOfACheckIsShownAsTheNewOneIs) {
  const Asked asked(
      validating(
          "  validations: [{expression: object.spec.template == oldObject.spec.template}]\n"),
      {.door = Door::kCheck,
       .object = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {template: "
                 "{spec: {containers: [{name: a}]}}}\n",
       .operation = admission::Operation::kUpdate});
  EXPECT_EQ(asked.admission.response.message, "");
}

TEST(AdmissionMutationRunTest, MutationsSeeTheObjectAsItIsServed) {
  const Asked asked(
      mutating("m", "Object{data: {'b': object.metadata.namespace, 'c': object.data.a}}"),
      {.door = Door::kCheck});
  EXPECT_EQ(asked.admission.response.message, "");
  EXPECT_EQ(
      document::print_json(asked.admission.judgement.mended.object),
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"o","labels":{"app":"web"}},)"
      R"("data":{"a":"1","b":"shop","c":"1"}})");
}

/// A clock that is a second later each time that somebody looks.
class TickingClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return {}; }

  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
    return now_ += std::chrono::seconds(1);
  }

 private:
  mutable std::chrono::steady_clock::time_point now_;
};

TEST(AdmissionMutationRunTest, EndsAtTheDeadlineBetweenParamsAndMutations) {
  std::string text = mutating("m", kAddsB,
                              "  reinvocationPolicy: Never\n  paramKind: {apiVersion: v1, kind: "
                              "ConfigMap}\n");
  text.resize(text.size() - 2);  // "]\n"
  text +=
      ", {patchType: ApplyConfiguration, applyConfiguration: {expression: "
      "\"Object{data: {'c': params.metadata.name}}\"}}]\n"
      "---\napiVersion: admissionregistration.k8s.io/v1\nkind: "
      "MutatingAdmissionPolicyBinding\nmetadata: {name: b}\nspec:\n  policyName: m\n"
      "  paramRef: {selector: {}, parameterNotFoundAction: Deny}\n";
  for (int i = 0; i < 5; ++i) {
    text += "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: p" + std::to_string(i) +
            ", namespace: shop}\n";
  }
  Arena arena;
  const auto set = policy::load_policies({{"test.yaml", text}});
  ASSERT_TRUE(set->diagnostics().empty()) << render(set->diagnostics().front());
  const AdmissionSupport support(*set);
  const auto scope = support.scope(set->admission_policies());
  const auto review = review_of_manifest(testing::yaml(kObject, arena), "shop", arena);

  struct Case {
    int seconds;
    std::size_t verdicts;
    std::string data;
  };

  // Each param looks once, and each of its two mutations once.
  for (const auto& [seconds, verdicts, data] : std::vector<Case>{
           {1, 0, R"({"a":"1"})"},
           {2, 1, R"({"a":"1"})"},
           {3, 1, R"({"a":"1","b":"2"})"},
           {4, 1, R"({"a":"1","b":"2","c":"p0"})"},
           {7, 2, R"({"a":"1","b":"2","c":"p1"})"},
       }) {
    const TickingClock clock;
    AdmissionAsk ask;
    ask.scope = &scope;
    ask.mode_of = [](const policy::AdmissionPolicy& /*policy*/) { return policy::Mode::kDeny; };
    ask.at_admission = true;
    ask.deadline = {&clock, std::chrono::steady_clock::time_point(std::chrono::seconds(seconds))};
    const auto made = mutate_admission(ask, *review, arena);
    EXPECT_EQ(made.verdicts.size(), verdicts) << seconds;
    EXPECT_EQ(document::print_json(made.object["data"]), data) << seconds;
  }
}

}  // namespace
}  // namespace seaworthy::engine
