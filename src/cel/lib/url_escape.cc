#include "cel/lib/url_escape.h"

#include <algorithm>

#include "cel/eval/go_text.h"
#include "cel/lib/hex_digit.h"

namespace seaworthy::cel {
namespace {

bool must_escape(char c, UrlPart part) {
  if (is_url_alphanumeric(c)) {
    return false;
  }
  if ((part == UrlPart::kHost || part == UrlPart::kZone) &&
      is_url_one_of(c, "!$&'()*+,;=:[]<>\"")) {
    return false;
  }
  if (is_url_one_of(c, "-_.~")) {
    return false;
  }
  if (is_url_one_of(c, "$&+,/:;=?@")) {
    switch (part) {
      case UrlPart::kPath:
        return c == '?';
      case UrlPart::kUserPassword:
        return is_url_one_of(c, "@/?:");
      case UrlPart::kFragment:
        return false;
      default:
        return true;
    }
  }
  return part != UrlPart::kFragment || !is_url_one_of(c, "!()*");
}

std::unexpected<std::string> bad_escape(std::string_view text) {
  return std::unexpected("invalid URL escape " + quoted_url(text.substr(0, 3)));
}

}  // namespace

std::string quoted_url(std::string_view text) {
  std::string out;
  append_go_quoted(text, out);
  return out;
}

bool is_url_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_url_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

std::string escape_url(std::string_view text, UrlPart part) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (!must_escape(c, part)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

UrlText unescape_url(std::string_view text, UrlPart part) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '%') {
      const std::string_view rest = text.substr(at);
      if (rest.size() < 3 || hex_digit(rest[1]) < 0 || hex_digit(rest[2]) < 0) {
        return bad_escape(rest);
      }
      const int value = hex_digit(rest[1]) * 16 + hex_digit(rest[2]);
      const bool is_percent = rest.starts_with("%25");
      // In a host only bytes beyond ASCII may be escaped, in a zone what may stand there anyway.
      if (part == UrlPart::kHost && value < 0x80 && !is_percent) {
        return bad_escape(rest);
      }
      if (part == UrlPart::kZone && !is_percent && value != ' ' &&
          must_escape(static_cast<char>(value), UrlPart::kHost)) {
        return bad_escape(rest);
      }
      out += static_cast<char>(value);
      at += 2;
    } else if (c == '+' && part == UrlPart::kQueryComponent) {
      out += ' ';
    } else {
      const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
      if ((part == UrlPart::kHost || part == UrlPart::kZone) && is_ascii && must_escape(c, part)) {
        return std::unexpected("invalid character " + quoted_url(text.substr(at, 1)) +
                               " in host name");
      }
      out += c;
    }
  }
  return out;
}

bool is_escaped_url(std::string_view text, UrlPart part) {
  return std::ranges::all_of(text, [part](char c) {
    return is_url_one_of(c, "!$&'()*+,;=:@[]%") || !must_escape(c, part);
  });
}

}  // namespace seaworthy::cel
