#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "support/raw_socket.h"

namespace seaworthy::testing {

/// A TLS connection to 127.0.0.1 whose every step is the test's to take, and that trusts anyone.
class TlsSocket {
 public:
  explicit TlsSocket(std::uint16_t port) : raw_(port), ssl_(SSL_new(context()), &SSL_free) {
    SSL_set_fd(ssl_.get(), raw_.fd());
  }

  /// False where the server does not take part.
  bool handshake() { return SSL_connect(ssl_.get()) == 1; }

  /// False where the server has closed, or takes no more and `make_impatient` was called.
  bool send(std::string_view bytes) {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }

  /// From now on nothing is waited for.
  void make_impatient() { ::fcntl(raw_.fd(), F_SETFL, O_NONBLOCK); }

  [[nodiscard]] bool connected() const { return raw_.connected(); }

 private:
  static SSL_CTX* context() {
    static const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> shared = [] {
      std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> made(SSL_CTX_new(TLS_client_method()),
                                                        &SSL_CTX_free);
      SSL_CTX_set_mode(made.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                       SSL_MODE_RELEASE_BUFFERS);
      return made;
    }();
    return shared.get();
  }

  RawSocket raw_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
};

}  // namespace seaworthy::testing
