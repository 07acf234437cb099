#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace seaworthy::cel {

/// An IPv4 or IPv6 address as Go's net/netip holds one.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};  ///< IPv4: the first four.
  bool is_v6 = false;
  bool has_zone = false;

  /// netip.ParseAddr; the error in its words: `ParseAddr("x"): unable to parse IP`.
  static std::expected<IpAddress, std::string> parse(std::string_view text);

  [[nodiscard]] std::string text() const;

  [[nodiscard]] std::uint32_t bits() const { return is_v6 ? 128 : 32; }

  /// ::ffff:a.b.c.d
  [[nodiscard]] bool is_v4_in_v6() const;
  /// The first `length` bits, the rest zero.
  [[nodiscard]] IpAddress masked(std::uint32_t length) const;

  [[nodiscard]] bool is_unspecified() const;
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] bool is_multicast() const;
  [[nodiscard]] bool is_link_local_multicast() const;
  [[nodiscard]] bool is_link_local_unicast() const;
  [[nodiscard]] bool is_global_unicast() const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

}  // namespace seaworthy::cel
