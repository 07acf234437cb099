// What the API server reads from patched JSON. The rows on Pods are what kube-apiserver 1.36
// answers to a JSONPatch that leaves them, but for the words of values that do not fit.
#include "engine/patched_object.h"

#include <gtest/gtest.h>

#include "seaworthy/document/json.h"
#include "support/json.h"

namespace seaworthy::engine {
namespace {

struct Case {
  std::string_view patched;
  std::string_view answer;  ///< The object, or the error without "Internal error occurred: ".
};

class PatchedObjectTest : public ::testing::TestWithParam<Case> {
 protected:
  static std::string answer(std::string_view patched, std::string_view before, bool typed) {
    const document::MergeSchema types;
    Arena arena;
    const auto made = decode_patched(testing::json(patched, arena), testing::json(before, arena),
                                     typed ? &types : nullptr, arena);
    if (made) {
      return document::print_json(*made);
    }
    EXPECT_EQ(made.error().code, ErrorCode::kInternal);
    constexpr std::string_view kPrefix = "Internal error occurred: ";
    EXPECT_TRUE(made.error().message.starts_with(kPrefix)) << made.error().message;
    return made.error().message.substr(kPrefix.size());
  }
};

TEST_P(PatchedObjectTest, OfABuiltInKindMustDecodeStrictly) {
  EXPECT_EQ(answer(GetParam().patched,
                   R"({"apiVersion":"v1","kind":"Pod","spec":{"old":1,"hostPID":"x"}})", true),
            GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    All, PatchedObjectTest,
    ::testing::Values(
        Case{R"({"apiVersion":"v1","kind":"Pod","spec":{"hostNetwork":true}})",
             R"({"apiVersion":"v1","kind":"Pod","spec":{"hostNetwork":true}})"},
        Case{R"({"spec":{}})", R"({"spec":{},"apiVersion":"v1","kind":"Pod"})"},
        Case{R"({"apiVersion":"v1","kind":5})",
             "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go "
             "struct field .kind of type string"},
        Case{
            R"({"apiVersion":"v1","kind":"Nope"})",
            R"(no kind "Nope" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111")"},
        Case{
            R"({"apiVersion":"v7","kind":"Pod"})",
            R"(no kind "Pod" is registered for version "v7" in scheme "pkg/runtime/scheme.go:111")"},
        Case{R"({"apiVersion":"v1","kind":"Service","spec":{"containers":[]}})",
             R"(strict decoding error: unknown field "spec.containers")"},
        Case{R"({"apiVersion":"v1","kind":"Service"})",
             "failed to convert object: the patch makes another kind of it"},
        Case{R"({"kind":"Pod","spec":{"barFoo":1,"containers":[{"name":"a","fooBar":1}]}})",
             R"(strict decoding error: unknown field "spec.barFoo", unknown field )"
             R"("spec.containers[0].fooBar")"},
        Case{R"({"spec":{"HostNetwork":true}})",
             R"(strict decoding error: unknown field "spec.HostNetwork")"},
        Case{R"({"spec":{"hostNetwork":"yes"}})",
             "spec.hostNetwork must be a boolean, not a string"},
        Case{R"({"spec":{"priority":1.5}})", "spec.priority must be a whole number, not a fraction"},
        Case{R"({"spec":{"terminationGracePeriodSeconds":"5"}})",
             "spec.terminationGracePeriodSeconds must be a number, not a string"},
        Case{R"({"metadata":{"labels":{"x":5}}})",
             "metadata.labels.x must be a string, not a number"},
        Case{R"({"spec":{"tolerations":{"a":"b"}}})", "spec.tolerations must be a list, not a map"},
        Case{R"({"spec":{"securityContext":["a"]}})",
             "spec.securityContext must be a map, not a list"},
        Case{R"({"spec":{"containers":[{"resources":{"limits":{"cpu":true}}}]}})",
             "spec.containers[0].resources.limits.cpu must be a number or a string, not a boolean"},
        // These it takes, or leaves to the validation of the Pod.
        Case{R"({"kind":"Pod","apiVersion":"v1","metadata":{"labels":{"x":null}},"spec":{)"
             R"("volumes":[{"emptyDir":{}}],"tolerations":[null],"containers":[{"ports":[{)"
             R"("containerPort":80}],"resources":{"limits":{"cpu":1}}}]}})",
             R"({"kind":"Pod","apiVersion":"v1","metadata":{"labels":{"x":null}},"spec":{)"
             R"("volumes":[{"emptyDir":{}}],"tolerations":[null],"containers":[{"ports":[{)"
             R"("containerPort":80}],"resources":{"limits":{"cpu":1}}}]}})"},
        // What was there before is not the patch's fault: the API server has dropped or refused it.
        Case{R"({"apiVersion":"v1","kind":"Pod","spec":{"old":1,"hostPID":"x"}})",
             R"({"apiVersion":"v1","kind":"Pod","spec":{"old":1,"hostPID":"x"}})"},
        Case{R"({"apiVersion":"v1","kind":"Pod","spec":{"old":1,"hostPID":"x","new":1}})",
             R"(strict decoding error: unknown field "spec.new")"}));

TEST_F(PatchedObjectTest, OfAnyOtherKindMustSayItsKind) {
  constexpr std::string_view kBefore = R"({"apiVersion":"a.com/v1","kind":"Thing"})";
  constexpr std::string_view kAfter = R"({"apiVersion":"a.com/v2","kind":"Thing","any":1})";
  constexpr std::string_view kWithout = R"({"apiVersion":"v1","x":"<"})";
  const std::string missing = R"(Object 'Kind' is missing in '{"apiVersion":"v1","x":"\u003c"}')";
  EXPECT_EQ(answer(kAfter, kBefore, true), kAfter);
  EXPECT_EQ(answer(kWithout, kBefore, true), missing);
  // So it is of built-in kinds, where nobody knows them.
  EXPECT_EQ(answer(kWithout, R"({"apiVersion":"v1","kind":"Pod"})", false), missing);
}

}  // namespace
}  // namespace seaworthy::engine
