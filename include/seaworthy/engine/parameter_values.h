#pragma once

#include <span>
#include <unordered_map>

#include "seaworthy/policy/policy.h"

namespace seaworthy::engine {

/// Which values of parameters policies see in one request. Lifetime: of what it was given.
class ParameterValues {
 public:
  /// The policies' own.
  ParameterValues() = default;

  /// These for every policy, as its test sets them; empty: the policies' own.
  ParameterValues(std::span<const policy::Parameter> all) : all_(all) {}

  void set(const policy::Policy& policy, std::span<const policy::Parameter> values) {
    by_policy_.insert_or_assign(&policy, values);
  }

  /// In slot order; empty: the policy's own.
  [[nodiscard]] std::span<const policy::Parameter> of(const policy::Policy& policy) const {
    if (by_policy_.empty()) {
      return all_;
    }
    const auto found = by_policy_.find(&policy);
    return found == by_policy_.end() ? all_ : found->second;
  }

  /// True where the policy sees other values than the rest: then nothing that it computes is
  /// theirs.
  [[nodiscard]] bool differ_for(const policy::Policy& policy) const {
    return !by_policy_.empty() && by_policy_.contains(&policy);
  }

 private:
  std::span<const policy::Parameter> all_;
  std::unordered_map<const policy::Policy*, std::span<const policy::Parameter>> by_policy_;
};

}  // namespace seaworthy::engine
