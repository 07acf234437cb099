// ip and cidr (k8s.io/apiserver pkg/cel/library/ip.go, cidr.go): addresses without zone, IPv6 ones
// not mapped from IPv4; the host bits of a network may be set.

#include <string>

#include "cel/eval/go_text.h"
#include "cel/lib/costs.h"
#include "cel/lib/go_parse.h"
#include "cel/lib/ip_address.h"
#include "cel/lib/libraries.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

extern const RuntimeType kIpType;
extern const RuntimeType kCidrType;

class IpValue final : public OpaqueValue {
 public:
  explicit IpValue(const IpAddress& ip) : OpaqueValue(kIpType), address(ip) {}

  IpAddress address;  // NOLINT(misc-non-private-member-variables-in-classes)
};

class CidrValue final : public OpaqueValue {
 public:
  CidrValue(const IpAddress& ip, std::uint32_t bits)
      : OpaqueValue(kCidrType), address(ip), length(bits) {}

  IpAddress address;     // NOLINT(misc-non-private-member-variables-in-classes)
  std::uint32_t length;  // NOLINT(misc-non-private-member-variables-in-classes)
};

const IpAddress& ip_of(const Value& value) {
  return static_cast<const IpValue&>(value.as_opaque()).address;
}

const CidrValue& cidr_of(const Value& value) {
  return static_cast<const CidrValue&>(value.as_opaque());
}

bool is_of(const Value& value, const RuntimeType& type) {
  return value.is(ValueKind::kOpaque) && &value.as_opaque().type() == &type;
}

Value ip_equal(const Value& self, const Value& other, Evaluation& evaluation) {
  if (!is_of(other, kIpType)) {
    return other.is_error() ? other : evaluation.no_such_overload();
  }
  return Value::boolean(ip_of(self) == ip_of(other));
}

Value cidr_equal(const Value& self, const Value& other, Evaluation& evaluation) {
  if (!is_of(other, kCidrType)) {
    return other.is_error() ? other : evaluation.no_such_overload();
  }
  return Value::boolean(cidr_of(self).address == cidr_of(other).address &&
                        cidr_of(self).length == cidr_of(other).length);
}

std::string text_of(const CidrValue& cidr) {
  return cidr.address.text() + "/" + std::to_string(cidr.length);
}

std::string_view ip_text(const OpaqueValue& value, Arena& arena) {
  return arena.copy(static_cast<const IpValue&>(value).address.text());
}

std::string_view cidr_text(const OpaqueValue& value, Arena& arena) {
  return arena.copy(text_of(static_cast<const CidrValue&>(value)));
}

std::uint64_t ip_size(const OpaqueValue& value) {
  return static_cast<const IpValue&>(value).address.bits() / 8;
}

std::uint64_t cidr_size(const OpaqueValue& value) {
  return (static_cast<const CidrValue&>(value).length + 7) / 8;
}

const RuntimeType kIpType{.name = "net.IP",
                          .equal = ip_equal,
                          .text = ip_text,
                          .size = ip_size,
                          .go_name = "cel.IP",
                          .native_name = "netip.Addr"};
const RuntimeType kCidrType{.name = "net.CIDR",
                            .equal = cidr_equal,
                            .text = cidr_text,
                            .size = cidr_size,
                            .go_name = "cel.CIDR",
                            .native_name = "netip.Prefix"};

std::string quoted(std::string_view text) {
  std::string out;
  append_go_quoted(text, out);
  return out;
}

std::expected<IpAddress, std::string> parse_ip(std::string_view text) {
  auto address = IpAddress::parse(text);
  if (!address) {
    return std::unexpected("IP Address " + quoted(text) +
                           " parse error during conversion from string: " + address.error());
  }
  if (address->has_zone) {
    return std::unexpected("IP address " + quoted(text) + " with zone value is not allowed");
  }
  if (address->is_v4_in_v6()) {
    return std::unexpected("IPv4-mapped IPv6 address " + quoted(text) + " is not allowed");
  }
  return address;
}

struct Network {
  IpAddress address;
  std::uint32_t length = 0;
};

/// netip.ParsePrefix.
std::expected<Network, std::string> parse_prefix(std::string_view text) {
  const std::string error = "netip.ParsePrefix(" + quoted(text) + "): ";
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) {
    return std::unexpected(error + "no '/'");
  }
  auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) {
    return std::unexpected(error + address.error());
  }
  if (address->has_zone) {
    return std::unexpected(error + "IPv6 zones cannot be present in a prefix");
  }
  const std::string_view digits = text.substr(slash + 1);
  const auto length = parse_go_int(digits);
  if (!length || (digits.size() > 1 && (digits[0] < '1' || digits[0] > '9'))) {
    return std::unexpected(error + "bad bits after slash: " + quoted(digits));
  }
  if (*length < 0 || *length > std::int64_t{address->bits()}) {
    return std::unexpected(error + "prefix length out of range");
  }
  return Network{*address, static_cast<std::uint32_t>(*length)};
}

std::expected<Network, std::string> parse_cidr(std::string_view text) {
  auto network = parse_prefix(text);
  if (!network) {
    return std::unexpected("network address parse error during conversion from string: " +
                           network.error());
  }
  if (network->address.is_v4_in_v6()) {
    return std::unexpected("IPv4-mapped IPv6 address " + quoted(text) + " is not allowed");
  }
  return network;
}

Value make_ip(const IpAddress& address, Evaluation& evaluation) {
  return Value::opaque(*evaluation.arena().create<IpValue>(address));
}

Value make_cidr(const IpAddress& address, std::uint32_t length, Evaluation& evaluation) {
  return Value::opaque(*evaluation.arena().create<CidrValue>(address, length));
}

Value string_to_ip(Arguments arguments, Evaluation& evaluation) {
  const auto address = parse_ip(arguments[0].as_text());
  return address ? make_ip(*address, evaluation) : evaluation.error(address.error());
}

Value is_ip(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(parse_ip(arguments[0].as_text()).has_value());
}

Value is_canonical(Arguments arguments, Evaluation& evaluation) {
  const auto address = parse_ip(arguments[0].as_text());
  if (!address) {
    return evaluation.error(address.error());
  }
  return Value::boolean(address->text() == arguments[0].as_text());
}

Value opaque_to_string(Arguments arguments, Evaluation& evaluation) {
  const OpaqueValue& value = arguments[0].as_opaque();
  return Value::string(value.type().text(value, evaluation.arena()));
}

Value family(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::integer(ip_of(arguments[0]).is_v6 ? 6 : 4);
}

template <bool (IpAddress::*property)() const>
Value ask(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean((ip_of(arguments[0]).*property)());
}

Value string_to_cidr(Arguments arguments, Evaluation& evaluation) {
  const auto network = parse_cidr(arguments[0].as_text());
  if (network) {
    return make_cidr(network->address, network->length, evaluation);
  }
  return evaluation.error("network address parse error during conversion from string: " +
                          network.error());
}

Value is_cidr(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(parse_cidr(arguments[0].as_text()).has_value());
}

bool contains(const CidrValue& network, const IpAddress& address, std::uint32_t bits) {
  return network.address.is_v6 == address.is_v6 && bits >= network.length &&
         network.address.masked(network.length) == address.masked(network.length);
}

Value contains_ip(Arguments arguments, Evaluation& evaluation) {
  IpAddress address;
  if (arguments[1].is(ValueKind::kString)) {
    const auto parsed = parse_ip(arguments[1].as_text());
    if (!parsed) {
      return evaluation.no_such_overload();
    }
    address = *parsed;
  } else {
    address = ip_of(arguments[1]);
  }
  return Value::boolean(contains(cidr_of(arguments[0]), address, address.bits()));
}

Value contains_cidr(Arguments arguments, Evaluation& evaluation) {
  Value other = arguments[1];
  if (other.is(ValueKind::kString)) {
    other = string_to_cidr({&arguments[1], 1}, evaluation);
    if (other.is_error()) {
      return other;
    }
  }
  return Value::boolean(
      contains(cidr_of(arguments[0]), cidr_of(other).address, cidr_of(other).length));
}

Value cidr_ip(Arguments arguments, Evaluation& evaluation) {
  return make_ip(cidr_of(arguments[0]).address, evaluation);
}

Value prefix_length(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::integer(cidr_of(arguments[0]).length);
}

Value masked(Arguments arguments, Evaluation& evaluation) {
  const CidrValue& cidr = cidr_of(arguments[0]);
  return make_cidr(cidr.address.masked(cidr.length), cidr.length, evaluation);
}

std::uint64_t contains_ip_text_cost(Arguments arguments, const Value& result) {
  return costs::contains_ip(arguments, result) + costs::tenth(costs::size(arguments[1]));
}

std::uint64_t contains_cidr_text_cost(Arguments arguments, const Value& result) {
  return costs::contains_cidr(arguments, result) + costs::tenth(costs::size(arguments[1]));
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"ip", "string_to_ip", "(string) -> net.IP", string_to_ip, costs::first_tenth},
    {"family", "ip_family", "net.IP.() -> int", family},
    {"ip.isCanonical", "ip_is_canonical", "(string) -> bool", is_canonical, costs::first_fifth},
    {"isUnspecified", "ip_is_unspecified", "net.IP.() -> bool", ask<&IpAddress::is_unspecified>},
    {"isLoopback", "ip_is_loopback", "net.IP.() -> bool", ask<&IpAddress::is_loopback>},
    {"isLinkLocalMulticast", "ip_is_link_local_multicast", "net.IP.() -> bool",
     ask<&IpAddress::is_link_local_multicast>},
    {"isLinkLocalUnicast", "ip_is_link_local_unicast", "net.IP.() -> bool",
     ask<&IpAddress::is_link_local_unicast>},
    {"isGlobalUnicast", "ip_is_global_unicast", "net.IP.() -> bool",
     ask<&IpAddress::is_global_unicast>},
    {"isIP", "is_ip", "(string) -> bool", is_ip, costs::first_tenth},
    {"string", "ip_to_string", "(net.IP) -> string", opaque_to_string},
    {"cidr", "string_to_cidr", "(string) -> net.CIDR", string_to_cidr, costs::first_tenth},
    {"containsIP", "cidr_contains_ip_string", "net.CIDR.(string) -> bool", contains_ip,
     contains_ip_text_cost},
    {"containsIP", "cidr_contains_ip_ip", "net.CIDR.(net.IP) -> bool", contains_ip,
     costs::contains_ip},
    {"containsCIDR", "cidr_contains_cidr_string", "net.CIDR.(string) -> bool", contains_cidr,
     contains_cidr_text_cost},
    {"containsCIDR", "cidr_contains_cidr", "net.CIDR.(net.CIDR) -> bool", contains_cidr,
     costs::contains_cidr},
    {"ip", "cidr_ip", "net.CIDR.() -> net.IP", cidr_ip},
    {"prefixLength", "cidr_prefix_length", "net.CIDR.() -> int", prefix_length},
    {"masked", "cidr_masked", "net.CIDR.() -> net.CIDR", masked},
    {"isCIDR", "is_cidr", "(string) -> bool", is_cidr, costs::first_tenth},
    {"string", "cidr_to_string", "(net.CIDR) -> string", opaque_to_string},
};

}  // namespace

Library network_library() { return {"kubernetes.net", kRows}; }

}  // namespace seaworthy::cel
