#pragma once

#include <chrono>

#include "seaworthy/base/clock.h"
#include "seaworthy/policy/setting.h"

namespace seaworthy::engine {

/// Where and how hard a policy bites. What the flags say; out of the box installing it changes
/// nothing.
struct Settings {
  policy::Mode mode = policy::Mode::kAudit;
  policy::RemedyLevel remedy = policy::RemedyLevel::kSuggest;
  policy::Severity deny_from = policy::Severity::kMedium;  ///< Below it, deny is warn.
  bool dry_run = false;  ///< Judge and report, but neither patch, warn nor refuse.
};

/// When an evaluation must have ended. Without a clock: never.
struct Deadline {
  const Clock* clock = nullptr;
  std::chrono::steady_clock::time_point at;

  [[nodiscard]] bool passed() const { return clock != nullptr && clock->monotonic() >= at; }
};

}  // namespace seaworthy::engine
