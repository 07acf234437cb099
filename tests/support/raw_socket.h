#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace seaworthy::testing {

/// A TCP connection to 127.0.0.1, for byte exchanges. What does not come within ten seconds is a
/// failure of the test.
class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }

  ~RawSocket() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }

  RawSocket(RawSocket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_) {}

  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }

  /// Sends what the other side takes; false where it has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  void finish() { ::shutdown(fd_, SHUT_WR); }

  /// What has come up to and with `end`; all there was where the other side closed before.
  std::string read_until(std::string_view end) {
    std::size_t found = std::string::npos;
    while ((found = received_.find(end)) == std::string::npos && receive()) {
    }
    const std::size_t size = found == std::string::npos ? received_.size() : found + end.size();
    std::string taken = received_.substr(0, size);
    received_.erase(0, size);
    return taken;
  }

  /// Everything until the other side closes.
  std::string read_all() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }

  /// Status line, fields and body of the next response, which has a Content-Length.
  std::string read_response() {
    std::string response = read_until("\r\n\r\n");
    const std::size_t length = response.find("Content-Length: ");
    if (length == std::string::npos) {
      return response;
    }
    const std::size_t size = std::stoul(response.substr(length + 16));
    while (received_.size() < size && receive()) {
    }
    response += received_.substr(0, size);
    received_.erase(0, size);
    return response;
  }

  /// True where the other side has closed, or does so now.
  bool at_end() {
    while (receive()) {
    }
    return received_.empty();
  }

  [[nodiscard]] int fd() const { return fd_; }

  /// True where nothing has come, not even an end.
  [[nodiscard]] bool is_quiet() const {
    pollfd source{fd_, POLLIN, 0};
    return received_.empty() && ::poll(&source, 1, 0) == 0;
  }

 private:
  bool receive() {
    pollfd source{fd_, POLLIN, 0};
    if (::poll(&source, 1, 10'000) <= 0) {
      ADD_FAILURE() << "nothing came within ten seconds; before: " << received_.substr(0, 500);
      return false;
    }
    std::array<char, 65536> bytes{};
    const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), 0);
    if (got <= 0) {
      return false;
    }
    received_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  bool connected_ = false;
  std::string received_;
};

}  // namespace seaworthy::testing
