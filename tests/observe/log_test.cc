#include "seaworthy/observe/log.h"

#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "seaworthy/base/limits.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"

namespace seaworthy::observe {
namespace {

using Lines = std::vector<std::string>;

TEST(LogTest, WritesOneObjectALine) {
  testing::FakeClock clock;
  testing::CapturedLog sink;
  Log log(sink, clock, LogLevel::kInfo);
  log.info("listening", {{"listener", "admission"},
                         {"threads", 2U},
                         {"offset", -3},
                         {"ratio", 0.5},
                         {"whole", 1e300},
                         {"none", std::numeric_limits<double>::infinity()},
                         {"tls", true},
                         {"large", std::numeric_limits<std::uint64_t>::max()}});
  clock.advance(std::chrono::milliseconds(61'042));
  log.warn("later");
  const Lines expected{
      R"({"time":"2026-01-01T00:00:00.000Z","level":"info","message":"listening","listener":"admission",)"
      R"("threads":2,"offset":-3,"ratio":0.5,"whole":1e+300,"none":null,"tls":true,)"
      R"("large":18446744073709551615})",
      R"({"time":"2026-01-01T00:01:01.042Z","level":"warn","message":"later"})"};
  EXPECT_EQ(sink.lines(), expected);
}

TEST(LogTest, LeavesOutLowerLevels) {
  const testing::FakeClock clock;
  for (const LogLevel lowest :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError}) {
    testing::CapturedLog sink;
    Log log(sink, clock, lowest);
    log.debug("");
    log.info("");
    log.warn("");
    log.error("");
    EXPECT_EQ(sink.lines().size(), 4 - static_cast<std::size_t>(lowest));
  }
}

TEST(LogTest, EscapesAndCutsTexts) {
  const std::string full(limits::kLogValueBytesMax, 'x');

  struct Case {
    std::string text;
    std::string expected;
  };

  const std::vector<Case> cases{
      {"two\nlines\t\"quoted\" \\", R"(two\nlines\t\"quoted\" \\)"},
      {std::string("\0\x1b[31m", 6), R"(\u0000\u001b[31m)"},
      {"bad \xff utf-8", "bad \xEF\xBF\xBD utf-8"},
      {full, full},
      {full + "y", full.substr(0, limits::kLogValueBytesMax - 3) + "…"},
      {full.substr(0, limits::kLogValueBytesMax - 4) + "€€",
       full.substr(0, limits::kLogValueBytesMax - 4) + "…"},
  };
  const testing::FakeClock clock;
  for (const Case& c : cases) {
    testing::CapturedLog sink;
    Log(sink, clock, LogLevel::kInfo).info("m", {{"text", c.text}});
    EXPECT_EQ(sink.lines().at(0),
              R"({"time":"2026-01-01T00:00:00.000Z","level":"info","message":"m","text":")" +
                  c.expected + "\"}");
  }
}

TEST(LogTest, ReadsLevels) {
  EXPECT_EQ(parse_log_level("debug"), LogLevel::kDebug);
  EXPECT_EQ(parse_log_level("error"), LogLevel::kError);
  EXPECT_EQ(parse_log_level("INFO"), std::nullopt);
  EXPECT_EQ(parse_log_level(""), std::nullopt);
}

}  // namespace
}  // namespace seaworthy::observe
