// What the API server, or anybody in the cluster, may post: each body gets an answer in the form
// that its reader needs, and the next request is served.
#include "seaworthy/server/webhook.h"

#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/document/json.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/test_data.h"

namespace seaworthy::server {
namespace {

using document::Node;

class WebhookTest : public ::testing::Test {
 protected:
  WebhookReply send(Endpoint endpoint, std::string_view body,
                    PolicyFilter filter = PolicyFilter::kAll) {
    return webhook_.handle({.endpoint = endpoint,
                            .filter = filter,
                            .body = body,
                            .deadline = clock_.monotonic() + deadline_});
  }

  /// A review that creates this object, as JSON.
  static std::string review(const std::string& object, const std::string& kind = "Pod") {
    return R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","kind":{"group":"","version":"v1","kind":")" +
           kind +
           R"("},"resource":{"group":"","version":"v1","resource":"pods"},"name":"web","namespace":"shop","operation":"CREATE","object":)" +
           object + "}}";
  }

  Arena arena_;
  testing::FakeClock clock_;
  std::chrono::seconds deadline_{9};
  testing::CapturedLog lines_;
  observe::Log log_{lines_, clock_, observe::LogLevel::kInfo};
  observe::Metrics metrics_{"test"};
  Webhook webhook_{testing::policies(),
                   {.mode = policy::Mode::kDeny,
                    .remedy = policy::RemedyLevel::kApply,
                    .deny_from = policy::Severity::kMedium,
                    .dry_run = false},
                   log_,
                   metrics_,
                   clock_};
};

TEST_F(WebhookTest, BadBodiesGetAStatusThatSaysWhy) {
  struct Case {
    std::string body;
    std::string message;  ///< The beginning of it.
  };

  const std::string good = review(R"({"spec":{"containers":[]}})");
  const Case cases[] = {
      {"", "the body is no AdmissionReview: "},
      {good.substr(0, good.size() / 2), "the body is no AdmissionReview: "},
      {"hello", "the body is no AdmissionReview: "},
      {"{\"a\": \"\xff\xfe\"}", "the body is no AdmissionReview: "},
      {std::string(10'000, '[') + std::string(10'000, ']'), "the body is no AdmissionReview: "},
      {R"({"apiVersion":"v1","kind":"Pod"})", "the body must be an AdmissionReview of "},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{}})",
       "request.uid is missing"},
      {R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"PATCH"}})",
       "request.operation must be CREATE, UPDATE, DELETE or CONNECT, not 'PATCH'"},
  };
  for (const auto& each : cases) {
    for (const auto endpoint : {Endpoint::kMutate, Endpoint::kValidate}) {
      const auto reply = send(endpoint, each.body);
      EXPECT_EQ(reply.status, 400) << each.body.substr(0, 80);
      EXPECT_FALSE(reply.retry_after);
      const Node status = testing::json(reply.body, arena_);
      EXPECT_EQ(status["kind"].as_string(), "Status");
      EXPECT_EQ(status["status"].as_string(), "Failure");
      EXPECT_EQ(status["code"].as_int(), 400);
      EXPECT_TRUE(status["message"].as_string().starts_with(each.message)) << reply.body;
      EXPECT_EQ(send(endpoint, good).status, 200);
    }
  }
}

TEST_F(WebhookTest, AnObjectWithoutSpecIsRefused) {
  const auto reply = send(Endpoint::kValidate, review(R"({"metadata":{"name":"web"}})"));
  EXPECT_EQ(reply.status, 200);
  const Node response = testing::json(reply.body, arena_)["response"];
  EXPECT_FALSE(response["allowed"].as_bool());
  EXPECT_EQ(response["status"]["message"].as_string(), "spec is missing or not an object");
  EXPECT_TRUE(
      testing::json(send(Endpoint::kMutate, review("{}")).body, arena_)["response"]["allowed"]
          .as_bool());
}

TEST_F(WebhookTest, APodOfWrongTypesGetsAnAnswer) {
  const std::string specs[] = {
      R"({"volumes":"abc","containers":[{"name":"c0"}]})",
      R"({"containers":[{"name":"c0","resources":{"requests":"abc","limits":{"cpu":1}}}]})",
      R"({"containers":[{"name":"c0","resources":"abc","volumeMounts":7}]})",
      R"({"containers":"abc"})",
  };
  for (const auto& spec : specs) {
    const auto reply = send(Endpoint::kMutate, review(R"({"spec":)" + spec + "}"));
    EXPECT_EQ(reply.status, 200) << spec;
    EXPECT_TRUE(testing::json(reply.body, arena_)["response"]["allowed"].as_bool()) << spec;
    EXPECT_EQ(send(Endpoint::kValidate, review(R"({"spec":)" + spec + "}")).status, 200) << spec;
  }
}

TEST_F(WebhookTest, AnswersInTheVersionThatItWasAskedIn) {
  std::string body = review(R"({"spec":{"containers":[]}})");
  body.replace(body.find("k8s.io/v1"), 9, "k8s.io/v1beta1");
  EXPECT_EQ(testing::json(send(Endpoint::kValidate, body).body, arena_)["apiVersion"].as_string(),
            "admission.k8s.io/v1beta1");
}

TEST_F(WebhookTest, ADeadlineThatPassedIsLeftToFailurePolicy) {
  deadline_ = std::chrono::seconds(0);
  const auto reply = send(Endpoint::kValidate, review(R"({"spec":{"containers":[]}})"));
  EXPECT_EQ(reply.status, 503);
  EXPECT_FALSE(reply.retry_after);
}

TEST_F(WebhookTest, PathsChooseByFailurePolicy) {
  const std::string bad = review(R"({"spec":{"hostNetwork":true,"containers":[]}})");
  auto allowed = [&](PolicyFilter filter) {
    return testing::json(send(Endpoint::kValidate, bad, filter).body, arena_)["response"]["allowed"]
        .as_bool();
  };
  EXPECT_FALSE(allowed(PolicyFilter::kAll));
  EXPECT_FALSE(allowed(PolicyFilter::kFail));
  EXPECT_TRUE(allowed(PolicyFilter::kIgnore));
}

TEST_F(WebhookTest, CountsAndLogsDecisions) {
  send(Endpoint::kValidate, review(R"({"spec":{"hostNetwork":true,"containers":[]}})"));
  send(Endpoint::kMutate, review(R"({"spec":{"containers":[{"name":"a","image":"x:1"}]}})"));
  const auto text = metrics_.text();
  for (const auto* part :
       {R"(decision="deny")", R"(decision="mutate")", R"(policy="no-host-network",result="fail")",
        R"(policy="flag",result="mended")"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
  }
  ASSERT_EQ(lines_.lines().size(), 2U);
  EXPECT_NE(lines_.lines().front().find(R"("decision":"deny")"), std::string::npos);
  EXPECT_NE(lines_.lines().front().find(R"("violated":"no-host-network")"), std::string::npos);
}

TEST_F(WebhookTest, TheNextRequestUsesWhatWasPublished) {
  const std::string bad = review(R"({"spec":{"hostNetwork":true,"containers":[]}})");
  webhook_.publish(
      testing::policies("apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: "
                        "t}\nspec: {policies: []}\n"));
  EXPECT_TRUE(
      testing::json(send(Endpoint::kValidate, bad).body, arena_)["response"]["allowed"].as_bool());
}

TEST_F(WebhookTest, TheLargestLegalObjectIsJudgedInTime) {
  // 3 MiB of annotations and environment: what a client may send at most (webhook contract 1.1).
  std::string object = R"({"metadata":{"annotations":{"a":")" +
                       std::string(std::size_t{2} * 1024 * 1024, 'x') +
                       R"("}},"spec":{"containers":[)";
  for (int i = 0; i < 1000; ++i) {
    object +=
        (i == 0 ? "" : ",") +
        (R"({"name":"c)" + std::to_string(i) +
         R"(","image":"x:1","securityContext":{"flag":true},"resources":{"limits":{"cpu":1}},"env":[{"name":"A","value":")") +
        std::string(900, 'y') + R"("}]})";
  }
  object += "]}}";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(send(Endpoint::kValidate, review(object)).status, 200);
  // 200 ms as it is shipped; this may be an unoptimised build under a sanitizer.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

}  // namespace
}  // namespace seaworthy::server
