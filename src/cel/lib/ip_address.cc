// A parser that accepts, refuses and complains as Go's net/netip does (netip.go: parseIPv4Fields,
// parseIPv6, appendTo6), since its errors reach users.

#include "cel/lib/ip_address.h"

#include <algorithm>

#include "cel/eval/go_text.h"
#include "cel/lib/hex_digit.h"

namespace seaworthy::cel {
namespace {

constexpr std::size_t kGroups = 8;

std::unexpected<std::string> refuse(std::string_view address, std::string_view message,
                                    std::string_view at = {}) {
  std::string text = "ParseAddr(";
  append_go_quoted(address, text);
  text += "): ";
  text += message;
  if (!at.empty()) {
    text += " (at ";
    append_go_quoted(at, text);
    text += ')';
  }
  return std::unexpected(std::move(text));
}

/// Dotted decimals into `fields`; `address` is the whole text, for the error.
std::expected<void, std::string> parse_fields(std::string_view address, std::string_view text,
                                              std::uint8_t* fields) {
  int value = 0;
  int position = 0;
  int digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      if (digits == 1 && value == 0) {
        return refuse(address, "IPv4 field has octet with leading zero");
      }
      value = value * 10 + (c - '0');
      ++digits;
      if (value > 255) {
        return refuse(address, "IPv4 field has value >255");
      }
    } else if (c == '.') {
      if (i == 0 || i == text.size() - 1 || text[i - 1] == '.') {
        return refuse(address, "IPv4 field must have at least one digit", text.substr(i));
      }
      if (position == 3) {
        return refuse(address, "IPv4 address too long");
      }
      fields[position++] = static_cast<std::uint8_t>(value);
      value = 0;
      digits = 0;
    } else {
      return refuse(address, "unexpected character", text.substr(i));
    }
  }
  if (position < 3) {
    return refuse(address, "IPv4 address too short");
  }
  fields[3] = static_cast<std::uint8_t>(value);
  return {};
}

std::expected<IpAddress, std::string> parse_v4(std::string_view text) {
  IpAddress address;
  if (auto fields = parse_fields(text, text, address.bytes.data()); !fields) {
    return std::unexpected(std::move(fields).error());
  }
  return address;
}

/// The groups of an IPv6 address, one after the other.
class GroupReader {
 public:
  GroupReader(std::string_view whole, std::string_view text) : whole_(whole), rest_(text) {}

  std::expected<IpAddress, std::string> read() {
    if (rest_.starts_with("::")) {
      ellipsis_ = 0;
      rest_.remove_prefix(2);
      if (rest_.empty()) {
        return address();
      }
    }
    while (at_ < 16) {
      auto more = group();
      if (!more) {
        return std::unexpected(std::move(more).error());
      }
      if (!*more) {
        break;
      }
    }
    if (!rest_.empty()) {
      return refuse(whole_, "trailing garbage after address", rest_);
    }
    if (at_ < 16) {
      if (ellipsis_ < 0) {
        return refuse(whole_, "address string too short");
      }
      const auto begin = bytes_.begin() + ellipsis_;
      std::rotate(begin, bytes_.begin() + static_cast<std::ptrdiff_t>(at_), bytes_.end());
    } else if (ellipsis_ >= 0) {
      return refuse(whole_, "the :: must expand to at least one field of zeros");
    }
    return address();
  }

 private:
  /// Reads one group and what separates it from the next; false where it was the last.
  std::expected<bool, std::string> group() {
    std::size_t length = 0;
    std::uint32_t value = 0;
    for (; length < rest_.size() && hex_digit(rest_[length]) >= 0; ++length) {
      value = value << 4 | static_cast<std::uint32_t>(hex_digit(rest_[length]));
      if (length > 3) {
        return refuse(whole_, "each group must have 4 or less digits", rest_);
      }
    }
    if (length == 0) {
      return refuse(whole_, "each colon-separated field must have at least one digit", rest_);
    }
    if (length < rest_.size() && rest_[length] == '.') {
      return embedded_v4();
    }
    bytes_[at_] = static_cast<std::uint8_t>(value >> 8);
    bytes_[at_ + 1] = static_cast<std::uint8_t>(value);
    at_ += 2;
    rest_.remove_prefix(length);
    if (rest_.empty()) {
      return false;
    }
    if (rest_[0] != ':') {
      return refuse(whole_, "unexpected character, want colon", rest_);
    }
    if (rest_.size() == 1) {
      return refuse(whole_, "colon must be followed by more characters", rest_);
    }
    rest_.remove_prefix(1);
    if (rest_[0] == ':') {
      if (ellipsis_ >= 0) {
        return refuse(whole_, "multiple :: in address", rest_);
      }
      ellipsis_ = static_cast<int>(at_);
      rest_.remove_prefix(1);
      if (rest_.empty()) {
        return false;
      }
    }
    return true;
  }

  std::expected<bool, std::string> embedded_v4() {
    if (ellipsis_ < 0 && at_ != 12) {
      return refuse(whole_, "embedded IPv4 address must replace the final 2 fields of the address",
                    rest_);
    }
    if (at_ + 4 > 16) {
      return refuse(whole_, "too many hex fields to fit an embedded IPv4 at the end of the address",
                    rest_);
    }
    if (auto fields = parse_fields(whole_, rest_, &bytes_[at_]); !fields) {
      return std::unexpected(std::move(fields).error());
    }
    rest_ = {};
    at_ += 4;
    return false;
  }

  [[nodiscard]] IpAddress address() const {
    IpAddress result;
    result.bytes = bytes_;
    result.is_v6 = true;
    return result;
  }

  std::string_view whole_;
  std::string_view rest_;
  std::array<std::uint8_t, 16> bytes_{};
  std::size_t at_ = 0;
  int ellipsis_ = -1;  ///< Where the :: is, in bytes.
};

std::expected<IpAddress, std::string> parse_v6(std::string_view text) {
  const std::size_t percent = text.find('%');
  if (percent != std::string_view::npos && percent + 1 == text.size()) {
    return refuse(text, "zone must be a non-empty string");
  }
  auto address = GroupReader(text, text.substr(0, percent)).read();
  if (address) {
    address->has_zone = percent != std::string_view::npos;
  }
  return address;
}

void append_hex(std::uint32_t number, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  bool any = false;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const std::uint32_t digit = number >> shift & 15U;
    if (digit == 0 && !any && shift > 0) {
      continue;
    }
    any = true;
    out += kDigits[digit];
  }
}

}  // namespace

std::expected<IpAddress, std::string> IpAddress::parse(std::string_view text) {
  const std::size_t mark = text.find_first_of(".:%");
  if (mark == std::string_view::npos) {
    return refuse(text, "unable to parse IP");
  }
  if (text[mark] == '.') {
    return parse_v4(text);
  }
  if (text[mark] == ':') {
    return parse_v6(text);
  }
  return refuse(text, "missing IPv6 address");
}

std::string IpAddress::text() const {
  std::string out;
  if (!is_v6) {
    for (std::size_t i = 0; i < 4; ++i) {
      if (i > 0) {
        out += '.';
      }
      out += std::to_string(bytes[i]);
    }
    return out;
  }
  const auto group = [this](std::size_t i) {
    return static_cast<std::uint32_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
  };
  if (is_v4_in_v6()) {
    out = "::ffff:";
    for (std::size_t i = 12; i < 16; ++i) {
      if (i > 12) {
        out += '.';
      }
      out += std::to_string(bytes[i]);
    }
    return out;
  }
  // The longest run of at least two zero groups, the first of equals, becomes "::".
  std::size_t zeros_begin = kGroups;
  std::size_t zeros_end = kGroups;
  for (std::size_t i = 0; i < kGroups; ++i) {
    std::size_t j = i;
    while (j < kGroups && group(j) == 0) {
      ++j;
    }
    if (j - i >= 2 && j - i > zeros_end - zeros_begin) {
      zeros_begin = i;
      zeros_end = j;
    }
  }
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (i == zeros_begin) {
      out += "::";
      i = zeros_end;
      if (i >= kGroups) {
        break;
      }
    } else if (i > 0) {
      out += ':';
    }
    append_hex(group(i), out);
  }
  return out;
}

bool IpAddress::is_v4_in_v6() const {
  return is_v6 &&
         std::all_of(bytes.begin(), bytes.begin() + 10,
                     [](std::uint8_t byte) { return byte == 0; }) &&
         bytes[10] == 0xFF && bytes[11] == 0xFF;
}

IpAddress IpAddress::masked(std::uint32_t length) const {
  IpAddress result = *this;
  for (std::uint32_t i = 0; i < bits() / 8; ++i) {
    const std::uint32_t kept = std::min(8U, length > i * 8 ? length - i * 8 : 0U);
    result.bytes[i] = static_cast<std::uint8_t>(result.bytes[i] & (0xFF00U >> kept));
  }
  return result;
}

bool IpAddress::is_unspecified() const {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_loopback() const {
  if (!is_v6) {
    return bytes[0] == 127;
  }
  return bytes[15] == 1 &&
         std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_multicast() const {
  return is_v6 ? bytes[0] == 0xFF : (bytes[0] & 0xF0U) == 0xE0U;
}

bool IpAddress::is_link_local_multicast() const {
  if (is_v6) {
    return bytes[0] == 0xFF && (bytes[1] & 0x0FU) == 0x02U;
  }
  return bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0;
}

bool IpAddress::is_link_local_unicast() const {
  if (is_v6) {
    return bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80U;
  }
  return bytes[0] == 169 && bytes[1] == 254;
}

bool IpAddress::is_global_unicast() const {
  const bool is_broadcast =
      !is_v6 && bytes[0] == 255 && bytes[1] == 255 && bytes[2] == 255 && bytes[3] == 255;
  return !is_unspecified() && !is_broadcast && !is_loopback() && !is_multicast() &&
         !is_link_local_unicast();
}

}  // namespace seaworthy::cel
