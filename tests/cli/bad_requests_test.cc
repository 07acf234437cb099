// What the program itself answers to requests that are no reviews, and that it goes on after each.
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/json.h"
#include "support/server_process.h"
#include "support/test_data.h"

namespace seaworthy::cli {
namespace {

std::string review(const std::string& request) {
  return R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{)" + request +
         "}}";
}

struct Case {
  std::string what;
  std::string body;
  int status;
  std::string message;  ///< Of the Status, or of the refusal; its whole.
  std::string path = "/validate";
  std::string type = "application/json";
};

std::vector<Case> cases() {
  const std::string good = testing::test_data("reviews/create-pods-api-validating.json");
  const std::string bad = "the body is no AdmissionReview: ";
  const std::string wanted =
      "the body must be an AdmissionReview of admission.k8s.io/v1 or admission.k8s.io/v1beta1, "
      "not ";
  const std::string pod =
      R"("uid":"u","operation":"CREATE","kind":{"group":"","version":"v1","kind":"Pod"},)"
      R"("resource":{"group":"","version":"v1","resource":"pods"},"name":"p","namespace":"n")";
  std::string too_many = "[0";
  while (too_many.size() < (std::size_t{9} << 20U)) {
    too_many += ",0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0";
  }
  return {
      {"empty", "", 400, bad + "not JSON: byte 0: a value expected, found the end"},
      {"truncated", good.substr(0, good.size() / 2), 400,
       bad + R"(not JSON: byte 4395: '"' expected, found the end)"},
      {"no JSON", "hello", 400, bad + "not JSON: byte 0: a value expected, found 'h'"},
      {"no UTF-8", "{\"a\": \"\xff\xfe\"}", 400, bad + "not UTF-8: byte 7"},
      {"10,000 deep", std::string(10'000, '[') + std::string(10'000, ']'), 400,
       bad + "JSON over a limit: byte 200: more than 200 levels"},
      {"too many values", too_many + "]", 400,
       bad + "JSON over a limit: byte 7999999: more than 4000000 values"},
      {"20 MiB", std::string(std::size_t{20} << 20U, ' '), 413,
       "The body of the request is too large."},
      {"a list", "[]", 400, "the body must be an AdmissionReview object, not list"},
      {"another kind", R"({"apiVersion":"v1","kind":"Pod"})", 400, wanted + "'Pod' of 'v1'"},
      {"another version",
       R"({"apiVersion":"admission.k8s.io/v2","kind":"AdmissionReview","request":{"uid":"u"}})",
       400, wanted + "'AdmissionReview' of 'admission.k8s.io/v2'"},
      {"no request", R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"})", 400,
       "request is missing"},
      {"no uid", review(R"("operation":"CREATE")"), 400, "request.uid is missing"},
      {"unknown operation", review(R"("uid":"u","operation":"PATCH")"), 400,
       "request.operation must be CREATE, UPDATE, DELETE or CONNECT, not 'PATCH'"},
      {"object without spec", review(pod + R"(,"object":{"metadata":{"name":"p"}})"), 200,
       "spec is missing or not an object"},
      {"object that is no object", review(pod + R"(,"object":[])"), 400,
       "request.object must be an object, not list"},
      {"YAML", good, 415, "A review is plain application/json.", "/validate", "application/yaml"},
      {"another path", good, 404,
       "There is nothing at this path; reviews go to /validate and /mutate.", "/validates"},
  };
}

TEST(BadRequestsTest, AreToldWhatIsWrongAndHarmNobody) {
  testing::ServerProcess server({"--mode", "deny", "--lame-duck", "0s", "--drain-timeout", "10s"});
  ASSERT_NE(server.port(), 0);
  const std::string good = testing::test_data("reviews/create-pods-api-validating.json");
  net::HttpClient other = server.reviews();
  for (const Case& c : cases()) {
    net::HttpClient client = server.reviews();
    const auto reply = client.post(c.path, c.body, c.type);
    ASSERT_TRUE(reply) << c.what << ": " << reply.error().message;
    EXPECT_EQ(reply->status, c.status) << c.what;
    Arena arena;
    const auto answer = testing::json(reply->body, arena);
    if (c.status == 200) {
      EXPECT_FALSE(answer["response"]["allowed"].as_bool()) << c.what;
      EXPECT_EQ(answer["response"]["status"]["message"].as_string(), c.message) << c.what;
    } else {
      EXPECT_EQ(answer["kind"].as_string(), "Status") << c.what;
      EXPECT_EQ(answer["status"].as_string(), "Failure") << c.what;
      EXPECT_EQ(answer["code"].as_int(), c.status) << c.what;
      EXPECT_EQ(answer["message"].as_string(), c.message) << c.what;
    }
    EXPECT_TRUE(reply->field("Retry-After").empty()) << c.what;
    // The next request, on this connection and on another.
    for (net::HttpClient* next : {&client, &other}) {
      const auto served = next->post("/validate?timeout=10s", good);
      ASSERT_TRUE(served) << c.what << ": " << served.error().message;
      EXPECT_EQ(served->status, 200) << c.what;
      EXPECT_NE(served->body.find(R"("allowed":true)"), std::string::npos) << c.what;
    }
  }
  EXPECT_TRUE(server.is_alive());
  EXPECT_EQ(server.stop(), 0) << server.log();
}

}  // namespace
}  // namespace seaworthy::cli
