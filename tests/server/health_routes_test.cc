#include "server/health_routes.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace seaworthy::server {
namespace {

using ::testing::HasSubstr;

class HealthRoutesTest : public ::testing::Test {
 protected:
  net::HttpResponse get(std::string_view path, std::string_view query = {},
                        std::string_view method = "GET") {
    net::HttpRequest request;
    request.method = method;
    request.path = path;
    request.query = query;
    net::HttpResponse response;
    routes_.handle(request, response);
    return response;
  }

  Readiness readiness_;
  SharedPhase phase_ = Phase::kServing;
  observe::Metrics metrics_{"1.2.3"};
  std::chrono::seconds silence_{0};
  HealthRoutes routes_{readiness_, phase_, metrics_, [this] { return silence_; }};
};

TEST_F(HealthRoutesTest, IsAliveWhateverElse) {
  readiness_.block("policies", "not loaded yet");
  phase_ = Phase::kDraining;
  EXPECT_EQ(get("/livez").status, 200);
  EXPECT_EQ(get("/livez").body, "ok\n");
}

TEST_F(HealthRoutesTest, IsNotAliveWithAWorkerThatIsStuck) {
  silence_ = limits::kWorkerSilenceMax;
  EXPECT_EQ(get("/livez").status, 200);
  silence_ += std::chrono::seconds(2);
  EXPECT_EQ(get("/livez").status, 503);
  EXPECT_EQ(get("/livez").body,
            "[-]workers failed: one has not answered for 62 s\nlivez check failed\n");
  EXPECT_EQ(get("/readyz").status, 200);
  silence_ = std::chrono::seconds(0);
  EXPECT_EQ(get("/livez").status, 200);
}

TEST_F(HealthRoutesTest, SaysWhyItIsNotReady) {
  readiness_.allow("certificate");
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(get("/readyz").body, "ok\n");
  EXPECT_EQ(get("/readyz", "verbose").body, "[+]certificate ok\nreadyz check passed\n");
  readiness_.block("policies", "policies/: No such file or directory");
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/readyz").body,
            "[+]certificate ok\n[-]policies failed: policies/: No such file or directory\nreadyz "
            "check failed\n");
  readiness_.allow("policies");
  phase_ = Phase::kLameDuck;
  EXPECT_EQ(get("/readyz").status, 503);
  EXPECT_EQ(get("/readyz").body,
            "[-]shutdown failed: the server is shutting down\n[+]certificate ok\n[+]policies "
            "ok\nreadyz check failed\n");
}

TEST_F(HealthRoutesTest, GivesMetrics) {
  const net::HttpResponse response = get("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(response.body, HasSubstr("\nseaworthy_ready 1\n"));
  EXPECT_THAT(response.body, HasSubstr("\nseaworthy_build_info{version=\"1.2.3\"} 1\n"));
  EXPECT_THAT(response.body, ::testing::Not(HasSubstr("process_resident_memory_bytes 0\n")));
  readiness_.block("policies", "none");
  EXPECT_THAT(get("/metrics").body, HasSubstr("\nseaworthy_ready 0\n"));
}

TEST_F(HealthRoutesTest, HasNothingElse) {
  for (const char* path : {"/", "/healthz", "/validate", "/metrics/", "/debug"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  const net::HttpResponse response = get("/livez", "", "POST");
  EXPECT_EQ(response.status, 405);
  const std::vector<std::pair<std::string_view, std::string>> allow{{"Allow", "GET, HEAD"}};
  EXPECT_EQ(response.fields, allow);
}

}  // namespace
}  // namespace seaworthy::server
