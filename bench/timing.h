#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <limits>

namespace seaworthy::bench {

/// This thread's processor time.
inline std::int64_t thread_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// Nanoseconds that one call of `work` takes: the least of several rounds of about 20 ms.
template <class Work>
double least_nanoseconds(const Work& work) {
  constexpr int kRounds = 5;
  constexpr std::int64_t kRoundNanoseconds = 20'000'000;
  const auto time = [&](std::uint64_t repeats) {
    const std::int64_t start = thread_nanoseconds();
    for (std::uint64_t i = 0; i < repeats; ++i) {
      work();
    }
    return thread_nanoseconds() - start;
  };
  std::uint64_t repeats = 1;
  while (time(repeats) < kRoundNanoseconds / 10) {
    repeats *= 2;
  }
  repeats *= 10;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (int round = 0; round < kRounds; ++round) {
    least = std::min(least, time(repeats));
  }
  return static_cast<double>(least) / static_cast<double>(repeats);
}

}  // namespace seaworthy::bench
