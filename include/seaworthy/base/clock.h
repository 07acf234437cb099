#pragma once

#include <chrono>

namespace seaworthy {

/// The time, as something that is handed in: tests hold it still.
class Clock {
 public:
  virtual ~Clock() = default;
  /// UTC, for what people and expiry dates see.
  [[nodiscard]] virtual std::chrono::system_clock::time_point now() const = 0;
  /// Never goes back, for durations and deadlines.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point monotonic() const = 0;
};

}  // namespace seaworthy
