// base64.* (cel-go ext/encoders.go): decoding takes text with padding and without.
#include <array>
#include <string>

#include "seaworthy/cel/extensions.h"

namespace seaworthy::cel {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint64_t cost(std::span<const Value> arguments, const Value& /*result*/) {
  const bool sized = arguments[0].is(ValueKind::kString) || arguments[0].is(ValueKind::kBytes);
  return sized ? (arguments[0].size() + 9) / 10 : 1;
}

Value encode(std::span<const Value> arguments, Evaluation& evaluation) {
  const std::string_view bytes = arguments[0].as_text();
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t part = 0; part < 3; ++part) {
      group = group << 8 |
              (at + part < bytes.size() ? static_cast<unsigned char>(bytes[at + part]) : 0U);
    }
    for (std::size_t part = 0; part < 4; ++part) {
      const bool padding = at + part > bytes.size();
      text += padding ? '=' : kAlphabet[group >> (18 - 6 * part) & 63];
    }
  }
  return Value::string(evaluation.arena().copy(text));
}

Value decode(std::span<const Value> arguments, Evaluation& evaluation) {
  std::string_view text = arguments[0].as_text();
  while (text.ends_with('=') && text.size() % 4 == 0 && text.size() >= 2) {
    const std::size_t padding = text[text.size() - 2] == '=' ? 2 : 1;
    text.remove_suffix(padding);
    break;
  }
  std::string bytes;
  std::uint32_t group = 0;
  std::size_t bits = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto value = kAlphabet.find(text[at]);
    if (value == std::string_view::npos || (at + 1 == text.size() && text.size() % 4 == 1)) {
      return evaluation.error("illegal base64 data at input byte " + std::to_string(at));
    }
    group = group << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(group >> bits & 0xFF);
    }
  }
  return Value::bytes(evaluation.arena().copy(bytes));
}

constexpr std::array kRows{
    FunctionRow{"base64.decode", "base64_decode_string", "(string) -> bytes", decode, cost},
    FunctionRow{"base64.encode", "base64_encode_bytes", "(bytes) -> string", encode, cost},
};

}  // namespace

Library encoders_extension() { return {"cel.lib.ext.encoders", kRows}; }

}  // namespace seaworthy::cel
