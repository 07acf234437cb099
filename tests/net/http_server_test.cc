#include "seaworthy/net/http_server.h"

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/running_server.h"

namespace seaworthy::net {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

// One row: what is sent on a new connection, and everything that comes back until the server closes
// (each row makes it close).
TEST(HttpServerTest, ExchangesBytes) {
  struct Case {
    std::string sent;
    std::string expected;
  };

  const std::string close = "Connection: close\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::vector<Case> cases{
      {request("GET /a", "", close), answer("GET /a []", close)},
      {request("POST /a?b=c", "hello", close), answer("POST /a [hello]", close)},
      {"GET http://other:80/a/b?c HTTP/1.1\r\nHost: other\r\n" + close + "\r\n",
       answer("GET /a/b []", close)},
      {"GET http://other HTTP/1.1\r\nHost: other\r\n" + close + "\r\n", answer("GET / []", close)},
      {"OPTIONS * HTTP/1.1\r\nHost: other\r\n" + close + "\r\n", answer("OPTIONS * []", close)},
      {"GET / HTTP/1.0\r\n\r\n", answer("GET / []", close)},
      {"GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n",
       answer("GET /1 []", "Connection: keep-alive\r\n") + answer("GET /2 []", close)},
      {request("GET /1") + request("POST /2", "two") + request("GET /3", "", close) +
           request("GET /4"),
       answer("GET /1 []") + answer("POST /2 [two]") + answer("GET /3 []", close)},
      {request("POST /1", "", chunked) + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n" +
           request("GET /2", "", close),
       answer("POST /1 [abcde]") + answer("GET /2 []", close)},
      {"HEAD / HTTP/1.1\r\nHost: a\r\n" + close + "\r\n",
       "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\nConnection: "
       "close\r\n\r\n" +
           std::string()},
      {request("GET /1") + "nonsense\r\n\r\n",
       answer("GET /1 []") + refusal("400 Bad Request", "This is no HTTP request: bad method.")},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
       refusal("505 HTTP Version Not Supported", "Only HTTP/1.0 and HTTP/1.1 are spoken here.")},
      {request("POST /", "", "Content-Length: 16777217\r\n"),
       refusal("413 Content Too Large", "The body of the request is too large.")},
      {request("POST /", "", chunked) + "1000001\r\n",
       refusal("413 Content Too Large", "The body of the request is too large.")},
      {request("GET /" + std::string(20'000, 'x')),
       refusal("431 Request Header Fields Too Large", "The header of the request is too large.")},
      {request("POST /", "", chunked) + "1;" + std::string(70'000, 'x'),
       refusal("431 Request Header Fields Too Large", "A line of the request is too long.")},
  };
  const RunningServer running;
  for (const Case& c : cases) {
    auto socket = running.connect();
    ASSERT_TRUE(socket.send(c.sent));
    std::string got;
    for (std::string all = socket.read_all(); !all.empty();) {
      const std::size_t next = all.find("HTTP/1.1 ", 1);
      got += without_date(all.substr(0, next));
      all.erase(0, next);
    }
    EXPECT_EQ(got, c.expected) << c.sent.substr(0, 200);
  }
}

TEST(HttpServerTest, SendsTheDate) {
  const RunningServer running;
  auto socket = running.connect();
  socket.send(request("GET /"));
  EXPECT_THAT(socket.read_response(),
              MatchesRegex("HTTP/1.1 200 OK\r\n.*\r\nDate: [A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ [0-9]+ "
                           "[0-9]+:[0-9]+:[0-9]+ GMT\r\n\r\nGET / \\[\\]"));
}

TEST(HttpServerTest, ReadsRequestsByteByByte) {
  const RunningServer running;
  auto socket = running.connect();
  for (const char byte : request("POST /slow", "body")) {
    ASSERT_TRUE(socket.send(std::string_view(&byte, 1)));
  }
  EXPECT_EQ(without_date(socket.read_response()), answer("POST /slow [body]"));
  EXPECT_TRUE(socket.is_quiet());
}

TEST(HttpServerTest, ReadsBodiesOfEverySize) {
  const RunningServer running({}, nullptr, [](const HttpRequest& got, HttpResponse& response) {
    // The padding has to be readable, whatever is in it.
    unsigned sum = 0;
    for (std::size_t i = 0; i < HttpRequest::kBodyPadding; ++i) {
      sum += static_cast<unsigned char>(got.body.data()[got.body.size() + i]);
    }
    response.body = std::to_string(got.body.size()) + (sum > 1'000'000 ? "!" : "");
    response.body += got.body.find_first_not_of('x') == std::string_view::npos ? "" : " not x";
  });
  auto socket = running.connect();
  for (const std::size_t size :
       {1U, 8'900U, 65'400U, 65'536U, 70'000U, 200'000U, 3U << 20U, 16U << 20U}) {
    for (const bool chunked : {false, true}) {
      const std::string body(size, 'x');
      std::string text = request("POST /", body);
      if (chunked) {
        text = request("POST /", "", "Transfer-Encoding: chunked\r\n");
        for (std::size_t at = 0; at < size; at += 50'000) {
          const std::string part = body.substr(at, 50'000);
          std::array<char, 16> length{};
          std::snprintf(length.data(), length.size(), "%zx\r\n", part.size());
          text.append(length.data()).append(part).append("\r\n");
        }
        text += "0\r\n\r\n";
      }
      ASSERT_TRUE(socket.send(text));
      EXPECT_THAT(socket.read_response(), ::testing::EndsWith("\r\n\r\n" + std::to_string(size)));
    }
  }
}

TEST(HttpServerTest, AnswersManyPipelinedRequestsInOrder) {
  const RunningServer running;
  auto socket = running.connect();
  std::string sent;
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    sent += request("GET /" + std::to_string(i));
  }
  std::thread sender([&] { EXPECT_TRUE(socket.send(sent)); });
  for (int i = 0; i < 2000; ++i) {
    ASSERT_EQ(without_date(socket.read_response()), answer("GET /" + std::to_string(i) + " []"));
  }
  sender.join();
}

TEST(HttpServerTest, KeepsAResponseForAClientThatReadsLate) {
  const std::string large(4U << 20U, 'y');
  const RunningServer running(
      {}, nullptr, [&large](const HttpRequest& got, HttpResponse& response) {
        response.body = got.path == "/large" ? large : std::string(got.path);
      });
  auto socket = running.connect();
  socket.send(request("GET /large") + request("GET /small"));
  auto other = running.connect();
  other.send(request("GET /other"));
  EXPECT_THAT(other.read_response(), HasSubstr("\r\n\r\n/other"));
  EXPECT_THAT(socket.read_response(), ::testing::EndsWith("\r\n\r\n" + large));
  EXPECT_THAT(socket.read_response(), HasSubstr("\r\n\r\n/small"));
}

TEST(HttpServerTest, AnswersExpectationsBeforeTheBody) {
  const RunningServer running({}, nullptr, {}, [](const HttpRequest& got, HttpResponse& response) {
    response.status = 404;
    response.body = "nobody wants it";
    return got.path == "/wanted";
  });
  const std::string fields = "Expect: 100-continue\r\nContent-Length: 4\r\n";
  auto wanted = running.connect();
  wanted.send(request("POST /wanted", "", fields));
  EXPECT_EQ(wanted.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  wanted.send("body");
  EXPECT_EQ(without_date(wanted.read_response()), answer("POST /wanted [body]"));
  auto at_once = running.connect();
  at_once.send(request("POST /wanted", "", fields) + "body");
  EXPECT_EQ(without_date(at_once.read_response()), answer("POST /wanted [body]"));
  auto unwanted = running.connect();
  unwanted.send(request("POST /other", "", fields));
  EXPECT_EQ(without_date(unwanted.read_all()),
            "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 15\r\n"
            "Connection: close\r\n\r\nnobody wants it");
}

// A response to a request whose body is still coming must not be lost by a reset.
TEST(HttpServerTest, LetsARefusedClientFinish) {
  const RunningServer running({}, nullptr, {}, [](const HttpRequest&, HttpResponse& response) {
    response.status = 415;
    return false;
  });
  auto socket = running.connect();
  const std::string head = request("POST /", "", "Content-Length: 8000000\r\n");
  ASSERT_TRUE(socket.send(head));
  ASSERT_TRUE(socket.send(std::string(8'000'000, 'x')));
  EXPECT_THAT(socket.read_all(), HasSubstr("415 Unsupported Media Type"));
}

TEST(HttpServerTest, SurvivesHandlersThatThrow) {
  const RunningServer running({}, nullptr, [](const HttpRequest& got, HttpResponse& response) {
    response.body = "half an answer";
    if (got.path == "/throw") {
      throw std::runtime_error("a bug");
    }
    if (got.path == "/number") {
      throw 42;  // NOLINT
    }
  });
  auto socket = running.connect();
  for (const char* path : {"GET /throw", "GET /number"}) {
    socket.send(request(path));
    EXPECT_EQ(without_date(socket.read_response()),
              "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain; charset=utf-8\r\n"
              "Content-Length: 35\r\n\r\nThe server failed at this request.\n");
  }
  socket.send(request("GET /"));
  EXPECT_THAT(socket.read_response(), HasSubstr("200 OK"));
  const std::vector<std::string> expected{
      R"({"time":"2026-01-01T00:00:00.000Z","level":"error","message":"a request handler failed","path":"/throw","error":"a bug"})",
      R"({"time":"2026-01-01T00:00:00.000Z","level":"error","message":"a request handler failed","path":"/number","error":"unknown"})"};
  EXPECT_EQ(running.lines.lines(), expected);
}

TEST(HttpServerTest, SpreadsConnectionsOverWorkers) {
  const RunningServer running(
      {}, nullptr,
      [](const HttpRequest&, HttpResponse& response) {
        response.body = std::to_string(std::hash<std::thread::id>()(std::this_thread::get_id()));
      },
      {}, 3);
  std::map<std::string, int> counts;
  for (int i = 0; i < 30; ++i) {
    auto socket = running.connect();
    socket.send(request("GET /"));
    const std::string response = socket.read_response();
    ++counts[response.substr(response.find("\r\n\r\n"))];
  }
  EXPECT_EQ(counts.size(), 3U);
  for (const auto& [thread, count] : counts) {
    EXPECT_EQ(count, 10);
  }
}

TEST(HttpServerTest, ClosesAfterResponsesButNoIdleConnection) {
  const RunningServer running;
  auto idle = running.connect();
  idle.send(request("GET /1"));
  EXPECT_EQ(without_date(idle.read_response()), answer("GET /1 []"));
  running.server->close_after_responses();
  auto fresh = running.connect();  // New ones are still taken.
  fresh.send(request("GET /2"));
  EXPECT_EQ(without_date(fresh.read_all()), answer("GET /2 []", "Connection: close\r\n"));
  EXPECT_TRUE(idle.is_quiet());
  idle.send(request("GET /3"));
  EXPECT_EQ(without_date(idle.read_all()), answer("GET /3 []", "Connection: close\r\n"));
}

TEST(HttpServerTest, StopsAcceptingAndGoesOnWithTheRest) {
  RunningServer running;
  auto old = running.connect();
  old.send(request("GET /1"));
  EXPECT_EQ(without_date(old.read_response()), answer("GET /1 []"));
  const std::uint16_t port = running.port();
  running.server->stop_accepting();
  EXPECT_FALSE(testing::RawSocket(port).connected());
  old.send(request("GET /2"));
  EXPECT_EQ(without_date(old.read_response()), answer("GET /2 []"));
  EXPECT_EQ(running.server->connections(), 1U);
  running.server.reset();
  EXPECT_TRUE(old.at_end());
}

TEST(HttpServerTest, CountsWhatItDoes) {
  RunningServer running;
  auto socket = running.connect();
  socket.send(request("GET /") + request("GET /"));
  socket.read_response();
  socket.read_response();
  EXPECT_THAT(running.metrics.text(), HasSubstr("seaworthy_connections{listener=\"test\"} 1\n"));
  socket.send("bad\r\n\r\n");
  socket.read_all();
  running.server.reset();
  const std::string text = running.metrics.text();
  EXPECT_THAT(text, HasSubstr("seaworthy_connections{listener=\"test\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("seaworthy_http_requests_total{listener=\"test\",code=\"200\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("seaworthy_http_requests_total{listener=\"test\",code=\"400\"} 1\n"));
}

TEST(HttpServerTest, SaysWhyItCannotListen) {
  RunningServer running;
  EventLoop loop("loop", running.log);
  EventLoop* const loops[] = {&loop};
  const auto start = [&](const SocketAddress& address) {
    HttpServerOptions options;
    options.address = address;
    return HttpServer::start(options, loop, loops, nullptr, running.handler, running.log,
                             running.metrics.listener("other"));
  };
  const auto used = start({"127.0.0.1", running.port()});
  ASSERT_FALSE(used);
  EXPECT_EQ(used.error().message, "cannot listen on 127.0.0.1:" + std::to_string(running.port()) +
                                      ": Address already in use");
  EXPECT_EQ(used.error().code, ErrorCode::kUnavailable);
  const auto foreign = start({"192.0.2.1", 0});
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().message,
            "cannot listen on 192.0.2.1:0: Cannot assign requested address");
  EXPECT_EQ(foreign.error().code, ErrorCode::kInvalid);
  const auto everywhere = start({"", 0});
  ASSERT_TRUE(everywhere) << everywhere.error().message;
  testing::RawSocket socket((*everywhere)->address().port);
  socket.send(request("GET /"));
  EXPECT_EQ(without_date(socket.read_response()), answer("GET / []"));
}

}  // namespace
}  // namespace seaworthy::net
