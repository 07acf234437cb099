#include "net/deadline_wheel.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <vector>

#include <gtest/gtest.h>

namespace seaworthy::net {
namespace {

using std::chrono::milliseconds;

const SteadyTime kStart{std::chrono::hours(1)};

struct Numbered : Deadline {
  int number = 0;
};

std::vector<int> expired_at(DeadlineWheel& wheel, SteadyTime now) {
  std::vector<int> numbers;
  wheel.advance(
      now, [&numbers](Deadline& due) { numbers.push_back(static_cast<Numbered&>(due).number); });
  return numbers;
}

TEST(DeadlineWheelTest, ExpiresInTimeAndOnce) {
  DeadlineWheel wheel(kStart, milliseconds(10));
  std::deque<Numbered> all(3);
  for (int i = 0; i < 3; ++i) {
    all.at(static_cast<std::size_t>(i)).number = i;
    wheel.set(all.at(static_cast<std::size_t>(i)), kStart + milliseconds(15 + 100 * i));
  }
  EXPECT_EQ(expired_at(wheel, kStart + milliseconds(14)), std::vector<int>{});
  EXPECT_EQ(expired_at(wheel, kStart + milliseconds(25)), std::vector<int>{0});
  EXPECT_EQ(expired_at(wheel, kStart + milliseconds(1000)), (std::vector<int>{1, 2}));
  EXPECT_EQ(expired_at(wheel, kStart + milliseconds(5000)), std::vector<int>{});
  EXPECT_EQ(wheel.next(), std::nullopt);
}

TEST(DeadlineWheelTest, IsMovedBothWays) {
  DeadlineWheel wheel(kStart, milliseconds(10));
  Numbered one;
  wheel.set(one, kStart + milliseconds(100));
  wheel.set(one, kStart + milliseconds(500));
  EXPECT_EQ(expired_at(wheel, kStart + milliseconds(200)), std::vector<int>{});
  wheel.set(one, kStart + milliseconds(300));
  EXPECT_EQ(expired_at(wheel, kStart + milliseconds(310)), std::vector<int>{0});
  wheel.set(one, kStart + milliseconds(400));
  DeadlineWheel::clear(one);
  EXPECT_EQ(expired_at(wheel, kStart + milliseconds(500)), std::vector<int>{});
}

TEST(DeadlineWheelTest, ForgetsWhatIsDestroyed) {
  DeadlineWheel wheel(kStart, milliseconds(10));
  {
    Numbered gone;
    wheel.set(gone, kStart + milliseconds(50));
  }
  EXPECT_EQ(expired_at(wheel, kStart + milliseconds(100)), std::vector<int>{});
}

// Against the plain definition: each is reported in the first step that is not before it, give or
// take a tick, however far away it is and however long the wheel was left alone.
TEST(DeadlineWheelTest, AgreesWithAListOfTimes) {
  constexpr milliseconds kTick(10);
  DeadlineWheel wheel(kStart, kTick);
  std::uint64_t random = 42;
  const auto next = [&random](std::uint64_t below) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (random >> 33U) % below;
  };
  std::deque<Numbered> all(200);
  std::vector<bool> live(all.size(), false);
  SteadyTime now = kStart;
  std::size_t reported = 0;
  for (int step = 0; step < 3000; ++step) {
    const std::size_t one = next(all.size());
    all.at(one).number = static_cast<int>(one);
    wheel.set(all.at(one), now + milliseconds(1 + next(next(4) == 0 ? 20'000 : 500)));
    live.at(one) = true;
    if (const auto wake = wheel.next(); next(3) != 0 && wake) {
      now = std::max(now, *wake);
    } else {
      now += milliseconds(next(50) == 0 ? 9'000 : next(60));
    }
    for (const int number : expired_at(wheel, now)) {
      const auto index = static_cast<std::size_t>(number);
      EXPECT_TRUE(live.at(index));
      EXPECT_LE(all.at(index).due(), now);
      live.at(index) = false;
      ++reported;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_TRUE(!live.at(i) || all.at(i).due() > now - 2 * kTick) << "late: " << i;
    }
  }
  EXPECT_GT(reported, 1000U);
}

}  // namespace
}  // namespace seaworthy::net
