#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "seaworthy/base/result.h"

namespace seaworthy::net {

/// Where to listen or to connect: a numeric address and a port.
struct SocketAddress {
  /// Numeric IPv4 or IPv6 without brackets. Empty: every address of the machine, both families.
  std::string host;
  std::uint16_t port = 0;

  friend bool operator==(const SocketAddress&, const SocketAddress&) = default;
};

/// Reads "127.0.0.1:8443", "[::1]:8443", ":8443" or "localhost:8443" (which is 127.0.0.1).
/// Errors: kInvalid, naming `text`.
[[nodiscard]] Result<SocketAddress> parse_socket_address(std::string_view text);

/// The inverse: "127.0.0.1:8443", "[::1]:8443", ":8443".
[[nodiscard]] std::string to_string(const SocketAddress& address);

}  // namespace seaworthy::net
