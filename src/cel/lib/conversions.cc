// Conversions between types (cel-go common/types, ConvertToType). Text is read as Go's strconv and
// time packages read it.

#include <limits>
#include <optional>
#include <string>

#include "cel/eval/civil_time.h"
#include "cel/eval/go_text.h"
#include "cel/eval/patch_values.h"
#include "cel/eval/runtime_types.h"
#include "cel/lib/costs.h"
#include "cel/lib/go_parse.h"
#include "cel/lib/libraries.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

Value conversion_error(const Value& value, std::string_view to, Evaluation& evaluation) {
  return evaluation.error("type conversion error from '" + std::string(runtime_type(value).name) +
                          "' to '" + std::string(to) + "'");
}

Value identity(Arguments arguments, Evaluation& /*evaluation*/) { return arguments[0]; }

Value type_of(Arguments arguments, Evaluation& /*evaluation*/) {
  if (is_patch_value(arguments[0])) {
    return Value::type(runtime_types::kType);  // "type(Object)", whose name is "type"
  }
  return Value::type(runtime_type(arguments[0]));
}

Value string_to_bool(Arguments arguments, Evaluation& evaluation) {
  const std::string_view text = arguments[0].as_text();
  for (const std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"}) {
    if (text == yes) {
      return Value::boolean(true);
    }
  }
  for (const std::string_view no : {"0", "f", "F", "FALSE", "false", "False"}) {
    if (text == no) {
      return Value::boolean(false);
    }
  }
  return conversion_error(arguments[0], "bool", evaluation);
}

Value string_to_bytes(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::bytes(arguments[0].as_text());
}

Value int_to_double(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::number(static_cast<double>(arguments[0].as_int()));
}

Value uint_to_double(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::number(static_cast<double>(arguments[0].as_uint()));
}

Value string_to_double(Arguments arguments, Evaluation& evaluation) {
  if (const auto number = parse_go_double(arguments[0].as_text())) {
    return Value::number(*number);
  }
  return conversion_error(arguments[0], "double", evaluation);
}

Value int_to_duration(Arguments arguments, Evaluation& evaluation) {
  return conversion_error(arguments[0], "google.protobuf.Duration", evaluation);
}

Value string_to_duration(Arguments arguments, Evaluation& evaluation) {
  if (const auto nanoseconds = parse_go_duration(arguments[0].as_text())) {
    return Value::duration(*nanoseconds);
  }
  return conversion_error(arguments[0], "google.protobuf.Duration", evaluation);
}

Value double_to_int(Arguments arguments, Evaluation& evaluation) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  const double number = arguments[0].as_double();
  if (!(number > -kTwoTo63 && number < kTwoTo63)) {
    return evaluation.error("integer overflow");
  }
  return Value::integer(static_cast<std::int64_t>(number));
}

Value duration_to_int(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::integer(arguments[0].as_int());
}

Value string_to_int(Arguments arguments, Evaluation& evaluation) {
  if (const auto number = parse_go_int(arguments[0].as_text())) {
    return Value::integer(*number);
  }
  return conversion_error(arguments[0], "int", evaluation);
}

Value timestamp_to_int(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::integer(arguments[0].as_int());
}

Value uint_to_int(Arguments arguments, Evaluation& evaluation) {
  if (arguments[0].as_uint() >
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return evaluation.error("integer overflow");
  }
  return Value::integer(static_cast<std::int64_t>(arguments[0].as_uint()));
}

Value text_value(const std::string& text, Evaluation& evaluation) {
  return Value::string(evaluation.arena().copy(text));
}

Value bool_to_string(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::string(arguments[0].as_bool() ? "true" : "false");
}

Value bytes_to_string(Arguments arguments, Evaluation& evaluation) {
  if (!is_valid_utf8(arguments[0].as_text())) {
    return evaluation.error("invalid UTF-8 in bytes, cannot convert to string");
  }
  return Value::string(arguments[0].as_text());
}

Value double_to_string(Arguments arguments, Evaluation& evaluation) {
  std::string text;
  append_go_g(arguments[0].as_double(), text);
  return text_value(text, evaluation);
}

Value duration_to_string(Arguments arguments, Evaluation& evaluation) {
  std::string text;
  append_duration_seconds(arguments[0].as_int(), text);
  return text_value(text, evaluation);
}

Value int_to_string(Arguments arguments, Evaluation& evaluation) {
  return text_value(std::to_string(arguments[0].as_int()), evaluation);
}

Value timestamp_to_string(Arguments arguments, Evaluation& evaluation) {
  std::string text;
  append_timestamp(arguments[0], text);
  return text_value(text, evaluation);
}

Value uint_to_string(Arguments arguments, Evaluation& evaluation) {
  return text_value(std::to_string(arguments[0].as_uint()), evaluation);
}

Value int_to_timestamp(Arguments arguments, Evaluation& evaluation) {
  const std::int64_t seconds = arguments[0].as_int();
  if (seconds < kTimestampSecondsMin || seconds > kTimestampSecondsMax) {
    return evaluation.error("timestamp overflow");
  }
  return Value::timestamp(seconds, 0);
}

Value string_to_timestamp(Arguments arguments, Evaluation& evaluation) {
  const auto time = parse_rfc3339(arguments[0].as_text());
  if (!time) {
    return conversion_error(arguments[0], "google.protobuf.Timestamp", evaluation);
  }
  if (time->as_int() < kTimestampSecondsMin || time->as_int() > kTimestampSecondsMax) {
    return evaluation.error("timestamp overflow");
  }
  return *time;
}

Value double_to_uint(Arguments arguments, Evaluation& evaluation) {
  constexpr double kTwoTo64 = 18446744073709551616.0;
  const double number = arguments[0].as_double();
  if (!(number >= 0 && number < kTwoTo64)) {
    return evaluation.error("unsigned integer overflow");
  }
  return Value::unsigned_integer(static_cast<std::uint64_t>(number));
}

Value int_to_uint(Arguments arguments, Evaluation& evaluation) {
  if (arguments[0].as_int() < 0) {
    return evaluation.error("unsigned integer overflow");
  }
  return Value::unsigned_integer(static_cast<std::uint64_t>(arguments[0].as_int()));
}

Value string_to_uint(Arguments arguments, Evaluation& evaluation) {
  if (const auto number = parse_go_uint(arguments[0].as_text())) {
    return Value::unsigned_integer(*number);
  }
  return conversion_error(arguments[0], "uint", evaluation);
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"type", "type", "(A) -> type(A)", type_of},
    {"bool", "bool_to_bool", "(bool) -> bool", identity},
    {"bool", "string_to_bool", "(string) -> bool", string_to_bool},
    {"bytes", "bytes_to_bytes", "(bytes) -> bytes", identity},
    {"bytes", "string_to_bytes", "(string) -> bytes", string_to_bytes, costs::first_tenth},
    {"double", "double_to_double", "(double) -> double", identity},
    {"double", "int64_to_double", "(int) -> double", int_to_double},
    {"double", "string_to_double", "(string) -> double", string_to_double},
    {"double", "uint64_to_double", "(uint) -> double", uint_to_double},
    {"duration", "duration_to_duration", "(duration) -> duration", identity},
    {"duration", "int64_to_duration", "(int) -> duration", int_to_duration},
    {"duration", "string_to_duration", "(string) -> duration", string_to_duration},
    {"dyn", "to_dyn", "(A) -> dyn", identity},
    {"int", "int64_to_int64", "(int) -> int", identity},
    {"int", "double_to_int64", "(double) -> int", double_to_int},
    {"int", "duration_to_int64", "(duration) -> int", duration_to_int},
    {"int", "string_to_int64", "(string) -> int", string_to_int},
    {"int", "timestamp_to_int64", "(timestamp) -> int", timestamp_to_int},
    {"int", "uint64_to_int64", "(uint) -> int", uint_to_int},
    {"string", "string_to_string", "(string) -> string", identity},
    {"string", "bool_to_string", "(bool) -> string", bool_to_string},
    {"string", "bytes_to_string", "(bytes) -> string", bytes_to_string, costs::first_tenth},
    {"string", "double_to_string", "(double) -> string", double_to_string},
    {"string", "duration_to_string", "(duration) -> string", duration_to_string},
    {"string", "int64_to_string", "(int) -> string", int_to_string},
    {"string", "timestamp_to_string", "(timestamp) -> string", timestamp_to_string},
    {"string", "uint64_to_string", "(uint) -> string", uint_to_string},
    {"timestamp", "timestamp_to_timestamp", "(timestamp) -> timestamp", identity},
    {"timestamp", "int64_to_timestamp", "(int) -> timestamp", int_to_timestamp},
    {"timestamp", "string_to_timestamp", "(string) -> timestamp", string_to_timestamp},
    {"uint", "uint64_to_uint64", "(uint) -> uint", identity},
    {"uint", "double_to_uint64", "(double) -> uint", double_to_uint},
    {"uint", "int64_to_uint64", "(int) -> uint", int_to_uint},
    {"uint", "string_to_uint64", "(string) -> uint", string_to_uint},
};

}  // namespace

Library conversions_library() { return {"conversions", kRows}; }

}  // namespace seaworthy::cel
