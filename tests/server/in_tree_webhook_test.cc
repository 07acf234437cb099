// In-tree policies behind the webhook's routes: which policies run where, and the answer on the
// wire.
#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/server/webhook.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"

namespace seaworthy::server {
namespace {

constexpr const char* kPolicies = R"yaml(apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: strict}
spec:
  failurePolicy: Fail
  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: [configmaps]}]}
  validations: [{expression: object.data.a == '1', message: a is not 1}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: lenient}
spec:
  failurePolicy: Ignore
  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: [configmaps]}]}
  validations: [{expression: object.data.a == '1', message: a should be 1, reason: Forbidden}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: adds}
spec:
  failurePolicy: Ignore
  reinvocationPolicy: Never
  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: ['*'], resources: [configmaps]}]}
  mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: "Object{data: {'b': '2'}}"}}]
)yaml";

struct RouteCase {
  const char* name;
  Endpoint endpoint;
  PolicyFilter filter;
  std::string response;  ///< Without what every one has.
};

void PrintTo(const RouteCase& route, std::ostream* out) { *out << route.name; }

class InTreeWebhookTest : public ::testing::TestWithParam<RouteCase> {};

TEST_P(InTreeWebhookTest, AnswersByFailurePolicy) {
  const testing::FakeClock clock;
  testing::CapturedLog lines;
  observe::Log log(lines, clock, observe::LogLevel::kInfo);
  observe::Metrics metrics("test");
  Webhook webhook(testing::policies(kPolicies),
                  {.mode = policy::Mode::kDeny,
                   .remedy = policy::RemedyLevel::kSuggest,
                   .deny_from = policy::Severity::kMedium,
                   .dry_run = false},
                  log, metrics, clock);
  const auto reply = webhook.handle(
      {.endpoint = GetParam().endpoint,
       .filter = GetParam().filter,
       .body =
           R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","kind":)"
           R"({"group":"","version":"v1","kind":"ConfigMap"},"resource":{"group":"","version":"v1",)"
           R"("resource":"configmaps"},"name":"c","namespace":"shop","operation":"CREATE","object":)"
           R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"x"}}}})",
       .deadline = clock.monotonic() + std::chrono::seconds(9)});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(
      reply.body,
      R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"u",)" +
          GetParam().response + "}}");
}

const std::string kStrict = "ValidatingAdmissionPolicy 'strict' denied request: a is not 1";
const std::string kLenient = "ValidatingAdmissionPolicy 'lenient' denied request: a should be 1";

INSTANTIATE_TEST_SUITE_P(
    All, InTreeWebhookTest,
    ::testing::Values(
        RouteCase{"Fail", Endpoint::kValidate, PolicyFilter::kFail,
                  R"("allowed":false,"status":{"code":422,"reason":"Invalid","message":")" +
                      kStrict + R"(","details":{"causes":[{"message":")" + kStrict + R"("}]}})"},
        RouteCase{"Ignore", Endpoint::kValidate, PolicyFilter::kIgnore,
                  R"("allowed":false,"status":{"code":403,"reason":"Forbidden","message":")" +
                      kLenient + R"(","details":{"causes":[{"message":")" + kLenient + R"("}]}})"},
        RouteCase{"All", Endpoint::kValidate, PolicyFilter::kAll,
                  R"("allowed":false,"status":{"code":403,"reason":"Forbidden","message":")" +
                      kLenient + R"(\n)" + kStrict + R"(","details":{"causes":[{"message":")" +
                      kLenient + R"("},{"message":")" + kStrict + R"("}]}})"},
        RouteCase{"MutateFail", Endpoint::kMutate, PolicyFilter::kFail, R"("allowed":true)"},
        RouteCase{"MutateIgnore", Endpoint::kMutate, PolicyFilter::kIgnore,
                  R"("allowed":true,"patchType":"JSONPatch","patch":")" +
                      admission::to_base64(R"([{"op":"add","path":"/data/b","value":"2"}])") +
                      R"(")"}),
    ::testing::PrintToStringParamName());

}  // namespace
}  // namespace seaworthy::server
