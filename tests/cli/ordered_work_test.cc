#include "cli/ordered_work.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "cli/progress.h"
#include "seaworthy/base/clock.h"

namespace seaworthy::cli {
namespace {

class OrderedWorkTest : public ::testing::TestWithParam<std::pair<std::size_t, std::size_t>> {};

TEST_P(OrderedWorkTest, WorksOnEachOnceAndIsDoneInOrder) {
  const auto [count, threads] = GetParam();
  std::vector<std::atomic<int>> worked(count);
  std::vector<std::size_t> done;
  do_in_order(
      count, threads,
      [&](std::size_t at) {
        if (at % 7 == 0) {
          std::this_thread::sleep_for(std::chrono::microseconds(50));
        }
        ++worked[at];
      },
      [&](std::size_t at) {
        EXPECT_EQ(worked[at], 1);
        done.push_back(at);
      });
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  EXPECT_EQ(done, all);
}

INSTANTIATE_TEST_SUITE_P(Sizes, OrderedWorkTest,
                         ::testing::Values(std::pair{0, 4}, std::pair{1, 4}, std::pair{3, 8},
                                           std::pair{1000, 1}, std::pair{1000, 2},
                                           std::pair{1000, 16}));

TEST(OrderedWorkTest, RunsOnlySoFarAhead) {
  std::atomic<std::size_t> last_done = 0;
  std::atomic<std::size_t> furthest = 0;
  do_in_order(
      500, 2,
      [&](std::size_t at) {
        std::size_t ahead = at - std::min(at, last_done.load());
        std::size_t seen = furthest;
        while (ahead > seen && !furthest.compare_exchange_weak(seen, ahead)) {
        }
      },
      [&](std::size_t at) {
        std::this_thread::sleep_for(std::chrono::microseconds(100));
        last_done = at;
      });
  EXPECT_LE(furthest, 2U * 16 + 1);
}

/// A clock that is moved by hand.
class MovedClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return {}; }

  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
    return std::chrono::steady_clock::time_point(passed);
  }

  std::chrono::milliseconds passed{0};
};

std::string shown(bool is_terminal, std::chrono::milliseconds each) {
  MovedClock clock;
  std::string out;
  World world{.clock = &clock,
              .read_stdin = {},
              .out = {},
              .err = [&](std::string_view text) { out += text; },
              .is_terminal = is_terminal};
  Progress progress(world, "files", 4);
  for (std::size_t at = 1; at <= 4; ++at) {
    clock.passed += each;
    progress.advance(at);
  }
  return out;
}

TEST(ProgressTest, IsShownOnATerminalOnceItTakesAWhile) {
  EXPECT_EQ(shown(false, std::chrono::seconds(1)), "");
  EXPECT_EQ(shown(true, std::chrono::milliseconds(100)), "");
  EXPECT_EQ(shown(true, std::chrono::milliseconds(200)),
            "\r[##############################..........] 3 of 4 files\x1b[K"
            "\r[########################################] 4 of 4 files\x1b[K\r\x1b[K");
}

}  // namespace
}  // namespace seaworthy::cli
