// Rule: sigs.k8s.io/json, decodeState.convertNumber: an int64 where there is neither fraction nor
// exponent and it fits, else strconv.ParseFloat, whose overflow is an error and whose underflow is
// zero.
#include "document/json_number.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace seaworthy::document {

std::optional<Node> json_number(std::string_view digits) {
  const char* end = digits.data() + digits.size();
  std::int64_t whole = 0;
  if (const auto [stop, error] = std::from_chars(digits.data(), end, whole);
      error == std::errc() && stop == end) {
    return Node::integer(whole);
  }
  double number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error == std::errc()) {
    return Node::number(number);
  }
  // Out of range. The exponent of the first digit that is not 0 tells which end: a double's reach
  // to about ±308.
  const auto mantissa = digits.substr(0, digits.find_first_of("eE"));
  const auto first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) {
    return Node::number(digits.front() == '-' ? -0.0 : 0.0);
  }
  const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  std::int64_t exponent = 0;
  if (mantissa.size() < digits.size()) {
    auto text = digits.substr(mantissa.size() + 1);
    const bool negative = text.starts_with('-');
    if (text.starts_with('+') || negative) {
      text.remove_prefix(1);
    }
    if (std::from_chars(text.data(), text.data() + text.size(), exponent).ec != std::errc()) {
      exponent = 1'000'000'000;
    }
    if (negative) {
      exponent = -exponent;
    }
  }
  if (exponent + point - static_cast<std::int64_t>(first) > 0) {
    return std::nullopt;
  }
  return Node::number(digits.front() == '-' ? -0.0 : 0.0);
}

}  // namespace seaworthy::document
