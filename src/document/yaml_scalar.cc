// Scalars mean what they mean to kubectl and Helm: sigs.k8s.io/yaml v1.6 turns YAML into JSON with
// go.yaml.in/yaml/v2, whose resolve.go reads YAML 1.1 with oddities of its own (y and n are
// booleans, 08 is eight, 12:30 is text), then the JSON is read again, which makes an int of every
// float without fraction.
#include "document/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "document/json_number.h"

namespace seaworthy::document {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

/// Before JSON: whether it was an int or a float decides what a tag allows and how a key is
/// written.
struct Resolved {
  enum class Type : std::uint8_t { kString, kNull, kBool, kInt, kFloat };
  Type type = Type::kString;
  Node node;  // of kDouble where it is over int64
};

/// The float as the JSON that Go prints of it is read: digits without fraction up to 1e21, and so
/// an int where it fits.
Node through_json(double number) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (std::trunc(number) == number && number >= -kTwoTo63 && number < kTwoTo63) {
    return Node::integer(static_cast<std::int64_t>(number));
  }
  return Node::number(number);
}

/// Go's strconv.ParseInt or ParseUint with the digits' base given; a uint64 that is no int64 is a
/// double, as in JSON.
std::optional<Node> digits_in_base(std::string_view digits, bool negative, int base) {
  std::uint64_t magnitude = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, magnitude, base);
  if (digits.empty() || error != std::errc() || stop != end) {
    return std::nullopt;
  }
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 63;
  if (negative) {
    if (magnitude > kLimit) {
      return std::nullopt;
    }
    return Node::integer(static_cast<std::int64_t>(0 - magnitude));
  }
  if (magnitude < kLimit) {
    return Node::integer(static_cast<std::int64_t>(magnitude));
  }
  return Node::number(static_cast<double>(magnitude));
}

/// Go's strconv.ParseInt(text, 0, 64), then ParseUint, which takes no sign.
std::optional<Node> read_integer(std::string_view text) {
  const bool is_signed = text.starts_with('-') || text.starts_with('+');
  const bool negative = text.starts_with('-');
  if (is_signed) {
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    base = 8;
    text.remove_prefix(1);
    const char letter = static_cast<char>(text[0] | 0x20);
    if (letter == 'x' || letter == 'b' || letter == 'o') {
      base = letter == 'x' ? 16 : (letter == 'b' ? 2 : 8);
      text.remove_prefix(1);
    }
  }
  auto node = digits_in_base(text, negative, base);
  if (node && is_signed && node->is_double()) {
    return std::nullopt;
  }
  return node;
}

/// resolve.go's last try: "0b" and "-0b" before binary digits that have a sign of their own.
std::optional<Node> read_odd_binary(std::string_view text) {
  if (!text.starts_with("0b")) {
    return std::nullopt;
  }
  text.remove_prefix(2);
  const bool negative = text.starts_with('-');
  if (!negative && !text.starts_with('+')) {
    return std::nullopt;
  }
  const auto node = digits_in_base(text.substr(1), negative, 2);
  return node && node->is_int() ? node : std::nullopt;
}

/// resolve.go, yamlStyleFloat: [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?; nothing where
/// over double.
std::optional<double> read_float(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  std::size_t at = 0;
  auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) {
      ++at;
    }
    return at - start;
  };
  const std::size_t whole = digits();
  std::size_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    fraction = digits();
  }
  if (whole + fraction == 0) {
    return std::nullopt;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
      ++at;
    }
    if (digits() == 0) {
      return std::nullopt;
    }
  }
  if (at != text.size()) {
    return std::nullopt;
  }
  const auto node = json_number(whole == 0 ? "0" + std::string(text) : std::string(text));
  if (!node) {
    return std::nullopt;
  }
  const double number = node->is_int() ? static_cast<double>(node->as_int()) : node->as_double();
  return negative ? -number : number;
}

/// Go's strconv.ParseFloat of what begins with a point: underscores may stand between digits.
std::optional<double> read_point_float(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '_') {
      plain += text[at];
    } else if (!is_digit(text[at - 1]) || at + 1 == text.size() || !is_digit(text[at + 1])) {
      return std::nullopt;
    }
  }
  return read_float(plain);
}

/// resolve.go, resolve, without what the tag has to say.
std::expected<Resolved, std::string> resolve(std::string_view text) {
  using enum Resolved::Type;
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) {
    return Resolved{kNull, Node::null()};
  }
  constexpr std::string_view kFirst = "+-0123456789yYnNtTfFoO.";
  if (kFirst.find(text.front()) == std::string_view::npos) {
    return Resolved{kString, Node::string(text)};
  }
  if (is_one_of(text, {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})) {
    return Resolved{kBool, Node::boolean(true)};
  }
  if (is_one_of(text,
                {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) {
    return Resolved{kBool, Node::boolean(false)};
  }
  if (is_one_of(text, {".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF",
                       "-.inf", "-.Inf", "-.INF"})) {
    return std::unexpected("the number " + std::string(text) + " cannot be written in JSON");
  }
  if (text.front() == '.') {
    if (const auto number = read_point_float(text)) {
      return Resolved{kFloat, through_json(*number)};
    }
  } else if (is_digit(text.front()) || text.front() == '+' || text.front() == '-') {
    std::string plain(text);
    std::erase(plain, '_');
    if (const auto node = read_integer(plain)) {
      return Resolved{kInt, *node};
    }
    if (const auto number = read_float(plain)) {
      return Resolved{kFloat, through_json(*number)};
    }
    if (const auto node = read_odd_binary(plain)) {
      return Resolved{kInt, *node};
    }
  }
  return Resolved{kString, Node::string(text)};
}

std::string_view name_of(Resolved::Type type) {
  constexpr std::array<std::string_view, 5> kNames = {"str", "null", "bool", "int", "float"};
  return kNames[static_cast<std::size_t>(type)];
}

/// Go's strconv.FormatFloat(number, 'g', -1, 32): the shortest digits of a float32, an exponent
/// below 1e-4 and from 1e6.
std::string float_key(double number) {
  if (std::isinf(static_cast<float>(number))) {
    return number < 0 ? "-.inf" : ".inf";
  }
  std::array<char, 32> buffer{};
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                  static_cast<float>(number), std::chars_format::scientific)
                        .ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  int exponent = 0;
  const auto mark = text.find('e');
  const char* digits = text.data() + mark + 1;
  std::from_chars(*digits == '+' ? digits + 1 : digits, end, exponent);
  if (exponent < -4 || exponent >= 6) {
    return std::string(text);
  }
  end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<float>(number),
                      std::chars_format::fixed)
            .ptr;
  return std::string(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
}

}  // namespace

std::expected<Node, std::string> resolve_yaml(std::string_view text) {
  const auto resolved = resolve(text);
  if (!resolved) {
    return std::unexpected(resolved.error());
  }
  return resolved->node;
}

std::expected<Node, std::string> resolve_tagged_yaml(std::string_view text, std::string_view tag) {
  if (!tag.starts_with(kTagPrefix)) {
    return Node::string(text);  // resolve.go, resolvableTag
  }
  const std::string_view name = tag.substr(kTagPrefix.size());
  if (name == "binary") {
    return std::unexpected("!!binary is not supported: write the text, or base64 as a string");
  }
  if (!is_one_of(name, {"bool", "int", "float", "null"})) {
    return Node::string(text);
  }
  const auto resolved = resolve(text);
  if (!resolved) {
    return std::unexpected(resolved.error());
  }
  const bool widened = name == "float" && resolved->type == Resolved::Type::kInt;
  if (widened && resolved->node.is_int()) {
    return through_json(static_cast<double>(resolved->node.as_int()));
  }
  if (name != name_of(resolved->type)) {
    return std::unexpected("'" + std::string(text) + "' is no !!" + std::string(name));
  }
  return resolved->node;
}

std::optional<std::string> yaml_key(const Node& value, std::string_view text) {
  switch (value.kind()) {
    case Kind::kString:
      return std::string(value.as_string());
    case Kind::kBool:
      return value.as_bool() ? "true" : "false";
    case Kind::kInt: {
      const auto resolved = resolve(text);
      if (resolved && resolved->type == Resolved::Type::kFloat) {
        return float_key(static_cast<double>(value.as_int()));
      }
      return std::to_string(value.as_int());
    }
    case Kind::kDouble: {
      const auto resolved = resolve(text);
      if (resolved && resolved->type == Resolved::Type::kInt) {
        return std::nullopt;  // a uint64: refused there as well
      }
      return float_key(value.as_double());
    }
    default:
      return std::nullopt;
  }
}

}  // namespace seaworthy::document
