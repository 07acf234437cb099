#include "server/active_policies.h"

#include <algorithm>
#include <atomic>

#include "seaworthy/admission/review.h"

namespace seaworthy::server {
namespace {

std::uint64_t next_serial() {
  static std::atomic<std::uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

ActivePolicies::ActivePolicies(std::shared_ptr<const policy::PolicySet> set,
                               observe::Metrics& metrics)
    : serial_(next_serial()), set_(std::move(set)), support_(*set_) {
  const auto sees = [](const auto& policy) { return policy->sees_managed_fields; };
  if (std::ranges::none_of(set_->policies(), sees) &&
      std::ranges::none_of(set_->admission_policies(), sees)) {
    json_.skipped = admission::kManagedFieldsPath;
  }
  for (const auto& policy : set_->policies()) {
    const bool fails = policy->failure_policy == policy::FailurePolicy::kFail;
    auto* const counters = &metrics.policy(policy->name);
    for (Group* group : {&all_, fails ? &fail_ : &ignore_}) {
      group->policies.push_back(policy);
      group->counters.push_back(counters);
    }
  }
  for (const auto& policy : set_->admission_policies()) {
    const bool fails = policy->failure_policy == policy::FailurePolicy::kFail;
    admission_counters_.emplace(policy.get(), &metrics.policy(policy->name));
    for (Group* group : {&all_, fails ? &fail_ : &ignore_}) {
      group->admission.push_back(policy);
    }
  }
}

const ActivePolicies::Policies& ActivePolicies::of(PolicyFilter filter) const {
  return group(filter).policies;
}

const ActivePolicies::Group& ActivePolicies::group(PolicyFilter filter) const {
  switch (filter) {
    case PolicyFilter::kFail:
      return fail_;
    case PolicyFilter::kIgnore:
      return ignore_;
    case PolicyFilter::kAll:
      break;
  }
  return all_;
}

}  // namespace seaworthy::server
