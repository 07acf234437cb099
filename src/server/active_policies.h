#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "seaworthy/observe/metrics.h"
#include "seaworthy/policy/policy_set.h"
#include "seaworthy/server/webhook_handler.h"

namespace seaworthy::server {

/// A PolicySet as requests use it: by path segment, with each policy's counters at hand. Never
/// changes.
class ActivePolicies {
 public:
  using Policies = std::vector<std::shared_ptr<const policy::Policy>>;

  ActivePolicies(std::shared_ptr<const policy::PolicySet> set, observe::Metrics& metrics);

  /// Those of `…/fail`, of `…/ignore`, or all.
  [[nodiscard]] const Policies& of(PolicyFilter filter) const;
  /// Null for a policy that is not of this set.
  [[nodiscard]] observe::PolicyCounters* counters(const policy::Policy& policy) const;

  [[nodiscard]] const policy::PolicySet& set() const { return *set_; }

 private:
  std::shared_ptr<const policy::PolicySet> set_;
  Policies fail_;
  Policies ignore_;
  std::unordered_map<const policy::Policy*, observe::PolicyCounters*> counters_;
};

}  // namespace seaworthy::server
