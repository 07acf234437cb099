#pragma once

#include <memory>
#include <mutex>

#include "seaworthy/base/result.h"
#include "seaworthy/net/certificate.h"

struct ssl_ctx_st;

namespace seaworthy::net {

/// How a server speaks TLS: 1.2 and 1.3, ALPN "http/1.1" only (a client that offers only others is
/// refused), the same certificate whatever name is asked for, no session resumption (the API server
/// does not use it), no renegotiation. Its certificate can be replaced while connections go on:
/// they keep the one they began with. Threads: any.
class TlsContext {
 public:
  /// Errors: kInvalid (a key too small for the library's security level).
  [[nodiscard]] static Result<std::unique_ptr<TlsContext>> make(const Certificate& certificate);

  /// For the connections that begin after it. On an error the old certificate stays.
  [[nodiscard]] Result<void> replace(const Certificate& certificate);

  /// For net only: what a new connection is made from.
  [[nodiscard]] std::shared_ptr<ssl_ctx_st> current() const;

 private:
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> current) : current_(std::move(current)) {}

  mutable std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> current_;
};

}  // namespace seaworthy::net
