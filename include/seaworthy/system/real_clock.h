#pragma once

#include "seaworthy/base/clock.h"

namespace seaworthy::system {

/// The machine's clocks. Threads: any.
class RealClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    return std::chrono::system_clock::now();
  }

  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
    return std::chrono::steady_clock::now();
  }
};

}  // namespace seaworthy::system
