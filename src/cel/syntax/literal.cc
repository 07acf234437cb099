#include "cel/syntax/literal.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "seaworthy/base/text.h"

// Tokens come from the lexer, so that quotes and escapes are well-formed; what is left to refuse
// are escapes that name no code point, Unicode escapes in bytes, and numbers that do not fit.
// Tests: tests/cel/parser_test.cc.

namespace seaworthy::cel {
namespace {

/// Line ends inside a literal are "\n" whatever the file's are.
std::string normalise_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
      continue;
    }
    out += '\n';
    if (i + 1 < text.size() && text[i + 1] == '\n') {
      ++i;
    }
  }
  return out;
}

char control_of(char letter) {
  switch (letter) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    default:
      return letter;  // A quote, a backslash, a question mark, a back-tick: itself.
  }
}

bool is_code_point(std::uint32_t value) {
  return value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
}

/// Appends what the escape at `text[i]` (after its backslash) stands for and answers its length, or
/// the error.
std::expected<std::size_t, std::string> append_escape(std::string& out, std::string_view text,
                                                      std::size_t i, bool is_bytes) {
  const char kind = text[i];
  const bool octal = kind >= '0' && kind <= '3';
  std::size_t first = i + 1;
  std::size_t digits = 0;
  if (octal) {
    first = i;
    digits = 3;
  } else if (kind == 'x' || kind == 'X') {
    digits = 2;
  } else if (kind == 'u') {
    digits = 4;
  } else if (kind == 'U') {
    digits = 8;
  } else {
    out += control_of(kind);
    return 1;
  }
  if (is_bytes && (kind == 'u' || kind == 'U')) {
    return std::unexpected("unable to unescape string");
  }
  std::uint32_t value = 0;
  std::from_chars(text.data() + first, text.data() + first + digits, value, octal ? 8 : 16);
  if (is_bytes) {
    out += static_cast<char>(value);
  } else if (is_code_point(value)) {
    append_utf8(out, value);
  } else {
    return std::unexpected("invalid unicode code point");
  }
  return first + digits - i;
}

std::optional<std::uint64_t> read_digits(std::string_view digits) {
  const bool hex = digits.starts_with("0x");
  if (hex) {
    digits.remove_prefix(2);
  }
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::expected<std::string, std::string> unescape(std::string_view token, bool is_bytes) {
  const std::string normal = normalise_line_ends(token);
  std::string_view text = normal;
  const bool raw = text.starts_with('r') || text.starts_with('R');
  if (raw) {
    text.remove_prefix(1);
  }
  const bool triple = text.size() >= 6 && text[1] == text[0] && text[2] == text[0];
  const std::size_t quotes = triple ? 3 : 1;
  text = text.substr(quotes, text.size() - 2 * quotes);
  if (raw || !text.contains('\\')) {
    return std::string(text);
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      out += text[i++];
      continue;
    }
    const auto length = append_escape(out, text, i + 1, is_bytes);
    if (!length) {
      return std::unexpected(length.error());
    }
    i += 1 + *length;
  }
  return out;
}

std::expected<std::int64_t, std::string> read_int(std::string_view token, bool negative) {
  const std::optional<std::uint64_t> value = read_digits(token);
  const auto max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!value || *value > max + (negative ? 1 : 0)) {
    return std::unexpected("invalid int literal");
  }
  return static_cast<std::int64_t>(negative ? 0 - *value : *value);
}

std::expected<std::uint64_t, std::string> read_uint(std::string_view token) {
  token.remove_suffix(1);
  const std::optional<std::uint64_t> value = read_digits(token);
  if (!value) {
    return std::unexpected("invalid uint literal");
  }
  return *value;
}

std::expected<double, std::string> read_double(std::string_view token, bool negative) {
  const std::string text = (negative ? "-" : "") + std::string(token);
  const double value = std::strtod(text.c_str(), nullptr);
  if (std::isinf(value)) {
    return std::unexpected("invalid double literal");
  }
  return value;
}

}  // namespace seaworthy::cel
