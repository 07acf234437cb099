// OpenSSL works on the socket itself, through a BIO of our own: the one that comes with it would
// raise SIGPIPE, and Asio's TLS stream keeps 70 KB of buffers for each connection, used or not.
// With SSL_MODE_RELEASE_BUFFERS a connection that waits holds none.
#include "net/channel.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <sys/socket.h>

namespace seaworthy::net {
namespace {

int fd_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool is_retry(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

int bio_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent =
      ::send(fd_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && is_retry(errno)) {
    BIO_set_retry_write(bio);
  }
  return static_cast<int>(sent);
}

int bio_read(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(fd_of(bio), bytes, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (got < 0 && is_retry(errno)) {
    BIO_set_retry_read(bio);
  }
  return static_cast<int>(got);
}

long bio_control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {  // NOLINT
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// The functions above as a table, made at the first call: OpenSSL has no static form of it.
const BIO_METHOD* socket_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    BIO_meth_set_write(made, &bio_write);
    BIO_meth_set_read(made, &bio_read);
    BIO_meth_set_ctrl(made, &bio_control);
    return made;
  }();
  return method;
}

void check_server_name(SSL* ssl, const std::string& name) {
  std::array<unsigned char, 16> address{};
  X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
  if (::inet_pton(AF_INET, name.c_str(), address.data()) == 1 ||
      ::inet_pton(AF_INET6, name.c_str(), address.data()) == 1) {
    X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str());  // RFC 6066, 3: no SNI for addresses.
    return;
  }
  X509_VERIFY_PARAM_set1_host(wanted, name.data(), name.size());
  std::string sni = name;  // The macro of that name casts the const away.
  SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, sni.data());
}

}  // namespace

Channel::Channel(int fd, SSL_CTX* context, Role role, const std::string& server_name)
    : fd_(fd), ssl_(SSL_new(context)) {
  BIO* bio = BIO_new(socket_method());
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));  // NOLINT
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  if (role == Role::kServer) {
    SSL_set_accept_state(ssl_.get());
  } else {
    check_server_name(ssl_.get(), server_name);
    SSL_set_connect_state(ssl_.get());
  }
}

IoResult Channel::failure(int result) {
  const int saved_errno = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {IoStatus::kWantRead};
    case SSL_ERROR_WANT_WRITE:
      return {IoStatus::kWantWrite};
    case SSL_ERROR_ZERO_RETURN:
      return {IoStatus::kClosed};
    case SSL_ERROR_SYSCALL:
      ERR_clear_error();
      error_ = saved_errno == 0 ? "connection closed" : std::strerror(saved_errno);
      return {saved_errno == 0 ? IoStatus::kClosed : IoStatus::kFailed};
    default: {
      saw_plain_http_ = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
      error_ = take_openssl_error();
      const long verified = SSL_get_verify_result(ssl_.get());  // NOLINT(google-runtime-int)
      if (verified != X509_V_OK) {
        error_ += std::string(": ") + X509_verify_cert_error_string(verified);
      }
      return {IoStatus::kFailed};
    }
  }
}

IoStatus Channel::handshake() {
  if (!ssl_) {
    return IoStatus::kDone;
  }
  ERR_clear_error();
  errno = 0;
  const int result = SSL_do_handshake(ssl_.get());
  return result == 1 ? IoStatus::kDone : failure(result).status;
}

IoResult Channel::read(char* bytes, std::size_t size) {
  if (!ssl_) {
    return discard(bytes, size);
  }
  ERR_clear_error();
  errno = 0;
  std::size_t got = 0;
  const int result = SSL_read_ex(ssl_.get(), bytes, size, &got);
  return result == 1 ? IoResult{IoStatus::kDone, got} : failure(result);
}

IoResult Channel::write(std::string_view bytes) {
  if (!ssl_) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) {
      return {is_retry(errno) ? IoStatus::kWantWrite : IoStatus::kFailed};
    }
    return {IoStatus::kDone, static_cast<std::size_t>(sent)};
  }
  ERR_clear_error();
  errno = 0;
  std::size_t sent = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
  return result == 1 ? IoResult{IoStatus::kDone, sent} : failure(result);
}

void Channel::finish_writing() {
  if (ssl_) {
    ERR_clear_error();
    static_cast<void>(SSL_shutdown(ssl_.get()));
    ERR_clear_error();
  }
  ::shutdown(fd_, SHUT_WR);
}

IoResult Channel::discard(char* bytes, std::size_t size) const {
  const ssize_t got = ::recv(fd_, bytes, size, MSG_DONTWAIT);
  if (got < 0) {
    return {is_retry(errno) ? IoStatus::kWantRead : IoStatus::kFailed};
  }
  return got == 0 ? IoResult{IoStatus::kClosed}
                  : IoResult{IoStatus::kDone, static_cast<std::size_t>(got)};
}

void Channel::write_plain(std::string_view bytes) const {
  static_cast<void>(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

}  // namespace seaworthy::net
