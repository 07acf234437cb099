#include "seaworthy/system/process.h"

#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "seaworthy/system/real_clock.h"

namespace seaworthy::system {
namespace {

TEST(ProcessTest, KnowsItsMemory) {
  EXPECT_GT(resident_bytes(), 1'000'000U);
  EXPECT_LT(resident_bytes(), 1'000'000'000U);
}

TEST(ProcessTest, KnowsWhenItStarted) {
  const auto age = RealClock().now() - process_start();
  // /proc counts in hundredths of a second from a boot known to the second.
  EXPECT_GT(age, std::chrono::seconds(-2));
  EXPECT_LT(age, std::chrono::hours(1));
}

TEST(ProcessTest, KnowsHowManyProcessorsItMayUse) {
  EXPECT_GE(available_processors(), 1U);
  EXPECT_LE(available_processors(), std::thread::hardware_concurrency());
}

TEST(ProcessTest, RaisesTheLimitOfOpenFiles) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(raise_open_files_limit(), limit.rlim_max);
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

}  // namespace
}  // namespace seaworthy::system
