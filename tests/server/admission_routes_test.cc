#include "server/admission_routes.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/server/status.h"

namespace seaworthy::server {
namespace {

using std::chrono::milliseconds;

/// Notes what it was asked.
class NotingHandler final : public WebhookHandler {
 public:
  WebhookReply handle(const WebhookRequest& request) override {
    asked = request;
    return reply;
  }

  std::optional<WebhookRequest> asked;
  WebhookReply reply{200, "{}", false};
};

class AdmissionRoutesTest : public ::testing::Test {
 protected:
  net::HttpRequest request(std::string_view method, std::string_view path,
                           std::string_view type = "application/json") {
    fields_ = {{"Host", "a"}};
    if (!type.empty()) {
      fields_.push_back({"content-type", type});
    }
    net::HttpRequest made;
    made.method = method;
    made.path = path;
    made.fields = fields_;
    made.body = "review";
    made.received = received_;
    return made;
  }

  net::HttpResponse answer(const net::HttpRequest& request) {
    net::HttpResponse response;
    handler_.asked.reset();
    routes_.handle(request, response);
    // What is refused is refused before its body comes, too; in the same words.
    net::HttpResponse early;
    EXPECT_EQ(routes_.wants_body(request, early), handler_.asked.has_value());
    if (!handler_.asked) {
      EXPECT_EQ(early.status, response.status);
      EXPECT_EQ(early.body, response.body);
    }
    return response;
  }

  std::chrono::steady_clock::time_point received_{std::chrono::hours(1)};
  std::vector<net::HttpField> fields_;
  NotingHandler handler_;
  Readiness readiness_;
  SharedPhase phase_ = Phase::kServing;
  AdmissionRoutes routes_{handler_, readiness_, phase_};
};

TEST_F(AdmissionRoutesTest, KnowsItsPaths) {
  struct Case {
    const char* path;
    Endpoint endpoint;
    PolicyFilter filter;
  };

  const std::vector<Case> cases{{"/validate", Endpoint::kValidate, PolicyFilter::kAll},
                                {"/validate/fail", Endpoint::kValidate, PolicyFilter::kFail},
                                {"/validate/ignore", Endpoint::kValidate, PolicyFilter::kIgnore},
                                {"/mutate", Endpoint::kMutate, PolicyFilter::kAll},
                                {"/mutate/fail", Endpoint::kMutate, PolicyFilter::kFail},
                                {"/mutate/ignore", Endpoint::kMutate, PolicyFilter::kIgnore}};
  for (const Case& c : cases) {
    const net::HttpResponse response = answer(request("POST", c.path));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "{}");
    EXPECT_EQ(response.content_type, "application/json");
    ASSERT_TRUE(handler_.asked) << c.path;
    EXPECT_EQ(handler_.asked->endpoint, c.endpoint);
    EXPECT_EQ(handler_.asked->filter, c.filter);
    EXPECT_EQ(handler_.asked->body, "review");
  }
}

TEST_F(AdmissionRoutesTest, RefusesWhatIsNoReview) {
  struct Case {
    const char* method;
    const char* path;
    const char* type;
    int status;
    const char* message;
  };

  const char* nothing = "There is nothing at this path; reviews go to /validate and /mutate.";
  const char* post = "Reviews are sent with POST.";
  const char* json = "A review is plain application/json.";
  const std::vector<Case> cases{
      {"POST", "/", "application/json", 404, nothing},
      {"POST", "/validate/", "application/json", 404, nothing},
      {"POST", "/validate/all", "application/json", 404, nothing},
      {"POST", "/Validate", "application/json", 404, nothing},
      {"GET", "/healthz", "", 404, nothing},
      {"GET", "/validate", "", 405, post},
      {"PUT", "/mutate", "application/json", 405, post},
      {"HEAD", "/mutate", "", 405, post},
      {"POST", "/validate", "", 415, json},
      {"POST", "/validate", "text/plain", 415, json},
      {"POST", "/validate", "application/jsonx", 415, json},
      {"POST", "/validate", "application/vnd.kubernetes.protobuf", 415, json},
  };
  for (const Case& c : cases) {
    const net::HttpResponse response = answer(request(c.method, c.path, c.type));
    EXPECT_FALSE(handler_.asked) << c.path;
    EXPECT_EQ(response.status, c.status) << c.method << " " << c.path << " " << c.type;
    EXPECT_EQ(response.body, status_body(c.status, c.message));
    const bool has_allow = !response.fields.empty() && response.fields.at(0).first == "Allow";
    EXPECT_EQ(has_allow, c.status == 405);
  }
}

TEST_F(AdmissionRoutesTest, TakesJsonWithParameters) {
  for (const char* type :
       {"application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"}) {
    EXPECT_EQ(answer(request("POST", "/validate", type)).status, 200) << type;
  }
  net::HttpRequest zipped = request("POST", "/validate");
  fields_.push_back({"Content-Encoding", "gzip"});
  zipped.fields = fields_;
  EXPECT_EQ(answer(zipped).status, 415);
}

TEST_F(AdmissionRoutesTest, AsksToComeAgainWhileItCannotAnswer) {
  const std::vector<std::pair<std::string_view, std::string>> again{{"Retry-After", "1"}};
  readiness_.block("policies", "not loaded yet");
  net::HttpResponse response = answer(request("POST", "/validate"));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, status_body(503, "The server is not ready yet."));
  EXPECT_EQ(response.fields, again);
  readiness_.allow("policies");
  phase_ = Phase::kLameDuck;
  EXPECT_EQ(answer(request("POST", "/validate")).status, 200);
  phase_ = Phase::kDraining;
  response = answer(request("POST", "/validate"));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, status_body(503, "The server is shutting down."));
  EXPECT_EQ(response.fields, again);
}

TEST_F(AdmissionRoutesTest, PassesOnWhatTheHandlerSays) {
  handler_.reply = {503, "{\"kind\":\"Status\"}", false};
  net::HttpResponse response = answer(request("POST", "/mutate"));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "{\"kind\":\"Status\"}");
  EXPECT_TRUE(response.fields.empty());
  handler_.reply.retry_after = true;
  response = answer(request("POST", "/mutate"));
  const std::vector<std::pair<std::string_view, std::string>> again{{"Retry-After", "1"}};
  EXPECT_EQ(response.fields, again);
}

// Webhook contract, 1.1: the real deadline may be a second earlier than the parameter says.
TEST_F(AdmissionRoutesTest, KnowsItsDeadline) {
  struct Case {
    const char* query;
    milliseconds expected;
  };

  const std::vector<Case> cases{{"", milliseconds(9000)},
                                {"timeout=10s", milliseconds(9000)},
                                {"timeout=1s", milliseconds(500)},
                                {"timeout=2s", milliseconds(1000)},
                                {"timeout=3s", milliseconds(2000)},
                                {"timeout=30s", milliseconds(29'000)},
                                {"a=b&timeout=5s", milliseconds(4000)},
                                {"timeout=0s", milliseconds(9000)},
                                {"timeout=-5s", milliseconds(9000)},
                                {"timeout=31s", milliseconds(9000)},
                                {"timeout=5", milliseconds(9000)},
                                {"timeout=5m", milliseconds(9000)},
                                {"timeout=99999999999999s", milliseconds(9000)}};
  for (const Case& c : cases) {
    net::HttpRequest asked = request("POST", "/validate");
    asked.query = c.query;
    answer(asked);
    ASSERT_TRUE(handler_.asked);
    EXPECT_EQ(handler_.asked->deadline - received_, c.expected) << c.query;
  }
}

}  // namespace
}  // namespace seaworthy::server
