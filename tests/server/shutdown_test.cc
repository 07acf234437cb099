// The steps between a signal and the end.
#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/server/server.h"
#include "server/running_webhook.h"

namespace seaworthy::server {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

void wait_for(RunningWebhook& running, std::string_view line) {
  while (!running.lines.contains(line)) {
    std::this_thread::yield();
  }
}

/// Holds the request that the handler gets until it is let go; it is then answered with `reply`.
class HeldRequest {
 public:
  HeldRequest(RunningWebhook& running, WebhookReply reply) {
    running.handler.function = [this, reply](const WebhookRequest&) {
      entered_ = true;
      released_.get_future().wait();
      return reply;
    };
  }

  void wait_until_entered() const {
    while (!entered_) {
      std::this_thread::yield();
    }
  }

  void release() { released_.set_value(); }

 private:
  std::atomic<bool> entered_ = false;
  std::promise<void> released_;
};

TEST(ShutdownTest, AnswersAsALameDuckAndAsksClientsToGo) {
  ServerOptions options;
  options.lame_duck = hours(1);
  RunningWebhook running(options);
  net::HttpClient old = running.reviews();
  ASSERT_EQ(old.post("/validate", "1")->body, "1");
  running.run();
  running.signals->notify();
  wait_for(running, "shutting down");
  EXPECT_EQ(running.health().get("/readyz")->status, 503);
  EXPECT_EQ(running.health().get("/livez")->status, 200);
  EXPECT_TRUE(old.connected());  // Nobody closed it while it waited.
  auto reply = old.post("/validate", "2");
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->field("Connection"), "close");
  net::HttpClient fresh = running.reviews();
  reply = fresh.post("/validate", "3");  // A client that has not heard of it yet.
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->body, "3");
  running.signals->notify();
  EXPECT_FALSE(running.join());
  EXPECT_TRUE(running.lines.contains("ended by a second signal"));
}

TEST(ShutdownTest, SendsLatecomersElsewhereAndEndsWhenTheyAreGone) {
  ServerOptions options;
  options.lame_duck = milliseconds(0);
  options.drain_timeout = hours(1);
  RunningWebhook running(options);
  net::HttpClient late = running.reviews();
  ASSERT_TRUE(late.post("/validate", "{}"));
  const std::uint16_t port = running.port();
  running.run();
  running.signals->notify();
  while (testing::RawSocket(port).connected()) {
    std::this_thread::yield();
  }
  const auto reply = late.post("/validate", "{}");
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 503);
  EXPECT_EQ(reply->field("Retry-After"), "1");
  EXPECT_EQ(reply->field("Connection"), "close");
  EXPECT_TRUE(running.join());
  EXPECT_TRUE(running.lines.contains(R"("message":"stopped","connections_closed":0)"));
}

// The API server keeps connections that it does not use for 90 seconds: that is no loss.
TEST(ShutdownTest, EndsWellThoughIdleConnectionsStay) {
  ServerOptions options;
  options.lame_duck = milliseconds(0);
  options.drain_timeout = milliseconds(30);
  RunningWebhook running(options);
  net::HttpClient idle = running.reviews();
  ASSERT_TRUE(idle.post("/validate", "{}"));
  const testing::RawSocket silent(running.port());
  running.run();
  running.signals->notify();
  EXPECT_TRUE(running.join());
  EXPECT_TRUE(
      running.lines.contains(R"("message":"stopped","connections_closed":2,"requests_cut_off":0)"));
}

TEST(ShutdownTest, SaysThatItCutARequestOff) {
  ServerOptions options;
  options.lame_duck = milliseconds(0);
  options.drain_timeout = milliseconds(300);
  RunningWebhook running(options);
  HeldRequest held(running, WebhookReply{});
  std::thread slow([&running] { static_cast<void>(running.reviews().post("/validate", "{}")); });
  held.wait_until_entered();
  running.run();
  running.signals->notify();
  wait_for(running, "stopped");
  held.release();
  EXPECT_FALSE(running.join());
  slow.join();
  EXPECT_TRUE(running.lines.contains(R"("requests_cut_off":1)"));
}

TEST(ShutdownTest, EndsTheDrainWithTheLastAnswer) {
  ServerOptions options;
  options.lame_duck = milliseconds(0);
  options.drain_timeout = hours(1);
  RunningWebhook running(options);
  HeldRequest held(running, WebhookReply{200, "late", false});
  std::thread slow([&running] {
    const auto reply = running.reviews().post("/validate", "{}");
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->body, "late");
    EXPECT_EQ(reply->field("Connection"), "close");
  });
  held.wait_until_entered();
  running.run();
  running.signals->notify();
  while (testing::RawSocket(running.port()).connected()) {
    std::this_thread::yield();
  }
  held.release();
  EXPECT_TRUE(running.join());
  slow.join();
  EXPECT_TRUE(running.lines.contains(R"("connections_closed":0,"requests_cut_off":0)"));
}

// Clients that connect again when they are told to, as the API server does, see no error, for as
// long as the balancer sends them here.
TEST(ShutdownTest, LosesNoRequestOfALameDuck) {
  ServerOptions options;
  options.lame_duck = hours(1);
  RunningWebhook running(options);
  std::atomic<bool> balanced = true;
  std::atomic<int> lost = 0;
  std::atomic<int> answered = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      net::HttpClient client = running.reviews();
      while (balanced) {
        const auto reply = client.post("/validate", "{}");
        lost += !reply || reply->status != 200 ? 1 : 0;
        ++answered;
      }
    });
  }
  running.run();
  const auto wait_for_more = [&answered] {
    for (const int before = answered; answered < before + 40;) {
      std::this_thread::yield();
    }
  };
  wait_for_more();
  running.signals->notify();
  wait_for(running, "shutting down");
  wait_for_more();
  balanced = false;
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_EQ(lost, 0);
  running.signals->notify();
  EXPECT_FALSE(running.join());
}

}  // namespace
}  // namespace seaworthy::server
