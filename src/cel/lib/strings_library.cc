// cel-go's string extensions, version 2 (ext/strings.go). Indices count code points.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "cel/eval/go_text.h"
#include "cel/lib/costs.h"
#include "cel/lib/libraries.h"
#include "cel/lib/space.h"
#include "cel/lib/string_format.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

Value text_value(std::string_view text, Evaluation& evaluation) {
  return Value::string(evaluation.arena().copy(text));
}

Value out_of_range(std::int64_t index, Evaluation& evaluation) {
  return evaluation.error("index out of range: " + std::to_string(index));
}

/// The byte offset of the code point `index`; the text's end where `index` is its length; nothing
/// beyond.
std::optional<std::size_t> offset_of(std::string_view text, std::int64_t index) {
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) {
    at += utf8_length(text, at);
  }
  if (index != 0) {
    return std::nullopt;
  }
  return at;
}

std::int64_t length_of(std::string_view text) {
  return static_cast<std::int64_t>(code_point_count(text));
}

Value char_at(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  const auto at = offset_of(text, arguments[1].as_int());
  if (!at) {
    return out_of_range(arguments[1].as_int(), evaluation);
  }
  return Value::string(*at == text.size() ? std::string_view()
                                          : text.substr(*at, utf8_length(text, *at)));
}

Value index_of(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  const std::string_view part = arguments[1].as_text();
  const std::int64_t start = arguments.size() > 2 ? arguments[2].as_int() : 0;
  if (part.empty()) {
    return Value::integer(start);
  }
  if (start < 0) {
    return out_of_range(start, evaluation);
  }
  const auto at = offset_of(text, start);
  if (!at || *at == text.size()) {
    return Value::integer(-1);
  }
  const std::size_t found = text.find(part, *at);
  if (found == std::string_view::npos) {
    return Value::integer(-1);
  }
  return Value::integer(length_of(text.substr(0, found)));
}

Value last_index_of(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  const std::string_view part = arguments[1].as_text();
  const std::int64_t length = length_of(text);
  if (arguments.size() == 2) {
    if (part.empty()) {
      return Value::integer(length);
    }
    if (text.size() < part.size()) {
      return Value::integer(-1);
    }
  }
  const std::int64_t start = arguments.size() > 2 ? arguments[2].as_int() : length - 1;
  if (part.empty()) {
    return Value::integer(start);
  }
  if (start < 0) {
    return out_of_range(start, evaluation);
  }
  if (start >= length) {
    return Value::integer(-1);
  }
  const std::size_t found = text.rfind(part, *offset_of(text, start));
  if (found == std::string_view::npos) {
    return Value::integer(-1);
  }
  return Value::integer(length_of(text.substr(0, found)));
}

template <char from, char to, int shift>
Value change_case(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  char* room = evaluation.arena().allocate_array<char>(text.size());
  std::ranges::transform(
      text, room, [](char c) { return c >= from && c <= to ? static_cast<char>(c + shift) : c; });
  return Value::string({room, text.size()});
}

/// strings.Replace: an empty `old` matches before each code point and at the end.
Value replace(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  const std::string_view old_part = arguments[1].as_text();
  const std::string_view new_part = arguments[2].as_text();
  std::int64_t left = arguments.size() > 3 ? arguments[3].as_int() : -1;
  if (old_part == new_part) {
    return arguments[0];
  }
  std::string out;
  std::size_t at = 0;
  while (left != 0) {
    if (old_part.empty()) {
      out += new_part;
      --left;
      if (at == text.size()) {
        break;
      }
      const std::size_t length = utf8_length(text, at);
      out += text.substr(at, length);
      at += length;
      continue;
    }
    const std::size_t found = text.find(old_part, at);
    if (found == std::string_view::npos) {
      break;
    }
    out += text.substr(at, found - at);
    out += new_part;
    at = found + old_part.size();
    --left;
  }
  out += text.substr(at);
  return text_value(out, evaluation);
}

/// strings.SplitN; `most` < 0: all.
Value split(Arguments arguments, Evaluation& evaluation) {
  std::string_view text = arguments[0].as_text();
  const std::string_view separator = arguments[1].as_text();
  const std::int64_t most = arguments.size() > 2 ? arguments[2].as_int() : -1;
  std::vector<Value> parts;
  const auto more = [&] { return most < 0 || static_cast<std::int64_t>(parts.size()) + 1 < most; };
  if (most == 0) {
    return Value::string_list({});
  }
  if (separator.empty()) {
    while (!text.empty()) {
      const std::size_t length = more() ? utf8_length(text, 0) : text.size();
      parts.push_back(Value::string(text.substr(0, length)));
      text.remove_prefix(length);
    }
  } else {
    for (std::size_t found = text.find(separator); found != std::string_view::npos && more();
         found = text.find(separator)) {
      parts.push_back(Value::string(text.substr(0, found)));
      text.remove_prefix(found + separator.size());
    }
    parts.push_back(Value::string(text));
  }
  return Value::string_list(evaluation.arena().copy(std::span<const Value>(parts)));
}

Value substring(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  const std::int64_t start = arguments[1].as_int();
  if (arguments.size() == 2) {
    const auto at = offset_of(text, start);
    return at ? Value::string(text.substr(*at)) : out_of_range(start, evaluation);
  }
  const std::int64_t end = arguments[2].as_int();
  if (start > end) {
    return evaluation.error("invalid substring range. start: " + std::to_string(start) +
                            ", end: " + std::to_string(end));
  }
  const auto from = offset_of(text, start);
  if (!from) {
    return out_of_range(start, evaluation);
  }
  const auto length = offset_of(text.substr(*from), end - start);
  if (!length) {
    return out_of_range(end, evaluation);
  }
  return Value::string(text.substr(*from, *length));
}

/// Unicode's White_Space, as Go's unicode.IsSpace.
Value trim(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::string(trim_space(arguments[0].as_text()));
}

Value join(Arguments arguments, Evaluation& evaluation) {
  const Value& list = arguments[0];
  const std::string_view separator =
      arguments.size() > 1 ? arguments[1].as_text() : std::string_view();
  std::string out;
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    if (i > 0) {
      out += separator;
    }
    const Value item = list.item(i);
    if (!item.is(ValueKind::kString)) {
      std::string text = "join: invalid input: ";
      append_go_value(item, text);
      return evaluation.error(text);
    }
    out += item.as_text();
  }
  return text_value(out, evaluation);
}

Value quote(Arguments arguments, Evaluation& evaluation) {
  std::string out = "\"";
  for (const char c : to_valid_utf8(arguments[0].as_text())) {
    constexpr std::string_view kEscaped = "\a\b\f\n\r\t\v\\\"";
    constexpr std::string_view kNames = "abfnrtv\\\"";
    const std::size_t at = kEscaped.find(c);
    if (at == std::string_view::npos) {
      out += c;
    } else {
      out += '\\';
      out += kNames[at];
    }
  }
  return text_value(out + '"', evaluation);
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"charAt", "string_char_at_int", "string.(int) -> string", char_at},
    {"indexOf", "string_index_of_string", "string.(string) -> int", index_of,
     costs::first_traversal},
    {"indexOf", "string_index_of_string_int", "string.(string, int) -> int", index_of,
     costs::first_traversal},
    {"lastIndexOf", "string_last_index_of_string", "string.(string) -> int", last_index_of,
     costs::first_traversal},
    {"lastIndexOf", "string_last_index_of_string_int", "string.(string, int) -> int", last_index_of,
     costs::first_traversal},
    {"lowerAscii", "string_lower_ascii", "string.() -> string", change_case<'A', 'Z', 32>,
     costs::first_tenth},
    {"replace", "string_replace_string_string", "string.(string, string) -> string", replace,
     costs::first_fifth},
    {"replace", "string_replace_string_string_int", "string.(string, string, int) -> string",
     replace, costs::first_fifth},
    {"split", "string_split_string", "string.(string) -> list(string)", split, costs::first_fifth},
    {"split", "string_split_string_int", "string.(string, int) -> list(string)", split,
     costs::first_fifth},
    {"substring", "string_substring_int", "string.(int) -> string", substring, costs::first_tenth},
    {"substring", "string_substring_int_int", "string.(int, int) -> string", substring,
     costs::first_tenth},
    {"trim", "string_trim", "string.() -> string", trim, costs::first_tenth},
    {"upperAscii", "string_upper_ascii", "string.() -> string", change_case<'a', 'z', -32>,
     costs::first_tenth},
    {"format", "string_format", "string.(list(dyn)) -> string", format_string, costs::first_tenth},
    {"strings.quote", "strings_quote", "(string) -> string", quote, costs::first_tenth},
    {"join", "list_join", "list(string).() -> string", join, costs::result_fifth},
    {"join", "list_join_string", "list(string).(string) -> string", join, costs::result_fifth},
};

}  // namespace

Library strings_library() { return {"strings", kRows}; }

}  // namespace seaworthy::cel
