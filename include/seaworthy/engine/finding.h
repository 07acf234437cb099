#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/policy/policy.h"

namespace seaworthy::engine {

enum class Outcome : std::uint8_t { kPass, kFail, kSkip, kError };

/// What an item of a Pod is: the thing that a policy's `each` is evaluated on. Copied freely.
/// Lifetime: what it was found in.
struct Item {
  bool in_pod = false;  ///< False where the object as a whole is looked at: it holds no Pod.
  /// From the object's root to what holds the Pod's spec.
  std::span<const std::string_view> holder;
  std::string_view list;  ///< "containers", "initContainers", "ephemeralContainers", "volumes";
                          ///< empty for the Pod.
  std::size_t index = 0;  ///< In the list.
  std::string_view container;  ///< Name of the container, if it is in one.
  bool is_image = false;       ///< The reference in the container or volume, not all of it.

  /// Where it is, from the object's root: `spec.template.spec.containers[0]`.
  [[nodiscard]] std::string text() const;

  /// Of one object: the same part.
  friend bool operator==(const Item& a, const Item& b) {
    return a.list == b.list && a.index == b.index && a.is_image == b.is_image;
  }
};

/// What one policy says of one item. Copied freely: most say that all is well, and cost nothing to
/// keep. Lifetime: the arena of the evaluation.
struct Finding {
  const policy::Policy* policy = nullptr;
  const Item* item = nullptr;  ///< Never null in what `evaluate` answers.
  std::string_view message;    ///< For kFail and kError.
  Outcome outcome = Outcome::kPass;

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

inline FindingKey key_of(const Finding& finding) { return key_of(finding.policy, *finding.item); }

}  // namespace seaworthy::engine
