#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/openssl.h"

namespace seaworthy::net {

enum class IoStatus : std::uint8_t {
  kDone,
  kWantRead,   ///< Try again when the socket can be read.
  kWantWrite,  ///< Try again when it can be written.
  kClosed,     ///< The other side has ended the stream.
  kFailed,     ///< error() says why.
};

struct IoResult {
  IoStatus status = IoStatus::kFailed;
  std::size_t bytes = 0;
};

/// The bytes of one socket, in TLS or plain. Never blocks, whatever the socket's mode.
class Channel {
 public:
  enum class Role : std::uint8_t { kServer, kClient };

  /// Plain. `fd` stays the caller's.
  explicit Channel(int fd) : fd_(fd) {}

  /// TLS. `server_name` is what a client asks for and checks: a name or a numeric address.
  Channel(int fd, SSL_CTX* context, Role role, const std::string& server_name = {});

  [[nodiscard]] bool is_tls() const { return ssl_ != nullptr; }

  [[nodiscard]] IoStatus handshake();
  [[nodiscard]] IoResult read(char* bytes, std::size_t size);
  [[nodiscard]] IoResult write(std::string_view bytes);

  /// Whether bytes are here that the socket no longer has: waiting for it would be in vain.
  [[nodiscard]] bool has_buffered() const { return ssl_ && SSL_has_pending(ssl_.get()) == 1; }

  /// Says that no more will be written. What the other side still sends can be discarded.
  void finish_writing();
  /// Reads into `bytes` without decrypting.
  [[nodiscard]] IoResult discard(char* bytes, std::size_t size) const;

  [[nodiscard]] const std::string& error() const { return error_; }

  /// The client spoke plain HTTP to a server of TLS.
  [[nodiscard]] bool saw_plain_http() const { return saw_plain_http_; }

  /// Sends without TLS: for the answer to a client that does not speak it.
  void write_plain(std::string_view bytes) const;

  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }

 private:
  [[nodiscard]] IoResult failure(int result);

  int fd_;
  SslPtr ssl_;
  std::string error_;
  bool saw_plain_http_ = false;
};

}  // namespace seaworthy::net
