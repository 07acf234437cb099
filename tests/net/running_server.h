#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seaworthy/net/event_loop.h"
#include "seaworthy/net/http_server.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/raw_socket.h"

namespace seaworthy::net {

/// A handler made of a function; without one it tells what it was asked.
class TestHandler final : public HttpHandler {
 public:
  using Function = std::function<void(const HttpRequest&, HttpResponse&)>;
  using Wants = std::function<bool(const HttpRequest&, HttpResponse&)>;

  void handle(const HttpRequest& request, HttpResponse& response) override {
    if (function) {
      function(request, response);
      return;
    }
    response.content_type = "text/plain";
    response.body = std::string(request.method) + " " + std::string(request.path) + " [" +
                    std::string(request.body) + "]";
  }

  bool wants_body(const HttpRequest& request, HttpResponse& response) override {
    return !wants || wants(request, response);
  }

  Function function;
  Wants wants;
};

/// A server with one worker on a free port of 127.0.0.1.
class RunningServer {
 public:
  explicit RunningServer(HttpServerOptions options = {}, const TlsContext* tls = nullptr,
                         TestHandler::Function function = {}, TestHandler::Wants wants = {},
                         std::size_t workers = 1) {
    handler.function = std::move(function);
    handler.wants = std::move(wants);
    options.address = {"127.0.0.1", 0};
    std::vector<EventLoop*> pointers;
    for (std::size_t i = 0; i < workers; ++i) {
      loops_.push_back(std::make_unique<EventLoop>("worker", log, std::chrono::milliseconds(5)));
      pointers.push_back(loops_.back().get());
    }
    auto started = HttpServer::start(options, accept_loop_, pointers, tls, handler, log,
                                     metrics.listener("test"));
    EXPECT_TRUE(started) << (started ? "" : started.error().message);
    server = *std::move(started);
  }

  [[nodiscard]] testing::RawSocket connect() const { return testing::RawSocket(port()); }

  [[nodiscard]] std::uint16_t port() const { return server->address().port; }

  [[nodiscard]] std::string url(const char* scheme) const {
    return std::string(scheme) + "://127.0.0.1:" + std::to_string(port());
  }

  /// Waits for all that was ready before.
  void settle() {
    accept_loop_.run([] {});
    for (const auto& loop : loops_) {
      loop->run([] {});
    }
  }

  testing::CapturedLog lines;
  testing::FakeClock clock;
  observe::Log log{lines, clock, observe::LogLevel::kDebug};
  observe::Metrics metrics{"test"};
  TestHandler handler;

 private:
  EventLoop accept_loop_{"accept", log, std::chrono::milliseconds(5)};
  std::vector<std::unique_ptr<EventLoop>> loops_;

 public:
  std::unique_ptr<HttpServer> server;
};

/// The same but for the Date, which no test can know.
inline std::string without_date(std::string response) {
  const std::size_t at = response.find("Date: ");
  if (at != std::string::npos) {
    response.erase(at, response.find("\r\n", at) + 2 - at);
  }
  return response;
}

inline std::string request(std::string_view start, std::string_view body = {},
                           std::string_view fields = {}) {
  std::string text(start);
  text.append(" HTTP/1.1\r\nHost: test\r\n").append(fields);
  if (!body.empty()) {
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  return text.append("\r\n").append(body);
}

/// What TestHandler answers.
inline std::string answer(std::string_view body, std::string_view fields = {}) {
  std::string text = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ";
  return text.append(std::to_string(body.size()))
      .append("\r\n")
      .append(fields)
      .append("\r\n")
      .append(body);
}

/// What the server itself answers, and then closes.
inline std::string refusal(std::string_view status, std::string_view reason,
                           std::string_view fields = {}) {
  std::string text = "HTTP/1.1 ";
  text.append(status).append("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ");
  text.append(std::to_string(reason.size() + 1)).append("\r\nConnection: close\r\n").append(fields);
  return text.append("\r\n").append(reason).append("\n");
}

}  // namespace seaworthy::net
