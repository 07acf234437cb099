#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/policy/setting.h"

namespace seaworthy::engine {

/// Which policies tests have seen let something pass, and seen fail something. A rule that was only
/// ever tried on what passes may be one that cannot fail.
class Coverage {
 public:
  /// A verdict that a test expected and that came. Pass: allow; fail: deny, warn, mend, audit.
  void add(std::string_view policy, policy::Expectation verdict);

  struct Gap {
    std::string policy;
    bool passes = false;  ///< A test saw it pass.
    bool fails = false;   ///< A test saw it fail.

    friend bool operator==(const Gap&, const Gap&) = default;
  };

  /// The policies that lack one or both, in the order given.
  [[nodiscard]] std::vector<Gap> gaps(std::span<const std::string> policies) const;

 private:
  std::map<std::string, Gap, std::less<>> seen_;
};

}  // namespace seaworthy::engine
