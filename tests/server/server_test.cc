#include "seaworthy/server/server.h"

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "seaworthy/server/status.h"
#include "server/running_webhook.h"

namespace seaworthy::server {
namespace {

using ::testing::HasSubstr;

TEST(ServerTest, AnswersReviewsAndHealth) {
  RunningWebhook running;
  net::HttpClient reviews = running.reviews();
  const auto reply = reviews.post("/validate?timeout=10s", "{\"a\":1}");
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, "{\"a\":1}");
  EXPECT_EQ(reply->field("Content-Type"), "application/json");
  net::HttpClient health = running.health();
  EXPECT_EQ(health.get("/readyz")->body, "ok\n");
  EXPECT_EQ(health.get("/livez")->status, 200);
  const std::string metrics = health.get("/metrics")->body;
  EXPECT_THAT(metrics,
              HasSubstr("seaworthy_http_requests_total{listener=\"admission\",code=\"200\"} 1\n"));
  EXPECT_THAT(metrics,
              HasSubstr("seaworthy_http_requests_total{listener=\"health\",code=\"200\"} 2\n"));
  EXPECT_THAT(metrics, HasSubstr("seaworthy_connections{listener=\"admission\"} 1\n"));
  EXPECT_EQ(health.post("/validate", "{}")->status, 404);
}

TEST(ServerTest, SaysWhereItListens) {
  RunningWebhook running;
  EXPECT_TRUE(running.lines.contains(
      R"("level":"info","message":"made a certificate","names":"127.0.0.1","ca":"ca.crt")"));
  EXPECT_TRUE(running.lines.contains(R"("message":"listening","listener":"admission","address":")" +
                                     running.server->address() + "\""));
  EXPECT_TRUE(running.lines.contains(R"("message":"listening","listener":"health","address":")" +
                                     running.server->health_address() + "\""));
}

TEST(ServerTest, AnswersErrorsInTheFormOfThePlatform) {
  RunningWebhook running;
  running.handler.function = [](const WebhookRequest&) -> WebhookReply {
    throw std::runtime_error("a bug");
  };
  net::HttpClient reviews = running.reviews();
  const auto failed = reviews.post("/validate", "{}");
  EXPECT_EQ(failed->status, 500);
  EXPECT_EQ(failed->body, status_body(500, "The server failed at this request."));
  EXPECT_TRUE(running.lines.contains(
      R"("message":"a request handler failed","path":"/validate","error":"a bug")"));
  running.handler.function = {};
  EXPECT_EQ(reviews.post("/validate", "{}")->status, 200);
  const auto wrong_method = reviews.get("/mutate");
  EXPECT_EQ(wrong_method->status, 405);
  EXPECT_EQ(wrong_method->field("Allow"), "POST");
  const auto large = reviews.post("/mutate", std::string((16U << 20U) + 1, 'x'));
  ASSERT_TRUE(large) << large.error().message;
  EXPECT_EQ(large->status, 413);
  EXPECT_EQ(large->body, status_body(413, "The body of the request is too large."));
}

TEST(ServerTest, IsNotReadyUntilItsConditionsHold) {
  RunningWebhook running;
  running.readiness.block("policies", "not loaded yet");
  net::HttpClient reviews = running.reviews();
  const auto early = reviews.post("/validate", "{}");
  EXPECT_EQ(early->status, 503);
  EXPECT_EQ(early->field("Retry-After"), "1");
  EXPECT_TRUE(reviews.connected());
  EXPECT_EQ(running.health().get("/readyz")->body,
            "[-]policies failed: not loaded yet\nreadyz check failed\n");
  running.readiness.allow("policies");
  EXPECT_EQ(reviews.post("/validate", "{}")->status, 200);
}

TEST(ServerTest, AnswersHealthWhileAllItsWorkersAreBusy) {
  RunningWebhook running;
  std::promise<void> released;
  const std::shared_future<void> release(released.get_future());
  std::atomic<int> busy = 0;
  running.handler.function = [&](const WebhookRequest&) {
    ++busy;
    release.wait();
    return WebhookReply{};
  };
  std::vector<std::thread> clients;
  for (int i = 0; i < 2; ++i) {
    clients.emplace_back([&running] { EXPECT_TRUE(running.reviews().post("/validate", "{}")); });
  }
  while (busy < 2) {
    std::this_thread::yield();
  }
  EXPECT_EQ(running.health().get("/livez")->status, 200);
  EXPECT_EQ(running.health().get("/livez")->status, 200);  // Silent, but not for long yet.
  released.set_value();
  for (std::thread& client : clients) {
    client.join();
  }
}

TEST(ServerTest, UsesACertificateOfFilesAndReadsItAgain) {
  const std::vector<std::string> names{"127.0.0.1"};
  const auto now = std::chrono::system_clock::now();
  const auto first = net::make_certificate(names, now, std::chrono::days(1)).value();
  const auto second = net::make_certificate(names, now, std::chrono::days(2)).value();
  testing::CapturedLog lines;
  const system::RealClock clock;
  observe::Log log(lines, clock, observe::LogLevel::kInfo);
  observe::Metrics metrics("test");
  testing::MemoryFileSystem files{{"tls.crt", first.certificate.chain_pem},
                                  {"tls.key", first.certificate.key_pem}};
  Readiness readiness;
  EchoHandler handler;
  ServerOptions options;
  options.listen = options.health_listen = "127.0.0.1:0";
  options.certificate_path = "tls.crt";
  options.key_path = "tls.key";
  const auto server =
      Server::start(options, {handler, readiness, files, clock, log, metrics}).value();
  const auto served_by = [&server](const std::string& ca) {
    net::HttpClientOptions trusting;
    trusting.ca_pem = ca;
    return net::HttpClient::make("https://" + server->address(), trusting)
        ->post("/mutate", "{}")
        .has_value();
  };
  EXPECT_TRUE(served_by(first.ca_pem));
  ASSERT_TRUE(files.write("tls.crt", second.certificate.chain_pem));
  const auto half = server->reload_certificate();
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().message,
            "--tls-cert and --tls-key: tls.key: is not the private key of tls.crt");
  EXPECT_TRUE(served_by(first.ca_pem));
  ASSERT_TRUE(files.write("tls.key", second.certificate.key_pem));
  EXPECT_TRUE(server->reload_certificate());
  EXPECT_TRUE(served_by(second.ca_pem));
  EXPECT_FALSE(served_by(first.ca_pem));
  const auto expiry = std::chrono::duration_cast<std::chrono::seconds>(
      second.certificate.not_after.time_since_epoch());
  EXPECT_THAT(metrics.text(), HasSubstr("seaworthy_certificate_expiry_timestamp_seconds " +
                                        std::to_string(expiry.count()) + "\n"));
}

TEST(ServerTest, SaysWhyItCannotStart) {
  RunningWebhook running;
  ServerOptions good;
  good.listen = good.health_listen = "127.0.0.1:0";

  struct Case {
    std::function<void(ServerOptions&)> change;
    std::string message;
  };

  const std::vector<Case> cases{
      {[](ServerOptions& o) { o.listen = "8443"; },
       "--listen: \"8443\" is no address: write ADDRESS:PORT or :PORT"},
      {[](ServerOptions& o) { o.health_listen = ":x"; },
       "--health-listen: \":x\" is no address: the port is a number from 0 to 65535"},
      {[&](ServerOptions& o) { o.listen = running.server->address(); },
       "cannot listen on " + running.server->address() + ": Address already in use"},
      {[](ServerOptions& o) { o.key_path = "tls.key"; },
       "--tls-cert and --tls-key are given together"},
      {[](ServerOptions& o) { o.certificate_path = "no.crt", o.key_path = "tls.key"; },
       "--tls-cert and --tls-key: no.crt: No such file or directory"},
      {[](ServerOptions& o) { o.names = {"a b"}; },
       "--tls-san: \"a b\" is neither a DNS name nor a numeric address"},
      {[](ServerOptions& o) { o.ca_path = "closed/ca.crt"; },
       "--ca-out: closed/ca.crt: Permission denied"},
  };
  running.files.fail_write("closed/ca.crt",
                           {ErrorCode::kDenied, "closed/ca.crt: Permission denied"});
  for (const Case& c : cases) {
    ServerOptions options = good;
    c.change(options);
    const auto server = Server::start(options, running.parts());
    ASSERT_FALSE(server) << c.message;
    EXPECT_EQ(server.error().message, c.message);
  }
}

}  // namespace
}  // namespace seaworthy::server
