#include "cel/lib/go_parse.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "cel/eval/civil_time.h"

namespace seaworthy::cel {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::uint64_t kTwoTo63 = std::uint64_t{1} << 63;

/// Takes digits off `text`; nothing where they exceed 2^63 (time.leadingInt).
std::optional<std::uint64_t> take_integer(std::string_view& text) {
  std::uint64_t number = 0;
  while (!text.empty() && is_digit(text.front())) {
    if (number > kTwoTo63 / 10) {
      return std::nullopt;
    }
    number = number * 10 + static_cast<std::uint64_t>(text.front() - '0');
    if (number > kTwoTo63) {
      return std::nullopt;
    }
    text.remove_prefix(1);
  }
  return number;
}

/// Takes the digits of a fraction: value and power of ten; digits beyond what fits are dropped
/// (time.leadingFraction).
std::pair<std::uint64_t, double> take_fraction(std::string_view& text) {
  std::uint64_t number = 0;
  double scale = 1;
  bool overflow = false;
  while (!text.empty() && is_digit(text.front())) {
    const auto digit = static_cast<std::uint64_t>(text.front() - '0');
    text.remove_prefix(1);
    if (overflow) {
      continue;
    }
    if (number > (kTwoTo63 - 1) / 10 || number * 10 + digit > kTwoTo63) {
      overflow = true;
      continue;
    }
    number = number * 10 + digit;
    scale *= 10;
  }
  return {number, scale};
}

std::optional<std::uint64_t> unit_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 8> kUnits = {{
      {"ns", 1},
      {"us", 1'000},
      {"µs", 1'000},
      {"μs", 1'000},
      {"ms", 1'000'000},
      {"s", 1'000'000'000},
      {"m", 60'000'000'000},
      {"h", 3'600'000'000'000},
  }};
  for (const auto& [unit, nanoseconds] : kUnits) {
    if (unit == name) {
      return nanoseconds;
    }
  }
  return std::nullopt;
}

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

/// strconv.underscoreOK: each between two digits, or between the base's prefix and a digit.
bool underscores_separate_digits(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  const auto lower = [&](std::size_t at) { return static_cast<char>(text[at] | 0x20); };
  const bool is_hex = text.size() > 1 && text[0] == '0' && lower(1) == 'x';
  const bool has_prefix =
      is_hex || (text.size() > 1 && text[0] == '0' && (lower(1) == 'b' || lower(1) == 'o'));
  char last = has_prefix ? '0' : '^';
  for (std::size_t at = has_prefix ? 2 : 0; at < text.size(); ++at) {
    if (is_digit(text[at]) || (is_hex && lower(at) >= 'a' && lower(at) <= 'f')) {
      last = '0';
    } else if (text[at] == '_') {
      if (last != '0') {
        return false;
      }
      last = '_';
    } else {
      if (last == '_') {
        return false;
      }
      last = '!';
    }
  }
  return last != '_';
}

/// Two digits at `at`, within bounds.
std::optional<int> two_digits(std::string_view text, std::size_t at) {
  if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) {
    return std::nullopt;
  }
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// "+05:30" as minutes, in the ranges that time.Parse takes (hours to 24, minutes to 60).
std::optional<int> zone_of(std::string_view text) {
  if (text == "Z") {
    return 0;
  }
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
    return std::nullopt;
  }
  const auto hours = two_digits(text, 1);
  const auto minutes = two_digits(text, 4);
  if (!hours || !minutes || *hours > 24 || *minutes > 60) {
    return std::nullopt;
  }
  const int zone = *hours * 60 + *minutes;
  return text[0] == '-' ? -zone : zone;
}

}  // namespace

std::optional<std::int64_t> parse_go_duration(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text == "0") {
    return 0;
  }
  if (text.empty()) {
    return std::nullopt;
  }
  std::uint64_t sum = 0;
  while (!text.empty()) {
    if (text.front() != '.' && !is_digit(text.front())) {
      return std::nullopt;
    }
    const std::size_t before = text.size();
    const auto whole = take_integer(text);
    if (!whole) {
      return std::nullopt;
    }
    bool any_digit = text.size() != before;
    std::pair<std::uint64_t, double> fraction = {0, 1};
    if (!text.empty() && text.front() == '.') {
      text.remove_prefix(1);
      const std::size_t digits = text.size();
      fraction = take_fraction(text);
      any_digit = any_digit || text.size() != digits;
    }
    if (!any_digit) {
      return std::nullopt;
    }
    const std::size_t end = std::min(text.find_first_of(".0123456789"), text.size());
    const auto unit = unit_of(text.substr(0, end));
    if (!unit) {
      return std::nullopt;
    }
    text.remove_prefix(end);
    if (*whole > kTwoTo63 / *unit) {
      return std::nullopt;
    }
    std::uint64_t part = *whole * *unit;
    if (fraction.first > 0) {
      part += static_cast<std::uint64_t>(static_cast<double>(fraction.first) *
                                         (static_cast<double>(*unit) / fraction.second));
      if (part > kTwoTo63) {
        return std::nullopt;
      }
    }
    sum += part;
    if (sum > kTwoTo63) {
      return std::nullopt;
    }
  }
  if (negative) {
    return static_cast<std::int64_t>(~sum + 1);
  }
  if (sum > kTwoTo63 - 1) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(sum);
}

std::optional<Value> parse_rfc3339(std::string_view text) {
  // 2006-01-02T15:04:05, an optional fraction after '.' or ',', then Z or an offset. The hour may
  // have one digit (Go accepts that for the layout's "15").
  CivilTime time;
  const auto century = two_digits(text, 0);
  const auto year = two_digits(text, 2);
  const auto month = two_digits(text, 5);
  const auto day = two_digits(text, 8);
  if (!century || !year || !month || !day || text[4] != '-' || text[7] != '-' || text.size() < 11 ||
      text[10] != 'T') {
    return std::nullopt;
  }
  std::string_view rest = text.substr(11);
  const std::size_t hour_digits = rest.size() > 1 && is_digit(rest[1]) ? 2 : 1;
  if (rest.empty() || !is_digit(rest[0])) {
    return std::nullopt;
  }
  time.hour = rest[0] - '0';
  if (hour_digits == 2) {
    time.hour = time.hour * 10 + (rest[1] - '0');
  }
  rest.remove_prefix(hour_digits);
  const auto minute = two_digits(rest, 1);
  const auto second = two_digits(rest, 4);
  if (!minute || !second || rest[0] != ':' || rest[3] != ':') {
    return std::nullopt;
  }
  rest.remove_prefix(6);
  std::uint32_t nanoseconds = 0;
  if (rest.size() > 1 && (rest[0] == '.' || rest[0] == ',') && is_digit(rest[1])) {
    rest.remove_prefix(1);
    std::uint32_t unit = 100'000'000;
    for (; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1), unit /= 10) {
      nanoseconds += static_cast<std::uint32_t>(rest.front() - '0') * unit;
    }
  }
  const auto zone = zone_of(rest);
  time.year = *century * 100 + *year;
  time.month = *month;
  time.day = *day;
  time.minute = *minute;
  time.second = *second;
  if (!zone || time.month < 1 || time.month > 12 || time.day < 1 ||
      time.day > days_in_month(time.year, time.month) || time.hour > 23 || time.minute > 59 ||
      time.second > 59) {
    return std::nullopt;
  }
  return Value::timestamp(seconds_of(time) - *zone * 60, nanoseconds,
                          static_cast<std::int16_t>(*zone));
}

std::optional<double> parse_go_double(std::string_view text) {
  if (text.find('_') != std::string_view::npos) {
    if (!underscores_separate_digits(text)) {
      return std::nullopt;
    }
    std::string plain(text);
    std::erase(plain, '_');
    return parse_go_double(plain);
  }
  bool negative = false;
  std::string_view rest = text;
  if (!rest.empty() && (rest.front() == '+' || rest.front() == '-')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  std::string lower(rest);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (lower == "inf" || lower == "infinity") {
    return negative ? -std::numeric_limits<double>::infinity()
                    : std::numeric_limits<double>::infinity();
  }
  if (lower == "nan" && rest.size() == text.size()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  auto format = std::chars_format::general;
  std::string_view digits = lower;
  if (digits.starts_with("0x")) {
    format = std::chars_format::hex;
    digits.remove_prefix(2);
    if (digits.find('p') == std::string_view::npos) {
      return std::nullopt;
    }
  }
  if (digits.empty() ||
      (!is_digit(digits.front()) && digits.front() != '.' && format != std::chars_format::hex) ||
      digits.front() == '-' || digits.front() == 'i' || digits.front() == 'n') {
    return std::nullopt;
  }
  double number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, format);
  if (end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  if (error == std::errc::result_out_of_range) {
    // from_chars says the same of what is too small, which Go takes for 0 (or the nearest
    // subnormal).
    const double rounded = std::strtod(lower.c_str(), nullptr);
    if (std::isinf(rounded)) {
      return std::nullopt;
    }
    number = rounded;
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  return negative ? -number : number;
}

std::optional<std::int64_t> parse_go_int(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) {
      return std::nullopt;
    }
  }
  return whole_number<std::int64_t>(text);
}

std::optional<std::uint64_t> parse_go_uint(std::string_view text) {
  return whole_number<std::uint64_t>(text);
}

}  // namespace seaworthy::cel
