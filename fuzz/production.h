#pragma once

#include <memory>
#include <vector>

#include "cli/policy_options.h"
#include "seaworthy/base/check.h"
#include "seaworthy/base/clock.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::fuzz {

/// The built-in policies, loaded once.
inline const std::shared_ptr<const policy::PolicySet>& production_policies() {
  static const auto set = [] {
    auto loaded = policy::load_policies(cli::production_bundle());
    SEAWORTHY_CHECK(loaded->diagnostics().empty());
    return loaded;
  }();
  return set;
}

/// Time stands still.
class StoppedClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    return std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
  }

  [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
    return std::chrono::steady_clock::time_point{std::chrono::hours(1)};
  }
};

}  // namespace seaworthy::fuzz
