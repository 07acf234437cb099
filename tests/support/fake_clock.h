#pragma once

#include <chrono>
#include <mutex>

#include "seaworthy/base/clock.h"

namespace seaworthy::testing {

/// A clock that stands still until it is told to go on; both its times go together. Threads: any.
class FakeClock final : public Clock {
 public:
  /// 2026-01-01T00:00:00Z, unless told otherwise.
  static constexpr std::chrono::sys_seconds kStart{
      std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

  explicit FakeClock(std::chrono::system_clock::time_point now = kStart) : now_(now) {}

  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    const std::scoped_lock lock(mutex_);
    return now_;
  }

  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
    const std::scoped_lock lock(mutex_);
    return monotonic_;
  }

  void advance(std::chrono::nanoseconds step) {
    const std::scoped_lock lock(mutex_);
    now_ += std::chrono::duration_cast<std::chrono::system_clock::duration>(step);
    monotonic_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(step);
  }

  /// Moves only the wall clock, as an administrator or NTP does.
  void set(std::chrono::system_clock::time_point now) {
    const std::scoped_lock lock(mutex_);
    now_ = now;
  }

 private:
  mutable std::mutex mutex_;
  std::chrono::system_clock::time_point now_;
  std::chrono::steady_clock::time_point monotonic_{std::chrono::hours(1)};
};

}  // namespace seaworthy::testing
