#include "server/active_policies.h"

namespace seaworthy::server {

ActivePolicies::ActivePolicies(std::shared_ptr<const policy::PolicySet> set,
                               observe::Metrics& metrics)
    : set_(std::move(set)) {
  for (const auto& policy : set_->policies()) {
    (policy->failure_policy == policy::FailurePolicy::kFail ? fail_ : ignore_).push_back(policy);
    counters_.emplace(policy.get(), &metrics.policy(policy->name));
  }
}

const ActivePolicies::Policies& ActivePolicies::of(PolicyFilter filter) const {
  switch (filter) {
    case PolicyFilter::kFail:
      return fail_;
    case PolicyFilter::kIgnore:
      return ignore_;
    case PolicyFilter::kAll:
      break;
  }
  return set_->policies();
}

observe::PolicyCounters* ActivePolicies::counters(const policy::Policy& policy) const {
  const auto found = counters_.find(&policy);
  return found == counters_.end() ? nullptr : found->second;
}

}  // namespace seaworthy::server
