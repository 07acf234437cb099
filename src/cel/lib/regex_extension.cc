// regex.* (cel-go ext/regex.go, version 1): `\1` in a replacement is the first group, and what is
// extracted is the only group where the pattern has one.
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "cel/lib/costs.h"
#include "cel/lib/regex.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/cel/extensions.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

/// The places to look on from after a match, so that one that is empty is not found again.
std::size_t after(std::string_view text, std::string_view match) {
  const auto end = static_cast<std::size_t>(match.data() - text.data()) + match.size();
  return match.empty() ? end + (end < text.size() ? utf8_length(text, end) : 1) : end;
}

/// The replacement with groups in place of `\1`; nothing where there is no such group.
std::optional<std::string> fill(std::string_view replacement,
                                const std::vector<std::string_view>& parts) {
  std::string out;
  for (std::size_t at = 0; at < replacement.size(); ++at) {
    if (replacement[at] != '\\') {
      out += replacement[at];
      continue;
    }
    ++at;
    if (at < replacement.size() && replacement[at] == '\\') {
      out += '\\';
      continue;
    }
    const std::size_t group =
        at < replacement.size() && replacement[at] >= '0' && replacement[at] <= '9'
            ? static_cast<std::size_t>(replacement[at] - '0')
            : parts.size();
    if (group >= parts.size()) {
      return std::nullopt;
    }
    out += parts[group];
  }
  return out;
}

Value replace(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  const PatternCache::Entry pattern = pattern_of(arguments[1].as_text(), evaluation);
  if (!*pattern) {
    return evaluation.error(pattern->error().message);
  }
  std::int64_t left = arguments.size() == 4 ? arguments[3].as_int() : -1;
  if (left < 0) {
    left = std::numeric_limits<std::int64_t>::max();
  }
  std::vector<std::string_view> parts;
  std::string out;
  std::size_t copied = 0;
  for (std::size_t from = 0;
       left > 0 && from <= text.size() && (*pattern)->match(text, from, parts); --left) {
    const auto filled = fill(arguments[2].as_text(), parts);
    if (!filled) {
      return evaluation.error("invalid replacement string: '" +
                              std::string(arguments[2].as_text()) + "' \\ must be followed by a " +
                              "digit of a group or \\");
    }
    const auto begin = static_cast<std::size_t>(parts[0].data() - text.data());
    if (out.size() + (begin - copied) + filled->size() > limits::kFunctionResultBytesMax) {
      return evaluation.error("regex.replace: the text is too long");
    }
    out.append(text.substr(copied, begin - copied)).append(*filled);
    copied = begin + parts[0].size();
    from = after(text, parts[0]);
  }
  return Value::string(evaluation.arena().copy(out.append(text.substr(copied))));
}

/// What a match gives: its only group, or all of it. Null where the group is empty.
Value taken(const std::vector<std::string_view>& parts) {
  const auto& part = parts.back();
  return parts.size() > 1 && part.empty() ? Value::null() : Value::string(part);
}

/// An error, or unset.
Value check_groups(std::string_view expression, const Pattern& pattern, Evaluation& evaluation) {
  return pattern.group_count() > 1
             ? evaluation.error("regular expression has more than one capturing group: \"" +
                                std::string(expression) + "\"")
             : Value();
}

template <bool all>
Value extract(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  const PatternCache::Entry pattern = pattern_of(arguments[1].as_text(), evaluation);
  if (!*pattern) {
    return evaluation.error(pattern->error().message);
  }
  if (const Value error = check_groups(arguments[1].as_text(), **pattern, evaluation);
      error.is_error()) {
    return error;
  }
  std::vector<std::string_view> parts;
  std::vector<Value> found;
  for (std::size_t from = 0; from <= text.size() && (*pattern)->match(text, from, parts);
       from = after(text, parts[0])) {
    const Value value = taken(parts);
    if constexpr (!all) {
      return value.is(ValueKind::kNull)
                 ? Value::optional_none()
                 : Value::optional_of(*evaluation.arena().create<Value>(value));
    }
    if (!value.is(ValueKind::kNull)) {
      found.push_back(value);
    }
  }
  return all ? Value::list(evaluation.arena().copy(std::span<const Value>(found)))
             : Value::optional_none();
}

constexpr std::array kRows{
    FunctionRow{"regex.replace", "regex_replaceAll_string_string_string",
                "(string, string, string) -> string", replace, costs::regex},
    FunctionRow{"regex.replace", "regex_replaceCount_string_string_string_int",
                "(string, string, string, int) -> string", replace, costs::regex},
    FunctionRow{"regex.extract", "regex_extract_string_string",
                "(string, string) -> optional_type(string)", extract<false>, costs::regex},
    FunctionRow{"regex.extractAll", "regex_extractAll_string_string",
                "(string, string) -> list(string)", extract<true>, costs::regex},
};

}  // namespace

Library regex_extension() { return {"cel.lib.ext.regex", kRows}; }

}  // namespace seaworthy::cel
