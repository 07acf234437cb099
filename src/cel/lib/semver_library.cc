// Semantic versions (k8s.io/apiserver pkg/cel/library/semverlib.go over
// github.com/blang/semver/v4). Build metadata does not count in comparisons.

#include <charconv>
#include <expected>
#include <string>
#include <vector>

#include "cel/eval/go_text.h"
#include "cel/lib/costs.h"
#include "cel/lib/go_parse.h"
#include "cel/lib/libraries.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

extern const RuntimeType kSemverType;

class SemverValue final : public OpaqueValue {
 public:
  SemverValue() : OpaqueValue(kSemverType) {}

  std::uint64_t numbers[3] = {};  // NOLINT(modernize-avoid-c-arrays)
  std::string_view prerelease;    ///< Dotted, without the '-'; in the arena.
  std::string_view text;
};

const SemverValue& of(const Value& value) {
  return static_cast<const SemverValue&>(value.as_opaque());
}

using Check = std::expected<void, std::string>;

std::string quoted(std::string_view text) {
  std::string out;
  append_go_quoted(text, out);
  return out;
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_alphanumeric(std::string_view text) {
  return text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789") ==
         std::string_view::npos;
}

bool has_leading_zero(std::string_view text) { return text.size() > 1 && text[0] == '0'; }

std::expected<std::uint64_t, std::string> unsigned_number(std::string_view text) {
  if (const auto number = parse_go_uint(text)) {
    return *number;
  }
  return std::unexpected("strconv.ParseUint: parsing " + quoted(text) +
                         (text.empty() ? ": invalid syntax" : ": value out of range"));
}

std::expected<std::uint64_t, std::string> part(std::string_view text, std::string_view name) {
  if (!is_number(text)) {
    return std::unexpected("Invalid character(s) found in " + std::string(name) + " number " +
                           quoted(text));
  }
  if (has_leading_zero(text)) {
    std::string capital(name);
    capital[0] = static_cast<char>(capital[0] - 'a' + 'A');
    return std::unexpected(capital + " number must not contain leading zeroes " + quoted(text));
  }
  return unsigned_number(text);
}

Check check_prerelease(std::string_view dotted) {
  for (const std::string_view piece : split(dotted, '.')) {
    if (piece.empty()) {
      return std::unexpected("Prerelease is empty");
    }
    if (is_number(piece)) {
      if (has_leading_zero(piece)) {
        return std::unexpected("Numeric PreRelease version must not contain leading zeroes " +
                               quoted(piece));
      }
      if (auto number = unsigned_number(piece); !number) {
        return std::unexpected(number.error());
      }
    } else if (!is_alphanumeric(piece)) {
      return std::unexpected("Invalid character(s) found in prerelease " + quoted(piece));
    }
  }
  return {};
}

Check check_build(std::string_view dotted) {
  for (const std::string_view piece : split(dotted, '.')) {
    if (piece.empty()) {
      return std::unexpected("Build meta data is empty");
    }
    if (!is_alphanumeric(piece)) {
      return std::unexpected("Invalid character(s) found in build meta data " + quoted(piece));
    }
  }
  return {};
}

/// semver.Parse. What the version holds are views of `text`.
std::expected<SemverValue, std::string> parse(std::string_view text) {
  if (text.empty()) {
    return std::unexpected("Version string empty");
  }
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos) {
    return std::unexpected("No Major.Minor.Patch elements found");
  }
  SemverValue version;
  version.text = text;
  std::string_view patch = text.substr(second + 1);
  const auto major = part(text.substr(0, first), "major");
  if (!major) {
    return std::unexpected(major.error());
  }
  const auto minor = part(text.substr(first + 1, second - first - 1), "minor");
  if (!minor) {
    return std::unexpected(minor.error());
  }
  const std::size_t plus = patch.find('+');
  const std::string_view build =
      plus == std::string_view::npos ? std::string_view() : patch.substr(plus + 1);
  patch = patch.substr(0, plus);
  const std::size_t dash = patch.find('-');
  if (dash != std::string_view::npos) {
    version.prerelease = patch.substr(dash + 1);
  }
  const auto third = part(patch.substr(0, dash), "patch");
  if (!third) {
    return std::unexpected(third.error());
  }
  if (dash != std::string_view::npos) {
    if (auto checked = check_prerelease(version.prerelease); !checked) {
      return std::unexpected(checked.error());
    }
  }
  if (plus != std::string_view::npos) {
    if (auto checked = check_build(build); !checked) {
      return std::unexpected(checked.error());
    }
  }
  version.numbers[0] = *major;
  version.numbers[1] = *minor;
  version.numbers[2] = *third;
  return version;
}

/// "v1.2" as "1.2.0": without a leading v, leading zeros, missing parts.
std::expected<std::string, std::string> normalize(std::string_view text) {
  if (text.starts_with('v')) {
    text.remove_prefix(1);
  }
  std::vector<std::string> parts;
  for (int i = 0; i < 2; ++i) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) {
      break;
    }
    parts.emplace_back(text.substr(0, dot));
    text.remove_prefix(dot + 1);
  }
  parts.emplace_back(text);
  for (std::string& piece : parts) {
    if (piece.size() <= 1) {
      continue;
    }
    piece.erase(0, piece.find_first_not_of('0'));
    if (piece.empty() || piece[0] < '0' || piece[0] > '9') {
      piece.insert(0, "0");
    }
  }
  if (parts.size() < 3 && parts.back().find_first_of("+-") != std::string::npos) {
    return std::unexpected("short version cannot contain PreRelease/Build meta data");
  }
  parts.resize(3, "0");
  return parts[0] + "." + parts[1] + "." + parts[2];
}

int order_of_piece(std::string_view a, std::string_view b) {
  const bool a_is_number = is_number(a);
  const bool b_is_number = is_number(b);
  if (a_is_number != b_is_number) {
    return a_is_number ? -1 : 1;
  }
  if (a_is_number) {
    const std::uint64_t left = parse_go_uint(a).value_or(0);
    const std::uint64_t right = parse_go_uint(b).value_or(0);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

int order_of(const SemverValue& a, const SemverValue& b) {
  for (std::size_t i = 0; i < 3; ++i) {
    if (a.numbers[i] != b.numbers[i]) {
      return a.numbers[i] < b.numbers[i] ? -1 : 1;
    }
  }
  if (a.prerelease.empty() || b.prerelease.empty()) {
    return static_cast<int>(a.prerelease.empty()) - static_cast<int>(b.prerelease.empty());
  }
  const std::vector<std::string_view> left = split(a.prerelease, '.');
  const std::vector<std::string_view> right = split(b.prerelease, '.');
  for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
    if (const int order = order_of_piece(left[i], right[i]); order != 0) {
      return order;
    }
  }
  return left.size() < right.size() ? -1 : left.size() > right.size() ? 1 : 0;
}

Value equal(const Value& self, const Value& other, Evaluation& evaluation) {
  if (!other.is(ValueKind::kOpaque) || &other.as_opaque().type() != &kSemverType) {
    return other.is_error() ? other : evaluation.no_such_overload();
  }
  return Value::boolean(order_of(of(self), of(other)) == 0);
}

std::string_view text_of(const OpaqueValue& value, Arena& /*arena*/) {
  return static_cast<const SemverValue&>(value).text;
}

const RuntimeType kSemverType{.name = "kubernetes.Semver",
                              .equal = equal,
                              .text = text_of,
                              .size = nullptr,
                              .go_name = "cel.Semver",
                              .native_name = "semver.Version",
                              .is_unhashable = true};

bool wants_normal(Arguments arguments) { return arguments.size() > 1 && arguments[1].as_bool(); }

Value string_to_semver(Arguments arguments, Evaluation& evaluation) {
  std::string_view text = arguments[0].as_text();
  if (wants_normal(arguments)) {
    const auto normal = normalize(text);
    if (!normal) {
      return evaluation.error(normal.error());
    }
    text = evaluation.arena().copy(*normal);
  }
  const auto version = parse(text);
  if (!version) {
    return evaluation.error(version.error());
  }
  return Value::opaque(*evaluation.arena().create<SemverValue>(*version));
}

Value is_semver(Arguments arguments, Evaluation& /*evaluation*/) {
  if (!wants_normal(arguments)) {
    return Value::boolean(parse(arguments[0].as_text()).has_value());
  }
  const auto normal = normalize(arguments[0].as_text());
  return Value::boolean(normal && parse(*normal).has_value());
}

template <std::size_t index>
Value number(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::integer(static_cast<std::int64_t>(of(arguments[0]).numbers[index]));
}

Value is_greater(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(order_of(of(arguments[0]), of(arguments[1])) > 0);
}

Value is_less(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(order_of(of(arguments[0]), of(arguments[1])) < 0);
}

Value compare_to(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::integer(order_of(of(arguments[0]), of(arguments[1])));
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"semver", "string_to_semver", "(string) -> kubernetes.Semver", string_to_semver,
     costs::first_tenth},
    {"semver", "string_bool_to_semver", "(string, bool) -> kubernetes.Semver", string_to_semver,
     costs::first_tenth},
    {"isSemver", "is_semver_string", "(string) -> bool", is_semver, costs::first_tenth},
    {"isSemver", "is_semver_string_bool", "(string, bool) -> bool", is_semver, costs::first_tenth},
    {"isGreaterThan", "semver_is_greater_than", "kubernetes.Semver.(kubernetes.Semver) -> bool",
     is_greater},
    {"isLessThan", "semver_is_less_than", "kubernetes.Semver.(kubernetes.Semver) -> bool", is_less},
    {"compareTo", "semver_compare_to", "kubernetes.Semver.(kubernetes.Semver) -> int", compare_to},
    {"major", "semver_major", "kubernetes.Semver.() -> int", number<0>},
    {"minor", "semver_minor", "kubernetes.Semver.() -> int", number<1>},
    {"patch", "semver_patch", "kubernetes.Semver.() -> int", number<2>},
};

}  // namespace

Library semver_library() { return {"kubernetes.semver", kRows}; }

}  // namespace seaworthy::cel
