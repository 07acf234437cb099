#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/result.h"
#include "seaworthy/net/event_loop.h"
#include "seaworthy/net/http_message.h"
#include "seaworthy/net/socket_address.h"
#include "seaworthy/net/tls_context.h"
#include "seaworthy/observe/log.h"
#include "seaworthy/observe/metrics.h"

namespace seaworthy::net {

/// What answers requests. Threads: called on every worker, and the one for large bodies, at the
/// same time.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  /// Fills `response`, which comes as new. Must not throw; what is thrown is caught, logged and
  /// answered with 500.
  virtual void handle(const HttpRequest& request, HttpResponse& response) = 0;
  /// Whether a body that is still on its way is worth reading; asked once such a request's header
  /// is complete. Where not, `response` is sent and the connection ends.
  virtual bool wants_body(const HttpRequest& request, HttpResponse& response);
  /// Turns an error that the server itself answers (400, 408, 413, 431, 500, 501, 503, 505) into a
  /// response; `reason` is one sentence. The default is that sentence as text.
  virtual void fail(int status, std::string_view reason, HttpResponse& response);
};

struct HttpServerOptions {
  SocketAddress address;  ///< Port 0: any free one.
  std::size_t body_bytes_max = limits::kBodyBytesMax;
  std::size_t header_bytes_max = limits::kHeaderBytesMax;
  std::size_t unfinished_bytes_max = limits::kUnfinishedBytesMax;  ///< Of all workers together.
  std::uint32_t connections_max = limits::kConnectionsMax;         ///< Of all workers together.
  std::chrono::milliseconds handshake_timeout = limits::kHandshakeTimeout;
  std::chrono::milliseconds header_timeout = limits::kHeaderTimeout;
  std::chrono::milliseconds body_timeout = limits::kBodyTimeout;
  std::chrono::milliseconds write_timeout = limits::kWriteTimeout;
  std::chrono::milliseconds idle_timeout = limits::kIdleTimeout;
  std::chrono::milliseconds linger_timeout = limits::kLingerTimeout;
  /// A request that waited longer for its turn is answered with 503 and Retry-After; 0: never.
  std::chrono::milliseconds queue_time_max = limits::kQueueTimeMax;
};

/// An HTTP/1.1 server on one address: keep-alive, pipelining, chunked bodies, Expect. A connection
/// belongs to one worker, which reads, calls the handler and writes; new ones go to the workers in
/// turn. Large bodies are answered by one more thread, one after the other. One client cannot take
/// what others need: header, body, time and memory are limited, and where the limit of connections
/// or of unfinished requests is reached, the one that has kept the server waiting longest is
/// closed.
class HttpServer {
 public:
  /// Listens at once. Without `tls` it speaks plain HTTP. Errors: kUnavailable (address in use),
  /// kDenied (a port below 1024), kInvalid (no address of this machine); each names the address.
  /// Lifetime: everything passed by reference outlives it, and the loops run until it is gone.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(
      const HttpServerOptions& options, EventLoop& accept_loop, std::span<EventLoop* const> workers,
      const TlsContext* tls, HttpHandler& handler, observe::Log& log,
      observe::ListenerCounters& counters);
  /// Stops accepting and closes every connection, whatever it is doing.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// With the real port.
  [[nodiscard]] const SocketAddress& address() const;

  /// From now on every response says `Connection: close` and ends its connection. Connections that
  /// wait for a request are left alone: a client may be writing one. Threads: any.
  void close_after_responses();
  /// No new connections, but for those that were made and not yet taken; those that are there go
  /// on. Returns when the socket is closed.
  void stop_accepting();
  /// Connections that are open. Threads: any.
  [[nodiscard]] std::size_t connections() const;

  /// Of those, the ones with a request that is not answered whole; a worker that does not say so
  /// within a second counts as one. Threads: any but the workers.
  [[nodiscard]] std::size_t unanswered() const;

  struct Impl;

 private:
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace seaworthy::net
