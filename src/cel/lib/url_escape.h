#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace seaworthy::cel {

// Escaping in URLs as Go's net/url does it, whose sets of characters differ by part.

enum class UrlPart : std::uint8_t {
  kPath,
  kHost,
  kZone,
  kUserPassword,
  kQueryComponent,
  kFragment
};

/// The text, or what is wrong in Go's words.
using UrlText = std::expected<std::string, std::string>;

std::string escape_url(std::string_view text, UrlPart part);
UrlText unescape_url(std::string_view text, UrlPart part);
/// Whether `text` is a valid escaped form, whatever is escaped in it beyond need.
bool is_escaped_url(std::string_view text, UrlPart part);

bool is_url_alphanumeric(char c);
bool is_url_one_of(char c, std::string_view set);
/// As `%q` shows it in an error.
std::string quoted_url(std::string_view text);

}  // namespace seaworthy::cel
