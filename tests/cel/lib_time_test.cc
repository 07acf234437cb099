#include <ostream>
#include <string_view>

#include <gtest/gtest.h>

#include "evaluate_text.h"

// Values, errors and costs as Kubernetes 1.36 answers them to the same expressions over the same
// object.

namespace seaworthy::cel {
namespace {

constexpr std::string_view kObject = R"({"z": "+05:30"})";

struct Case {
  std::string_view expression;
  std::string_view expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

class TimeTest : public testing::TestWithParam<Case> {};

TEST_P(TimeTest, AnswersAsKubernetes) {
  EXPECT_EQ(evaluate_text(GetParam().expression, kObject), GetParam().expected);
}

constexpr Case kTimestamps[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"timestamp('2024-02-29T12:34:56.789Z').getDayOfYear()", "int 59 for 1"},
    {"timestamp('2024-02-29T00:00:00Z').getDayOfMonth()", "int 28 for 1"},
    {"timestamp('2024-02-29T00:00:00Z').getDate()", "int 29 for 1"},
    {"timestamp('2024-02-29T00:00:00Z').getMonth()", "int 1 for 1"},
    {"timestamp('2024-02-29T00:00:00Z').getDayOfWeek()", "int 4 for 1"},
    {"timestamp('2024-02-29T23:00:00Z').getHours(object.z)", "int 4 for 3"},
    {"timestamp('2024-02-29T23:00:00Z').getDate(object.z)", "int 1 for 3"},
    {"timestamp('2024-07-01T00:00:00Z').getHours('America/New_York')", "int 20 for 1"},
    {"timestamp('2024-01-01T00:00:00Z').getHours('America/New_York')", "int 19 for 1"},
    {"timestamp('2024-01-01T00:00:00Z').getHours('Nowhere/Else')",
     "error unknown time zone Nowhere/Else for 1"},
    {"timestamp('2024-01-01T00:00:00Z').getHours('../x')",
     "error time: invalid location name for 1"},
    {"timestamp('2024-01-01T00:00:00Z').getHours('a:b')",
     "error strconv.Atoi: parsing \"a\": invalid syntax for 1"},
    {"timestamp('2024-01-01T00:00:00.123456789Z').getMilliseconds()", "int 123 for 1"},
    {"string(timestamp('2024-01-01T00:00:00.5+05:30'))",
     "string 2024-01-01T00:00:00.5+05:30 for 0"},
    {"int(timestamp('1969-12-31T23:59:59Z'))", "int -1 for 0"},
    {"timestamp(253402300800)", "refused: invalid timestamp argument"},
    {"timestamp('2023-02-29T00:00:00Z' + '')",
     "error type conversion error from 'string' to 'google.protobuf.Timestamp' for 3"},
    {"timestamp('10000-01-01T00:00:00Z' + '')",
     "error type conversion error from 'string' to 'google.protobuf.Timestamp' for 4"},
    {"timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "error timestamp overflow for 1"},
    {"timestamp('2024-01-01T00:00:00Z') - timestamp('2023-01-01T00:00:00Z')",
     "google.protobuf.Duration 31536000s for 1"},
    {"timestamp('9999-12-31T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')",
     "error integer overflow for 1"},
    {"timestamp('2024-01-01T00:00:00+01:00') == timestamp('2023-12-31T23:00:00Z')",
     "bool true for 1"},
};

INSTANTIATE_TEST_SUITE_P(Timestamps, TimeTest, testing::ValuesIn(kTimestamps));

constexpr Case kDurations[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"duration('1h30m') + duration('-90s')", "google.protobuf.Duration 5310s for 1"},
    {"duration('1.5s').getMilliseconds()", "int 1500 for 1"},
    {"duration('-90s').getMinutes()", "int -1 for 1"},
    {"duration('100h').getHours()", "int 100 for 1"},
    {"duration('2562047h47m16.854775807s') + duration('1ns')", "error integer overflow for 1"},
    {"string(duration('1ms1us1ns'))", "string 0.001001001s for 0"},
    {"duration('.5s')", "google.protobuf.Duration 0.5s for 0"},
    {"duration('1' + '')",
     "error type conversion error from 'string' to 'google.protobuf.Duration' for 2"},
    {"duration('1d' + '')",
     "error type conversion error from 'string' to 'google.protobuf.Duration' for 2"},
    {"duration('1h') < duration('61m')", "bool true for 1"},
    {"duration('9223372036854775808ns' + '')",
     "error type conversion error from 'string' to 'google.protobuf.Duration' for 4"},
};

INSTANTIATE_TEST_SUITE_P(Durations, TimeTest, testing::ValuesIn(kDurations));

}  // namespace
}  // namespace seaworthy::cel
