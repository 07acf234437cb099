// Named formats (k8s.io/apiserver pkg/cel/library/format.go). What names may be says names.h.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cel/eval/civil_time.h"
#include "cel/lib/costs.h"
#include "cel/lib/go_parse.h"
#include "cel/lib/libraries.h"
#include "cel/lib/names.h"
#include "cel/lib/url.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;
using Messages = std::vector<std::string>;
using namespace names;  // NOLINT(google-build-using-namespace): the formats

/// A value may be appended to a prefix, so one dash at its end does no harm (maskTrailingDash).
template <Messages (*check)(std::string_view)>
Messages as_prefix(std::string_view text) {
  if (text.size() > 1 && text.ends_with('-')) {
    return check(std::string(text.substr(0, text.size() - 2)) + "a");
  }
  return check(text);
}

Messages uri(std::string_view text) {
  const auto url = Url::parse(text, true);
  return url ? Messages() : Messages{url.error()};
}

/// Eight, four, four, four and twelve hexadecimal digits, the dashes optional.
Messages uuid(std::string_view text) {
  bool valid = true;
  for (const std::size_t length : {8U, 4U, 4U, 4U, 12U}) {
    const auto is_hex = [](char c) {
      return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
    };
    valid = valid && text.size() >= length && std::ranges::all_of(text.substr(0, length), is_hex);
    text.remove_prefix(std::min(length, text.size()));
    if (length != 12 && text.starts_with('-')) {
      text.remove_prefix(1);
    }
  }
  return valid && text.empty() ? Messages() : Messages{"does not match the UUID format"};
}

Messages base64(std::string_view text) {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const bool valid = !text.empty() && text.size() % 4 == 0 &&
                     std::ranges::all_of(text.substr(0, text.size() - padding), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '+' || c == '/';
                     });
  return valid ? Messages() : Messages{"invalid base64"};
}

bool is_date(std::string_view text) {
  return text.size() == 10 && parse_rfc3339(std::string(text) + "T00:00:00Z").has_value();
}

Messages date(std::string_view text) {
  return is_date(text) ? Messages() : Messages{"invalid date"};
}

/// ([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2})) in lower case, at most
/// 23:59:59; before it a date and a 't'.
bool is_date_time(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  const std::vector<std::string_view> parts = split(lower, 't');
  if (text.size() < 4 || parts.size() < 2 || !is_date(parts[0])) {
    return false;
  }
  std::string_view time = parts[1];
  const auto is_digit = [&](std::size_t at) {
    return at < time.size() && time[at] >= '0' && time[at] <= '9';
  };
  for (const std::size_t at : {0U, 1U, 3U, 4U, 6U, 7U}) {
    if (!is_digit(at)) {
      return false;
    }
  }
  if (time[2] != ':' || time[5] != ':' || time.substr(0, 2) > "23" || time.substr(3, 2) > "59" ||
      time.substr(6, 2) > "59") {
    return false;
  }
  const auto is_zone = [](std::string_view zone) {
    if (zone == "z") {
      return true;
    }
    const auto digit = [&](std::size_t at) { return zone[at] >= '0' && zone[at] <= '9'; };
    return zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':' && digit(1) &&
           digit(2) && digit(4) && digit(5);
  };
  if (is_zone(time.substr(8))) {
    return true;
  }
  // Any one character, then digits, then the zone.
  if (time.size() < 10) {
    return false;
  }
  const std::size_t first = 8 + utf8_length(time, 8);
  std::size_t end = first;
  while (is_digit(end)) {
    ++end;
  }
  return end > first && time[8] != '\n' && is_zone(time.substr(end));
}

Messages date_time(std::string_view text) {
  return is_date_time(text) ? Messages() : Messages{"invalid datetime"};
}

extern const RuntimeType kFormatType;

class FormatValue final : public OpaqueValue {
 public:
  constexpr FormatValue(std::string_view key, std::string_view name,
                        Messages (*run)(std::string_view), std::uint32_t size)
      : OpaqueValue(kFormatType), key_(key), name_(name), check_(run), pattern_size_(size) {}

  [[nodiscard]] std::string_view key() const { return key_; }

  [[nodiscard]] std::string_view name() const { return name_; }

  [[nodiscard]] Messages check(std::string_view text) const { return check_(text); }

  [[nodiscard]] std::uint32_t pattern_size() const { return pattern_size_; }

 private:
  std::string_view key_;
  std::string_view name_;
  Messages (*check_)(std::string_view);
  std::uint32_t pattern_size_;  ///< What costs reckon with.
};

const FormatValue& of(const Value& value) {
  return static_cast<const FormatValue&>(value.as_opaque());
}

Value equal(const Value& self, const Value& other, Evaluation& evaluation) {
  if (!other.is(ValueKind::kOpaque) || &other.as_opaque().type() != &kFormatType) {
    return other.is_error() ? other : evaluation.no_such_overload();
  }
  return Value::boolean(of(self).name() == of(other).name());
}

const RuntimeType kFormatType{.name = "kubernetes.NamedFormat",
                              .equal = equal,
                              .text = nullptr,
                              .size = nullptr,
                              .go_name = "cel.Format",
                              .is_unhashable = true};

const std::array kFormats = {
    FormatValue("dns1123Label", "DNS1123Label", dns1123_label, 30),
    FormatValue("dns1123Subdomain", "DNS1123Subdomain", dns1123_subdomain, 60),
    FormatValue("dns1035Label", "DNS1035Label", dns1035_label, 30),
    FormatValue("qualifiedName", "QualifiedName", qualified_name, 60),
    FormatValue("dns1123LabelPrefix", "DNS1123LabelPrefix", as_prefix<dns1123_label>, 30),
    FormatValue("dns1123SubdomainPrefix", "DNS1123SubdomainPrefix", as_prefix<dns1123_subdomain>,
                60),
    FormatValue("dns1035LabelPrefix", "DNS1035LabelPrefix", as_prefix<dns1035_label>, 30),
    FormatValue("labelValue", "LabelValue", label_value, 40),
    FormatValue("uri", "URI", uri, 1103),
    FormatValue("uuid", "uuid", uuid, 70),
    FormatValue("byte", "byte", base64, 84),
    FormatValue("date", "date", date, 71),
    FormatValue("datetime", "datetime", date_time, 71),
};

template <std::size_t index>
Value constant(Arguments /*arguments*/, Evaluation& /*evaluation*/) {
  return Value::opaque(kFormats[index]);
}

Value named(Arguments arguments, Evaluation& evaluation) {
  for (const FormatValue& format : kFormats) {
    if (format.key() == arguments[0].as_text()) {
      return Value::optional_of(*evaluation.arena().create<Value>(Value::opaque(format)));
    }
  }
  return Value::optional_none();
}

Value validate(Arguments arguments, Evaluation& evaluation) {
  const Messages messages = of(arguments[0]).check(arguments[1].as_text());
  if (messages.empty()) {
    return Value::optional_none();
  }
  Arena& arena = evaluation.arena();
  Value* items = arena.allocate_array<Value>(messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) {
    new (&items[i]) Value(Value::string(arena.copy(messages[i])));
  }
  return Value::optional_of(*arena.create<Value>(Value::string_list({items, messages.size()})));
}

std::uint64_t validate_cost(Arguments arguments, const Value& /*result*/) {
  if (!arguments[0].is(ValueKind::kOpaque) || &arguments[0].as_opaque().type() != &kFormatType) {
    return 1;
  }
  const std::uint64_t pattern = (of(arguments[0]).pattern_size() + 3) / 4;
  return costs::tenth(1 + costs::size(arguments[1])) * pattern;
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"validate", "format-validate",
     "kubernetes.NamedFormat.(string) -> optional_type(list(string))", validate, validate_cost},
    {"format.named", "format-named", "(string) -> optional_type(kubernetes.NamedFormat)", named},
    {"format.dns1123Label", "format.dns1123Label", "() -> kubernetes.NamedFormat", constant<0>},
    {"format.dns1123Subdomain", "format.dns1123Subdomain", "() -> kubernetes.NamedFormat",
     constant<1>},
    {"format.dns1035Label", "format.dns1035Label", "() -> kubernetes.NamedFormat", constant<2>},
    {"format.qualifiedName", "format.qualifiedName", "() -> kubernetes.NamedFormat", constant<3>},
    {"format.dns1123LabelPrefix", "format.dns1123LabelPrefix", "() -> kubernetes.NamedFormat",
     constant<4>},
    {"format.dns1123SubdomainPrefix", "format.dns1123SubdomainPrefix",
     "() -> kubernetes.NamedFormat", constant<5>},
    {"format.dns1035LabelPrefix", "format.dns1035LabelPrefix", "() -> kubernetes.NamedFormat",
     constant<6>},
    {"format.labelValue", "format.labelValue", "() -> kubernetes.NamedFormat", constant<7>},
    {"format.uri", "format.uri", "() -> kubernetes.NamedFormat", constant<8>},
    {"format.uuid", "format.uuid", "() -> kubernetes.NamedFormat", constant<9>},
    {"format.byte", "format.byte", "() -> kubernetes.NamedFormat", constant<10>},
    {"format.date", "format.date", "() -> kubernetes.NamedFormat", constant<11>},
    {"format.datetime", "format.datetime", "() -> kubernetes.NamedFormat", constant<12>},
};

}  // namespace

Library format_library() { return {"kubernetes.format", kRows}; }

}  // namespace seaworthy::cel
