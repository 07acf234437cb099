// Getters of timestamps and durations. A zone is an offset ("+05:30") or an IANA name. Rule: cel-go
// common/stdlib/standard.go, inTimeZone.

#include <charconv>
#include <optional>
#include <string>

#include "cel/eval/civil_time.h"
#include "cel/eval/go_text.h"
#include "cel/lib/go_parse.h"
#include "cel/lib/libraries.h"
#include "cel/lib/zones.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

/// strconv.Atoi's error.
Value number_error(std::string_view text, Evaluation& evaluation) {
  std::string message = "strconv.Atoi: parsing ";
  append_go_quoted(text, message);
  // Digits that are too many count before what follows them.
  const std::string_view digits =
      text.substr(text.starts_with('+') || text.starts_with('-') ? 1 : 0);
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_number = failure == std::errc::result_out_of_range ||
                         (failure == std::errc() && end == digits.data() + digits.size());
  return evaluation.error(message + (is_number ? ": value out of range" : ": invalid syntax"));
}

/// Seconds east of UTC in the zone at the moment, or an error.
Value offset_of(std::string_view zone, std::int64_t moment, Evaluation& evaluation) {
  const std::size_t colon = zone.find(':');
  if (colon == std::string_view::npos) {
    // "Local" is the zone of the machine, which for a server is UTC.
    if (zone.empty() || zone == "UTC" || zone == "Local") {
      return Value::integer(0);
    }
    if (zone.find("..") != std::string_view::npos || zone.starts_with('/') ||
        zone.starts_with('\\')) {
      return evaluation.error("time: invalid location name");
    }
    if (zone.find('\0') != std::string_view::npos) {
      return evaluation.error("invalid argument");  // of opening the zone's file
    }
    const std::optional<std::int64_t> east = zone_offset(zone, moment);
    return east ? Value::integer(*east)
                : evaluation.error("unknown time zone " + std::string(zone));
  }
  const auto hours = parse_go_int(zone.substr(0, colon));
  if (!hours) {
    return number_error(zone.substr(0, colon), evaluation);
  }
  const auto minutes = parse_go_int(zone.substr(colon + 1));
  if (!minutes) {
    return number_error(zone.substr(colon + 1), evaluation);
  }
  // Go's integers wrap around, in minutes and again as nanoseconds.
  constexpr std::uint64_t kMinute = 60'000'000'000;
  constexpr std::int64_t kSecond = 1'000'000'000;
  const auto hours_part = static_cast<std::uint64_t>(*hours) * 60;
  const auto minutes_part = static_cast<std::uint64_t>(*minutes);
  const std::uint64_t east =
      zone.starts_with('-') ? hours_part - minutes_part : hours_part + minutes_part;
  return Value::integer(static_cast<std::int64_t>(east * kMinute) / kSecond);
}

using Getter = std::int64_t (*)(const CivilTime&);

template <Getter getter>
Value of_timestamp(Arguments arguments, Evaluation& evaluation) {
  const Value& timestamp = arguments[0];
  std::int64_t offset = 0;
  if (arguments.size() == 2) {
    const Value east = offset_of(arguments[1].as_text(), timestamp.as_int(), evaluation);
    if (east.is_error()) {
      return east;
    }
    offset = east.as_int();
  }
  return Value::integer(getter(civil_time_of(timestamp.as_int() + offset)));
}

std::int64_t year(const CivilTime& time) { return time.year; }

std::int64_t month(const CivilTime& time) { return time.month - 1; }

std::int64_t day_of_year(const CivilTime& time) { return time.day_of_year; }

std::int64_t day_of_month(const CivilTime& time) { return time.day - 1; }

std::int64_t date(const CivilTime& time) { return time.day; }

std::int64_t day_of_week(const CivilTime& time) { return time.day_of_week; }

std::int64_t hours(const CivilTime& time) { return time.hour; }

std::int64_t minutes(const CivilTime& time) { return time.minute; }

std::int64_t seconds(const CivilTime& time) { return time.second; }

Value milliseconds(Arguments arguments, Evaluation& evaluation) {
  if (arguments.size() == 2) {
    const Value east = offset_of(arguments[1].as_text(), arguments[0].as_int(), evaluation);
    if (east.is_error()) {
      return east;
    }
  }
  return Value::integer(arguments[0].nanoseconds() / 1'000'000);
}

/// The whole duration in a unit, towards zero, by way of a double, which may round it up (Go's
/// time.Duration, Hours, Minutes, Seconds).
template <std::int64_t nanoseconds>
Value of_duration(Arguments arguments, Evaluation& /*evaluation*/) {
  const std::int64_t whole = arguments[0].as_int() / nanoseconds;
  const std::int64_t rest = arguments[0].as_int() % nanoseconds;
  return Value::integer(static_cast<std::int64_t>(
      static_cast<double>(whole) + static_cast<double>(rest) / static_cast<double>(nanoseconds)));
}

/// In all, towards zero.
Value duration_milliseconds(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::integer(arguments[0].as_int() / 1'000'000);
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"getFullYear", "timestamp_to_year", "timestamp.() -> int", of_timestamp<year>},
    {"getFullYear", "timestamp_to_year_with_tz", "timestamp.(string) -> int", of_timestamp<year>},
    {"getMonth", "timestamp_to_month", "timestamp.() -> int", of_timestamp<month>},
    {"getMonth", "timestamp_to_month_with_tz", "timestamp.(string) -> int", of_timestamp<month>},
    {"getDayOfYear", "timestamp_to_day_of_year", "timestamp.() -> int", of_timestamp<day_of_year>},
    {"getDayOfYear", "timestamp_to_day_of_year_with_tz", "timestamp.(string) -> int",
     of_timestamp<day_of_year>},
    {"getDayOfMonth", "timestamp_to_day_of_month", "timestamp.() -> int",
     of_timestamp<day_of_month>},
    {"getDayOfMonth", "timestamp_to_day_of_month_with_tz", "timestamp.(string) -> int",
     of_timestamp<day_of_month>},
    {"getDate", "timestamp_to_day_of_month_1_based", "timestamp.() -> int", of_timestamp<date>},
    {"getDate", "timestamp_to_day_of_month_1_based_with_tz", "timestamp.(string) -> int",
     of_timestamp<date>},
    {"getDayOfWeek", "timestamp_to_day_of_week", "timestamp.() -> int", of_timestamp<day_of_week>},
    {"getDayOfWeek", "timestamp_to_day_of_week_with_tz", "timestamp.(string) -> int",
     of_timestamp<day_of_week>},
    {"getHours", "timestamp_to_hours", "timestamp.() -> int", of_timestamp<hours>},
    {"getHours", "timestamp_to_hours_with_tz", "timestamp.(string) -> int", of_timestamp<hours>},
    {"getHours", "duration_to_hours", "duration.() -> int", of_duration<3'600'000'000'000>},
    {"getMinutes", "timestamp_to_minutes", "timestamp.() -> int", of_timestamp<minutes>},
    {"getMinutes", "timestamp_to_minutes_with_tz", "timestamp.(string) -> int",
     of_timestamp<minutes>},
    {"getMinutes", "duration_to_minutes", "duration.() -> int", of_duration<60'000'000'000>},
    {"getSeconds", "timestamp_to_seconds", "timestamp.() -> int", of_timestamp<seconds>},
    {"getSeconds", "timestamp_to_seconds_tz", "timestamp.(string) -> int", of_timestamp<seconds>},
    {"getSeconds", "duration_to_seconds", "duration.() -> int", of_duration<1'000'000'000>},
    {"getMilliseconds", "timestamp_to_milliseconds", "timestamp.() -> int", milliseconds},
    {"getMilliseconds", "timestamp_to_milliseconds_with_tz", "timestamp.(string) -> int",
     milliseconds},
    {"getMilliseconds", "duration_to_milliseconds", "duration.() -> int", duration_milliseconds},
};

}  // namespace

Library time_library() { return {"time", kRows}; }

}  // namespace seaworthy::cel
