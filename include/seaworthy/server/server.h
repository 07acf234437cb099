#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "seaworthy/base/clock.h"
#include "seaworthy/base/file_system.h"
#include "seaworthy/base/result.h"
#include "seaworthy/net/http_server.h"
#include "seaworthy/observe/log.h"
#include "seaworthy/observe/metrics.h"
#include "seaworthy/server/readiness.h"
#include "seaworthy/server/webhook_handler.h"
#include "seaworthy/system/signal_watcher.h"

namespace seaworthy::server {

struct ServerOptions {
  std::string listen = ":8443";         ///< ADDRESS:PORT of the admission listener.
  std::string health_listen = ":8080";  ///< The same of the health listener.
  /// Both or neither. With neither the server makes a certificate for `names`.
  std::string certificate_path;
  std::string key_path;
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  std::string ca_path;  ///< Where the authority of a made certificate is written to; may be empty.
  std::chrono::milliseconds lame_duck{10'000};
  std::chrono::milliseconds drain_timeout{10'000};
  std::size_t threads = 0;  ///< That answer reviews; 0: as many as there are processors for it.
  /// Limits of both listeners; its address is not looked at.
  net::HttpServerOptions http;
};

/// What a server is given to work with. Lifetime: all of it outlives the server.
struct ServerParts {
  WebhookHandler& handler;
  Readiness& readiness;
  FileSystem& files;
  const Clock& clock;
  observe::Log& log;
  observe::Metrics& metrics;
};

/// The webhook server with its two listeners: reviews over TLS, and health and metrics in plain,
/// which a thread of its own answers however busy the others are.
class Server {
 public:
  /// Listens and serves when it returns, and has said so in the log. Errors: those of addresses,
  /// certificates and files; each names the option that it is about.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                             const ServerParts& parts);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// With the real ports.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] std::string health_address() const;

  /// Reads the certificate's files again, for the connections to come; the old one stays on an
  /// error. A made certificate stays as it is. Threads: any.
  [[nodiscard]] Result<void> reload_certificate();

  /// Serves until a signal comes, then goes in steps, so that no review is lost: /readyz says no
  /// while reviews are answered as ever with `Connection: close` (lame duck); no new connections
  /// are taken and those still here are sent elsewhere (drain). Waiting connections are not closed
  /// before the end of that. False where a request was cut off, or a second signal ended it.
  /// Rule: webhook contract, section 2, rule 5.
  [[nodiscard]] bool run(system::SignalWatcher& signals);

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace seaworthy::server
