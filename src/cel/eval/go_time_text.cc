// Moments and durations in the forms that Go's time package prints them.

#include <cstdlib>
#include <string>

#include "cel/eval/civil_time.h"
#include "cel/eval/go_text.h"

namespace seaworthy::cel {
namespace {

void append_padded(std::int64_t number, int width, std::string& out) {
  const std::string digits = std::to_string(number);
  for (int have = static_cast<int>(digits.size()); have < width; ++have) {
    out += '0';
  }
  out += digits;
}

void append_date_time(const CivilTime& time, char between, std::string& out) {
  if (time.year < 0) {
    out += '-';
  }
  append_padded(time.year < 0 ? -time.year : time.year, 4, out);
  out += '-';
  append_padded(time.month, 2, out);
  out += '-';
  append_padded(time.day, 2, out);
  out += between;
  append_padded(time.hour, 2, out);
  out += ':';
  append_padded(time.minute, 2, out);
  out += ':';
  append_padded(time.second, 2, out);
}

/// ".5", nothing for 0.
void append_nanoseconds(std::uint32_t nanoseconds, std::string& out) {
  if (nanoseconds == 0) {
    return;
  }
  std::string digits;
  append_padded(nanoseconds, 9, digits);
  digits.erase(digits.find_last_not_of('0') + 1);
  out += '.';
  out += digits;
}

void append_zone(int minutes, std::string_view between, std::string& out) {
  out += minutes < 0 ? '-' : '+';
  append_padded(std::abs(minutes) / 60, 2, out);
  out += between;
  append_padded(std::abs(minutes) % 60, 2, out);
}

/// `amount` over `unit` (a power of ten) without trailing zeros.
void append_fraction(std::uint64_t amount, std::uint64_t unit, std::string& out) {
  out += std::to_string(amount / unit);
  std::string digits;
  for (std::uint64_t left = unit, rest = amount % unit; left > 1 && rest > 0;) {
    left /= 10;
    digits += static_cast<char>('0' + rest / left);
    rest %= left;
  }
  if (!digits.empty()) {
    out += "." + digits;
  }
}

}  // namespace

void append_go_time(const Value& timestamp, std::string& out) {
  const int zone = timestamp.zone_minutes();
  append_date_time(civil_time_of(timestamp.as_int() + zone * 60), ' ', out);
  append_nanoseconds(timestamp.nanoseconds(), out);
  out += ' ';
  append_zone(zone, "", out);
  out += ' ';
  if (zone == 0) {
    out += "UTC";
  } else {
    append_zone(zone, "", out);
  }
}

void append_go_duration(std::int64_t nanoseconds, std::string& out) {
  if (nanoseconds == 0) {
    out += "0s";
    return;
  }
  const bool negative = nanoseconds < 0;
  const auto bits = static_cast<std::uint64_t>(nanoseconds);
  const std::uint64_t magnitude = negative ? ~bits + 1 : bits;
  if (negative) {
    out += '-';
  }
  constexpr std::uint64_t kSecond = 1'000'000'000;
  if (magnitude < kSecond) {
    // Below a second: in the largest unit that leaves no leading zero.
    const std::uint64_t unit = magnitude < 1'000 ? 1 : magnitude < 1'000'000 ? 1'000 : 1'000'000;
    append_fraction(magnitude, unit, out);
    out += unit == 1 ? "ns" : unit == 1'000 ? "µs" : "ms";
    return;
  }
  const std::uint64_t seconds = magnitude / kSecond;
  if (seconds >= 3600) {
    out += std::to_string(seconds / 3600) + "h";
  }
  if (seconds >= 60) {
    out += std::to_string(seconds / 60 % 60) + "m";
  }
  append_fraction(magnitude - seconds / 60 * 60 * kSecond, kSecond, out);
  out += 's';
}

void append_duration_seconds(std::int64_t nanoseconds, std::string& out) {
  // d.Seconds(): whole seconds and the rest over 1e9, added as doubles.
  constexpr std::int64_t kSecond = 1'000'000'000;
  const double seconds =
      static_cast<double>(nanoseconds / kSecond) + static_cast<double>(nanoseconds % kSecond) / 1e9;
  append_go_f(seconds, out);
  out += 's';
}

void append_timestamp(const Value& timestamp, std::string& out) {
  const int zone = timestamp.zone_minutes();
  const CivilTime time = civil_time_of(timestamp.as_int() + zone * 60);
  append_date_time(time, 'T', out);
  append_nanoseconds(timestamp.nanoseconds(), out);
  if (zone == 0) {
    out += 'Z';
    return;
  }
  append_zone(zone, ":", out);
}

}  // namespace seaworthy::cel
