// The last ':' ends the address, which may hold others within brackets.
#include "seaworthy/net/socket_address.h"

#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace seaworthy::net {
namespace {

bool is_address(int family, const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(family, text.c_str(), bytes.data()) == 1;
}

}  // namespace

Result<SocketAddress> parse_socket_address(std::string_view text) {
  const auto bad = [text](const char* why) {
    return fail(ErrorCode::kInvalid, "\"" + std::string(text) + "\" is no address: " + why);
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return bad("write ADDRESS:PORT or :PORT");
  }
  SocketAddress address;
  const std::string_view port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size() || port.empty()) {
    return bad("the port is a number from 0 to 65535");
  }
  std::string host(text.substr(0, colon));
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (!is_address(AF_INET6, host)) {
      return bad("what is in brackets is an IPv6 address");
    }
  } else if (host == "localhost") {
    host = "127.0.0.1";
  } else if (!host.empty() && !is_address(AF_INET, host)) {
    return bad("the address is a numeric one (an IPv6 address in brackets)");
  }
  address.host = std::move(host);
  return address;
}

std::string to_string(const SocketAddress& address) {
  const bool six = address.host.find(':') != std::string::npos;
  return (six ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace seaworthy::net
