// Clauses: %s %d %f %e %b %x %X %o, a precision for %f and %e. Inside lists and maps strings are
// quoted and doubles have six decimals. %f and %e print as golang.org/x/text does for American
// English: thousands separated, ×10 with a raised exponent, ∞.

#include "cel/lib/string_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "cel/eval/go_text.h"
#include "cel/lib/go_parse.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cel {
namespace {

using Text = std::expected<std::string, std::string>;  ///< The text, or what is wrong.

constexpr int kPrecisionDefault = 6;
/// Ours: Go would build the text whatever its length.
constexpr std::int64_t kPrecisionMax = 1'000'000;

std::string type_name(const Value& value) { return std::string(runtime_type(value).name); }

Text as_text(const Value& value);

Text decimal(const Value& value) {
  if (value.is(ValueKind::kInt)) {
    return std::to_string(value.as_int());
  }
  if (value.is(ValueKind::kUint)) {
    return std::to_string(value.as_uint());
  }
  return std::unexpected("decimal clause can only be used on integers, was given " +
                         type_name(value));
}

/// An element of a list or map, as a CEL literal.
Text element(const Value& value) {
  std::string out;
  switch (value.kind()) {
    case ValueKind::kString:
      append_go_quoted(value.as_text(), out);
      return out;
    case ValueKind::kBytes: {
      Text text = as_text(value);
      if (!text) {
        return text;
      }
      out = "b";
      append_go_quoted(*text, out);
      return out;
    }
    case ValueKind::kTimestamp:
    case ValueKind::kDuration: {
      const bool is_time = value.is(ValueKind::kTimestamp);
      std::string inner;
      is_time ? append_timestamp(value, inner) : append_duration_seconds(value.as_int(), inner);
      out = is_time ? "timestamp(" : "duration(";
      append_go_quoted(inner, out);
      return out + ")";
    }
    case ValueKind::kDouble:
      if (std::isfinite(value.as_double())) {
        append_go_fixed(value.as_double(), kPrecisionDefault, out);
        return out;
      }
      append_go_g(value.as_double(), out);
      return "\"" + out + "\"";
    case ValueKind::kBool:
    case ValueKind::kNull:
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kType:
    case ValueKind::kList:
    case ValueKind::kMap:
      return as_text(value);
    default:
      return std::unexpected("no formatting function for " + type_name(value));
  }
}

Text list_text(const Value& list) {
  std::string out = "[";
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    if (i > 0) {
      out += ", ";
    }
    Text item = element(list.item(i));
    if (!item) {
      return item;
    }
    out += *item;
  }
  return out + "]";
}

Text map_text(const Value& map) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const Value key = map.key_at(i);
    switch (key.kind()) {
      case ValueKind::kString:
      case ValueKind::kBool:
      case ValueKind::kInt:
      case ValueKind::kUint:
        break;
      default:
        return std::unexpected("no formatting function for map key of type " + type_name(key));
    }
    Text name = element(key);
    Text value = element(map.value_at(i));
    if (!value) {
      return value;
    }
    entries.emplace_back(*std::move(name), *std::move(value));
  }
  std::ranges::stable_sort(entries, {}, &std::pair<std::string, std::string>::first);
  std::string out = "{";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) {
      out += ", ";
    }
    out += entries[i].first + ":" + entries[i].second;
  }
  return out + "}";
}

Text as_text(const Value& value) {
  std::string out;
  switch (value.kind()) {
    case ValueKind::kList:
      return list_text(value);
    case ValueKind::kMap:
      return map_text(value);
    case ValueKind::kNull:
      return "null";
    case ValueKind::kString:
      return std::string(value.as_text());
    case ValueKind::kBytes:
      if (is_valid_utf8(value.as_text())) {
        return std::string(value.as_text());
      }
      return std::unexpected(
          "could not convert argument \"invalid UTF-8 in bytes, cannot convert to string\" to "
          "string");
    case ValueKind::kDuration:
      append_duration_seconds(value.as_int(), out);
      return out;
    case ValueKind::kTimestamp:
      append_timestamp(value, out);
      return out;
    case ValueKind::kBool:
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
    case ValueKind::kType:
      append_go_value(value, out);
      return out;
    default:
      return std::unexpected(
          "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, "
          "types, durations, "
          "and timestamps, was given " +
          type_name(value));
  }
}

/// The number of a %f or %e clause: a double, or one of three words for what no literal says.
std::optional<double> number_of(const Value& value) {
  if (value.is(ValueKind::kDouble)) {
    return value.as_double();
  }
  if (!value.is(ValueKind::kString)) {
    return std::nullopt;
  }
  const std::string_view text = value.as_text();
  if (text != "NaN" && text != "Infinity" && text != "-Infinity") {
    return std::nullopt;
  }
  return parse_go_double(text);
}

std::optional<std::string> special(double number) {
  if (std::isnan(number)) {
    return "NaN";
  }
  if (std::isinf(number)) {
    return number > 0 ? "∞" : "-∞";
  }
  return std::nullopt;
}

double without_negative_zero(double number) { return number == 0 ? 0 : number; }

Text fixed(const Value& value, int precision) {
  const auto number = number_of(value);
  if (!number) {
    return std::unexpected("fixed-point clause can only be used on doubles, was given " +
                           type_name(value));
  }
  if (auto word = special(*number)) {
    return *std::move(word);
  }
  std::string digits;
  append_go_fixed(without_negative_zero(*number), precision, digits);
  const std::size_t begin = digits.front() == '-' ? 1 : 0;
  std::size_t end = std::min(digits.find('.'), digits.size());
  while (end > begin + 3) {
    end -= 3;
    digits.insert(end, ",");
  }
  return digits;
}

/// What follows the '.' of %e is read as a width, not a precision: there are always six decimals.
Text scientific(const Value& value, int width) {
  const auto number = number_of(value);
  if (!number) {
    return std::unexpected("scientific clause can only be used on doubles, was given " +
                           type_name(value));
  }
  const auto padded = [width](const std::string& text) {
    const auto length = static_cast<int>(code_point_count(text));
    return std::string(static_cast<std::size_t>(std::max(width - length, 0)), ' ') + text;
  };
  if (const auto word = special(*number)) {
    return padded(*word);
  }
  std::array<char, 64> room{};
  auto end = std::to_chars(room.data(), room.data() + room.size(), without_negative_zero(*number),
                           std::chars_format::scientific, kPrecisionDefault)
                 .ptr;
  const std::string_view text(room.data(), static_cast<std::size_t>(end - room.data()));
  const std::size_t exponent = text.find('e');
  std::string out(text.substr(0, exponent));
  out += "×10";
  constexpr std::array<std::string_view, 10> kRaised = {"⁰", "¹", "²", "³", "⁴",
                                                        "⁵", "⁶", "⁷", "⁸", "⁹"};
  for (const char c : text.substr(exponent + 1)) {
    if (c == '-') {
      out += "⁻";
    }
    if (c >= '0' && c <= '9') {
      out += kRaised[static_cast<std::size_t>(c - '0')];
    }
  }
  return padded(out);
}

std::string in_base(std::uint64_t number, int base) {
  std::array<char, 64> room{};
  const auto end = std::to_chars(room.data(), room.data() + room.size(), number, base).ptr;
  return {room.data(), end};
}

/// `%b`, `%o`, `%x` of an integer: a sign and the magnitude.
std::string integer_in_base(const Value& value, int base) {
  if (value.is(ValueKind::kUint)) {
    return in_base(value.as_uint(), base);
  }
  const auto bits = value.as_uint();
  return value.as_int() < 0 ? "-" + in_base(~bits + 1, base) : in_base(bits, base);
}

bool is_integer(const Value& value) {
  return value.is(ValueKind::kInt) || value.is(ValueKind::kUint);
}

Text binary(const Value& value) {
  if (is_integer(value)) {
    return integer_in_base(value, 2);
  }
  if (value.is(ValueKind::kBool)) {
    return value.as_bool() ? "1" : "0";
  }
  return std::unexpected("only integers and bools can be formatted as binary, was given " +
                         type_name(value));
}

Text octal(const Value& value) {
  if (is_integer(value)) {
    return integer_in_base(value, 8);
  }
  return std::unexpected("octal clause can only be used on integers, was given " +
                         type_name(value));
}

Text hexadecimal(const Value& value, bool upper) {
  std::string out;
  if (is_integer(value)) {
    out = integer_in_base(value, 16);
  } else if (value.is(ValueKind::kString) || value.is(ValueKind::kBytes)) {
    for (const char c : value.as_text()) {
      const std::string digits = in_base(static_cast<unsigned char>(c), 16);
      out += digits.size() < 2 ? "0" + digits : digits;
    }
  } else {
    return std::unexpected(
        "only integers, byte buffers, and strings can be formatted as hex, was given " +
        type_name(value));
  }
  if (upper) {
    std::ranges::transform(out, out.begin(), [](char c) {
      return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
    });
  }
  return out;
}

/// A clause without its '%': takes it off `format`.
Text clause(std::string_view& format, const Value& value) {
  const std::string while_parsing = "could not parse formatting clause: ";
  int precision = kPrecisionDefault;
  if (format.front() == '.') {
    const std::size_t end = format.find_first_not_of("0123456789", 1);
    if (end == std::string_view::npos) {
      return std::unexpected(
          while_parsing +
          "error while parsing precision: could not find end of precision specifier");
    }
    const std::string_view digits = format.substr(1, end - 1);
    const auto number = parse_go_int(digits);
    if (!number || *number > kPrecisionMax) {
      std::string message =
          "error while parsing precision: error while converting precision to integer: "
          "strconv.Atoi: parsing ";
      append_go_quoted(digits, message);
      return std::unexpected(while_parsing + message +
                             (digits.empty() ? ": invalid syntax" : ": value out of range"));
    }
    precision = static_cast<int>(*number);
    format.remove_prefix(end);
  }
  const char letter = format.front();
  format.remove_prefix(1);
  Text text;
  switch (letter) {
    case 's':
      text = as_text(value);
      break;
    case 'd':
      text = decimal(value);
      break;
    case 'f':
      text = fixed(value, precision);
      break;
    case 'e':
      text = scientific(value, precision);
      break;
    case 'b':
      text = binary(value);
      break;
    case 'x':
    case 'X':
      text = hexadecimal(value, letter == 'X');
      break;
    case 'o':
      text = octal(value);
      break;
    default:
      return std::unexpected(while_parsing + "unrecognized formatting clause \"" + letter + "\"");
  }
  if (!text) {
    return std::unexpected("error during formatting: " + text.error());
  }
  return text;
}

}  // namespace

Value format_string(std::span<const Value> arguments, Evaluation& evaluation) {
  std::string_view format = arguments[0].as_text();
  const Value& values = arguments[1];
  std::string out;
  std::uint32_t next = 0;
  while (!format.empty()) {
    if (format.front() != '%') {
      const std::size_t end = std::min(format.find('%'), format.size());
      out += format.substr(0, end);
      format.remove_prefix(end);
      continue;
    }
    if (format.starts_with("%%")) {
      out += '%';
      format.remove_prefix(2);
      continue;
    }
    if (next >= values.size()) {
      return evaluation.error("index " + std::to_string(next) + " out of range");
    }
    if (format.size() == 1) {
      return evaluation.error("unexpected end of string");
    }
    format.remove_prefix(1);
    const Text text = clause(format, values.item(next));
    if (!text) {
      return evaluation.error(text.error());
    }
    out += *text;
    ++next;
  }
  return Value::string(evaluation.arena().copy(out));
}

}  // namespace seaworthy::cel
