#pragma once

#include <cstdint>

namespace seaworthy::cel {

/// A moment in the proleptic Gregorian calendar.
struct CivilTime {
  std::int64_t year = 1970;
  int month = 1;  ///< 1 to 12.
  int day = 1;    ///< 1 to 31.
  int hour = 0;
  int minute = 0;
  int second = 0;
  int day_of_week = 4;  ///< 0: Sunday.
  int day_of_year = 0;  ///< 0-based.
};

// The first and last second that CEL's timestamps reach: 0001-01-01T00:00:00Z and
// 9999-12-31T23:59:59Z (cel-go types/timestamp.go).
inline constexpr std::int64_t kTimestampSecondsMin = -62135596800;
inline constexpr std::int64_t kTimestampSecondsMax = 253402300799;

bool is_leap_year(std::int64_t year);
int days_in_month(std::int64_t year, int month);
/// Seconds since 1970; the fields must be in their ranges.
std::int64_t seconds_of(const CivilTime& time);
CivilTime civil_time_of(std::int64_t seconds);

}  // namespace seaworthy::cel
