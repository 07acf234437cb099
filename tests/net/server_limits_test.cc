// What one client can cost the others: time, memory, connections.
#include <array>
#include <chrono>
#include <deque>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/running_server.h"
#include "seaworthy/net/http_server.h"

namespace seaworthy::net {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Everything takes as long as it likes, but for what a test sets.
HttpServerOptions patient() {
  HttpServerOptions options;
  options.linger_timeout = milliseconds(20);
  return options;
}

TEST(ServerLimitsTest, EndsSlowHeaders) {
  HttpServerOptions options = patient();
  options.header_timeout = milliseconds(30);
  const RunningServer running(options);
  auto socket = running.connect();
  socket.send("GET / HTTP/1.1\r\nHost: ");
  EXPECT_EQ(without_date(socket.read_all()),
            refusal("408 Request Timeout", "The request did not arrive in time."));
}

TEST(ServerLimitsTest, EndsSlowHeadersHoweverOftenTheySayAByte) {
  HttpServerOptions options = patient();
  options.header_timeout = milliseconds(30);
  const RunningServer running(options);
  auto socket = running.connect();
  socket.send("GET /");
  const auto start = std::chrono::steady_clock::now();
  while (socket.send("x") && socket.is_quiet()) {
    ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  }
  SUCCEED();
}

TEST(ServerLimitsTest, EndsSlowBodies) {
  HttpServerOptions options = patient();
  options.body_timeout = milliseconds(30);
  const RunningServer running(options);
  auto socket = running.connect();
  socket.send(request("POST /", "", "Content-Length: 100\r\n") + "half");
  EXPECT_EQ(without_date(socket.read_all()),
            refusal("408 Request Timeout", "The request did not arrive in time."));
}

TEST(ServerLimitsTest, EndsIdleConnectionsWithoutAWord) {
  HttpServerOptions options = patient();
  options.idle_timeout = milliseconds(30);
  const RunningServer running(options);
  auto silent = running.connect();
  EXPECT_EQ(silent.read_all(), "");
  auto used = running.connect();
  used.send(request("GET /"));
  EXPECT_EQ(without_date(used.read_response()), answer("GET / []"));
  EXPECT_EQ(used.read_all(), "");
}

TEST(ServerLimitsTest, EndsClientsThatDoNotRead) {
  HttpServerOptions options = patient();
  options.write_timeout = milliseconds(30);
  const RunningServer running(options, nullptr, [](const HttpRequest&, HttpResponse& response) {
    response.body.assign(16U << 20U, 'x');
  });
  auto socket = running.connect();
  socket.send(request("GET /"));
  std::string got = socket.read_until("\r\n\r\n");
  while (running.server->connections() > 0) {
    std::this_thread::yield();
  }
  got += socket.read_all();
  EXPECT_LT(got.size(), 16U << 20U);
}

TEST(ServerLimitsTest, EndsClientsThatDoNotCloseAfterTheLastResponse) {
  const RunningServer running(patient());
  auto socket = running.connect();
  socket.send(request("GET /", "", "Connection: close\r\n"));
  socket.read_all();
  while (running.server->connections() > 0) {
    std::this_thread::yield();
  }
}

TEST(ServerLimitsTest, ClosesTheLongestIdleForANewcomer) {
  HttpServerOptions options = patient();
  options.connections_max = 3;
  RunningServer running(options);
  std::deque<testing::RawSocket> sockets;
  for (int i = 0; i < 3; ++i) {
    sockets.push_back(running.connect());
    sockets.back().send(request("GET /"));
    sockets.back().read_response();
  }
  sockets.at(0).send(request("GET /"));  // Now the second one has done nothing for longest.
  sockets.at(0).read_response();
  auto newcomer = running.connect();
  newcomer.send(request("GET /"));
  EXPECT_EQ(without_date(newcomer.read_response()), answer("GET / []"));
  EXPECT_TRUE(sockets.at(1).at_end());
  for (const std::size_t still : {0U, 2U}) {
    sockets.at(still).send(request("GET /"));
    EXPECT_EQ(without_date(sockets.at(still).read_response()), answer("GET / []"));
  }
  EXPECT_EQ(running.server->connections(), 3U);
}

TEST(ServerLimitsTest, ServesWhileManyHoldConnectionsOpen) {
  HttpServerOptions options = patient();
  options.connections_max = 50;
  const RunningServer running(options);
  std::deque<testing::RawSocket> hostile;
  for (int i = 0; i < 300; ++i) {
    hostile.push_back(running.connect());
    hostile.back().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx");
  }
  auto honest = running.connect();
  for (int i = 0; i < 10; ++i) {
    honest.send(request("POST /", "review"));
    EXPECT_EQ(without_date(honest.read_response()), answer("POST / [review]"));
  }
  EXPECT_LE(running.server->connections(), 50U);
}

TEST(ServerLimitsTest, GivesTheMemoryOfTheSlowestToOthers) {
  HttpServerOptions options = patient();
  options.body_bytes_max = 100'000;
  options.unfinished_bytes_max = 0;  // Then it is two of the largest bodies.
  RunningServer running(options);
  std::deque<testing::RawSocket> slow;
  for (int i = 0; i < 4; ++i) {
    slow.push_back(running.connect());
    slow.back().send(request("POST /", "", "Content-Length: 90001\r\n") + std::string(90'000, 'x'));
    running.settle();
  }
  EXPECT_TRUE(slow.at(0).at_end());
  slow.at(3).send("x");
  EXPECT_THAT(slow.at(3).read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
  auto honest = running.connect();
  honest.send(request("POST /", "review"));
  EXPECT_EQ(without_date(honest.read_response()), answer("POST / [review]"));
}

// A large body is judged elsewhere, and everything else goes on.
TEST(ServerLimitsTest, NobodyWaitsForALargeBody) {
  std::promise<void> entered;
  std::promise<void> released;
  RunningServer running(patient(), nullptr, [&](const HttpRequest& got, HttpResponse& response) {
    if (got.path == "/large") {
      entered.set_value();
      released.get_future().wait();
    }
    response.content_type = "text/plain";
    response.body = std::string(got.path) + " " + std::to_string(got.body.size());
  });
  const std::string large(limits::kLargeBodyBytes + 1, 'x');
  auto slow = running.connect();
  slow.send(request("POST /large", large) + request("POST /after", "small"));
  entered.get_future().wait();
  EXPECT_EQ(running.server->unanswered(), 1U);
  auto other = running.connect();
  for (int i = 0; i < 3; ++i) {
    other.send(request("POST /small", "small"));
    EXPECT_EQ(without_date(other.read_response()), answer("/small 5"));
  }
  EXPECT_TRUE(slow.is_quiet());
  released.set_value();
  EXPECT_EQ(without_date(slow.read_response()), answer("/large " + std::to_string(large.size())));
  EXPECT_EQ(without_date(slow.read_response()), answer("/after 5"));
  slow.send(request("POST /again", large));
  EXPECT_EQ(without_date(slow.read_response()), answer("/again " + std::to_string(large.size())));
}

TEST(ServerLimitsTest, ShedsLargeBodiesWhenTooManyWait) {
  std::promise<void> entered;
  std::promise<void> released;
  RunningServer running(patient(), nullptr, [&](const HttpRequest& got, HttpResponse& response) {
    if (got.path == "/block") {
      entered.set_value();
      released.get_future().wait();
    }
    response.body = "done";
  });
  const std::string body(limits::kBodyBytesMax, 'x');
  std::deque<testing::RawSocket> waiting;
  waiting.push_back(running.connect());
  waiting.back().send(request("POST /block", body));
  entered.get_future().wait();
  for (std::size_t bytes = body.size(); bytes <= limits::kLargeBytesWaitingMax;
       bytes += body.size()) {
    waiting.push_back(running.connect());
    waiting.back().send(request("POST /wait", body));
    while (running.server->unanswered() < waiting.size()) {
      std::this_thread::yield();
    }
  }
  waiting.push_back(running.connect());
  waiting.back().send(request("POST /wait", body));
  auto small = running.connect();
  small.send(request("POST /small", "small"));
  EXPECT_THAT(small.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
  // Which of the last two was there first is not known.
  while (running.metrics.text().find("code=\"503\"} 1\n") == std::string::npos) {
    std::this_thread::yield();
  }
  released.set_value();
  int shed = 0;
  for (auto& socket : waiting) {
    const std::string response = socket.read_response();
    shed += response.find("503 Service Unavailable\r\n") != std::string::npos &&
                    response.find("\r\nRetry-After: 1\r\n") != std::string::npos
                ? 1
                : 0;
  }
  EXPECT_EQ(shed, 1);
}

TEST(ServerLimitsTest, EndsWhileALargeBodyIsJudged) {
  std::promise<void> entered;
  std::promise<void> released;
  auto running = std::make_unique<RunningServer>(patient(), nullptr,
                                                 [&](const HttpRequest& got, HttpResponse&) {
                                                   if (got.path == "/block") {
                                                     entered.set_value();
                                                     released.get_future().wait();
                                                   }
                                                 });
  const std::string large(limits::kLargeBodyBytes + 1, 'x');
  std::deque<testing::RawSocket> sockets;
  sockets.push_back(running->connect());
  sockets.back().send(request("POST /block", large));
  entered.get_future().wait();
  sockets.push_back(running->connect());
  sockets.back().send(request("POST /next", large));
  while (running->server->unanswered() < 2) {
    std::this_thread::yield();
  }
  std::thread ending([&running] { running.reset(); });
  EXPECT_TRUE(sockets.back().at_end());
  released.set_value();
  ending.join();
  EXPECT_TRUE(sockets.front().at_end());
}

// Requests that come together wait for each other; who waited too long is told to come again.
TEST(ServerLimitsTest, ShedsWhatWaitedTooLong) {
  std::promise<void> entered;
  std::array<std::promise<void>, 2> released;
  HttpServerOptions options = patient();
  options.queue_time_max = milliseconds(20);
  RunningServer running(options, nullptr, [&](const HttpRequest& got, HttpResponse&) {
    if (got.path == "/first") {
      entered.set_value();
      released[0].get_future().wait();
    } else if (got.path == "/second") {
      released[1].get_future().wait();
    }
  });
  auto busy = running.connect();
  auto slow = running.connect();
  auto waiter = running.connect();
  for (auto* socket : {&busy, &slow, &waiter}) {
    socket->send(request("GET /"));
    socket->read_response();
  }
  busy.send(request("GET /first"));
  entered.get_future().wait();
  // Both are there when the only worker looks again.
  slow.send(request("GET /second"));
  waiter.send(request("GET /"));
  const auto wait = [] {
    const auto until = std::chrono::steady_clock::now() + milliseconds(40);
    while (std::chrono::steady_clock::now() < until) {
      std::this_thread::yield();
    }
  };
  wait();
  released[0].set_value();
  wait();
  released[1].set_value();
  EXPECT_THAT(slow.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
  const std::string shed = waiter.read_response();
  EXPECT_THAT(shed, StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_THAT(shed, HasSubstr("\r\nRetry-After: 1\r\n"));
  EXPECT_THAT(shed, HasSubstr("The server has more requests than it can answer."));
  waiter.send(request("GET /"));
  EXPECT_THAT(waiter.read_response(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

}  // namespace
}  // namespace seaworthy::net
