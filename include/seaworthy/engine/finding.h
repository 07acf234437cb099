#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "seaworthy/document/path.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::engine {

enum class Outcome : std::uint8_t { kPass, kFail, kSkip, kError };

/// What an item of a Pod is: the thing that a policy's `each` is evaluated on.
struct Item {
  document::Path path;    ///< From the object's root: `spec.template.spec.containers[0]`
  std::string_view list;  ///< "containers", "initContainers", "ephemeralContainers", "volumes";
                          ///< empty for the Pod.
  std::size_t index = 0;  ///< In the list.
  std::string_view container;  ///< Name of the container, if it is in one.
};

/// What one policy says of one item.
struct Finding {
  const policy::Policy* policy = nullptr;
  Outcome outcome = Outcome::kPass;
  Item item;
  std::string message;  ///< For kFail and kError.

  [[nodiscard]] bool is_violation() const {
    return outcome == Outcome::kFail || outcome == Outcome::kError;
  }
};

using Findings = std::vector<Finding>;

/// What a finding is about, in every version of the object: the policy, and the part of the Pod by
/// its list and index.
struct FindingKey {
  const policy::Policy* policy = nullptr;
  std::string_view list;
  std::size_t index = 0;

  friend auto operator<=>(const FindingKey&, const FindingKey&) = default;
};

inline FindingKey key_of(const policy::Policy* policy, const Item& item) {
  return {policy, item.list, item.index};
}

inline FindingKey key_of(const Finding& finding) { return key_of(finding.policy, finding.item); }

}  // namespace seaworthy::engine
