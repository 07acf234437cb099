#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "seaworthy/net/http_client.h"
#include "seaworthy/server/server.h"
#include "seaworthy/system/real_clock.h"
#include "support/captured_log.h"
#include "support/memory_file_system.h"
#include "support/raw_socket.h"

namespace seaworthy::server {

/// Answers with what it was sent, or as a test says.
class EchoHandler final : public WebhookHandler {
 public:
  WebhookReply handle(const WebhookRequest& request) override {
    return function ? function(request) : WebhookReply{200, std::string(request.body), false};
  }

  std::function<WebhookReply(const WebhookRequest&)> function;
};

/// A whole server on free ports of 127.0.0.1, with a certificate of its own making.
class RunningWebhook {
 public:
  explicit RunningWebhook(ServerOptions options = {}) {
    options.listen = "127.0.0.1:0";
    options.health_listen = "127.0.0.1:0";
    if (options.certificate_path.empty()) {
      options.names = {"127.0.0.1"};
      options.ca_path = "ca.crt";
    }
    options.threads = 2;
    auto started = Server::start(options, parts());
    EXPECT_TRUE(started) << (started ? "" : started.error().message);
    server = *std::move(started);
  }

  ~RunningWebhook() {
    if (thread_.joinable()) {
      signals->notify();
      signals->notify();
      thread_.join();
    }
  }

  RunningWebhook(const RunningWebhook&) = delete;
  RunningWebhook& operator=(const RunningWebhook&) = delete;

  [[nodiscard]] ServerParts parts() { return {handler, readiness, files, clock, log, metrics}; }

  /// Runs it until a signal, in a thread.
  void run() {
    thread_ = std::thread([this] { drained_ = server->run(*signals); });
  }

  /// What run() returned.
  [[nodiscard]] bool join() {
    thread_.join();
    return drained_;
  }

  [[nodiscard]] net::HttpClient reviews() const {
    net::HttpClientOptions options;
    options.ca_pem = *files.find("ca.crt");
    return net::HttpClient::make("https://" + server->address(), options).value();
  }

  [[nodiscard]] net::HttpClient health() const {
    return net::HttpClient::make("http://" + server->health_address()).value();
  }

  [[nodiscard]] std::uint16_t port() const {
    return net::parse_socket_address(server->address())->port;
  }

  system::RealClock clock;
  testing::CapturedLog lines;
  observe::Log log{lines, clock, observe::LogLevel::kDebug};
  observe::Metrics metrics{"test"};
  testing::MemoryFileSystem files;
  Readiness readiness;
  EchoHandler handler;
  std::unique_ptr<system::SignalWatcher> signals = system::SignalWatcher::make().value();
  std::unique_ptr<Server> server;

 private:
  std::thread thread_;
  bool drained_ = false;
};

}  // namespace seaworthy::server
