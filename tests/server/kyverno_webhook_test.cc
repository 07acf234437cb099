// Kyverno's policies behind the webhook, asked as the API server asks: the kind of a request for a
// sub-resource is that of what is sent.
#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/server/webhook.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/json.h"

namespace seaworthy::server {
namespace {

/// A ClusterPolicy with one rule for a kind.
std::string cluster_policy(const std::string& name, const std::string& kind,
                           const std::string& expression, const std::string& spec = "") {
  return "---\napiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: " + name +
         "}\nspec:\n  validationFailureAction: Enforce\n" + spec +
         "  rules:\n    - name: r\n      match: {any: [{resources: {kinds: [" + kind +
         "]}}]}\n      validate: {cel: {expressions: [{expression: \"" + expression +
         "\", message: refused}]}}\n";
}

struct AskCase {
  const char* name;
  std::string policy;
  std::string request;  ///< Without uid and namespace.
  std::string message;  ///< Of the refusal; empty where it is let in.
};

void PrintTo(const AskCase& ask, std::ostream* out) { *out << ask.name; }

class KyvernoWebhookTest : public ::testing::TestWithParam<AskCase> {};

TEST_P(KyvernoWebhookTest, AnswersAsKyvernoDoes) {
  const testing::FakeClock clock;
  testing::CapturedLog lines;
  observe::Log log(lines, clock, observe::LogLevel::kInfo);
  observe::Metrics metrics("test");
  Webhook webhook(testing::policies(GetParam().policy),
                  {.mode = policy::Mode::kDeny,
                   .remedy = policy::RemedyLevel::kSuggest,
                   .deny_from = policy::Severity::kMedium,
                   .dry_run = false},
                  log, metrics, clock);
  const auto reply = webhook.handle(
      {.endpoint = Endpoint::kValidate,
       .filter = PolicyFilter::kAll,
       .body =
           R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",)"
           R"("namespace":"shop",)" +
           GetParam().request + "}}",
       .deadline = clock.monotonic() + std::chrono::seconds(9)});
  ASSERT_EQ(reply.status, 200) << reply.body;
  Arena arena;
  const auto response = testing::json(reply.body, arena)["response"];
  EXPECT_EQ(response["allowed"].as_bool(), GetParam().message.empty()) << reply.body;
  EXPECT_EQ(response["status"]["message"].as_string(), GetParam().message);
}

std::vector<AskCase> cases() {
  const std::string exec =
      R"("kind":{"group":"","version":"v1","kind":"PodExecOptions"},"resource":{"group":"",)"
      R"("version":"v1","resource":"pods"},"subResource":"exec","name":"a","operation":"CONNECT",)"
      R"("object":{"apiVersion":"v1","kind":"PodExecOptions","command":["sh"]})";
  const std::string scale =
      R"("kind":{"group":"autoscaling","version":"v1","kind":"Scale"},"resource":{"group":"apps",)"
      R"("version":"v1","resource":"deployments"},"subResource":"scale","name":"a",)"
      R"("operation":"UPDATE","object":{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":)"
      R"({"name":"a"},"spec":{"replicas":50}},"oldObject":{"spec":{"replicas":1}})";
  const std::string removal =
      R"("kind":{"group":"","version":"v1","kind":"ConfigMap"},"resource":{"group":"","version":)"
      R"("v1","resource":"configmaps"},"name":"a","operation":"DELETE","oldObject":{"apiVersion":)"
      R"("v1","kind":"ConfigMap","metadata":{"name":"a"}})";
  const std::string refusal = "ClusterPolicy 'c' denied request: refused";
  return {
      {"Exec", cluster_policy("c", "Pod/exec", "request.namespace != 'shop'"), exec, refusal},
      {"ExecElsewhere", cluster_policy("c", "Pod/exec", "request.namespace == 'shop'"), exec, ""},
      {"Scale", cluster_policy("c", "Deployment/scale", "object.spec.replicas <= 3"), scale,
       refusal},
      {"Delete", cluster_policy("c", "ConfigMap", "request.operation != 'DELETE'"), removal,
       refusal},
      {"DeleteReadsTheOldObject", cluster_policy("c", "ConfigMap", "oldObject != null"), removal,
       ""},
      {"NotAtAdmission", cluster_policy("c", "ConfigMap", "false", "  admission: false\n"), removal,
       ""},
      {"ErrorUnderIgnore",
       cluster_policy("c", "ConfigMap", "oldObject.data.a == 'b'", "  failurePolicy: Ignore\n"),
       removal,
       "ClusterPolicy 'c' denied request: expression 'oldObject.data.a == 'b'' resulted in error: "
       "no such key: data"},
  };
}

INSTANTIATE_TEST_SUITE_P(All, KyvernoWebhookTest, ::testing::ValuesIn(cases()),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace seaworthy::server
