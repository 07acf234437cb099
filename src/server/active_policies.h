#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "seaworthy/document/json.h"
#include "seaworthy/engine/admission_support.h"
#include "seaworthy/engine/judge.h"
#include "seaworthy/observe/metrics.h"
#include "seaworthy/policy/policy_set.h"
#include "seaworthy/server/webhook_handler.h"

namespace seaworthy::server {

/// What is counted of one policy in one request.
struct ResultCount {
  observe::PolicyCounters* counters = nullptr;
  observe::PolicyResult result = observe::PolicyResult::kPass;
  std::uint64_t count = 0;
};

/// A PolicySet as requests use it: by path segment, with each policy's counters at hand. Never
/// changes.
class ActivePolicies {
 public:
  using Policies = std::vector<std::shared_ptr<const policy::Policy>>;

  ActivePolicies(std::shared_ptr<const policy::PolicySet> set, observe::Metrics& metrics);

  /// Those of `…/fail`, of `…/ignore`, or all.
  [[nodiscard]] const Policies& of(PolicyFilter filter) const;
  /// Adds up what verdicts on one request came to: those that `result_of` gives a result. They are
  /// in the order of `of(filter)`, as the engine answers them. Calls `add` with a
  /// ResultCount for each policy and each result that it has.
  template <class ResultOf, class Add>
  void tally(PolicyFilter filter, std::span<const engine::Verdict> verdicts,
             const ResultOf& result_of, const Add& add) const;

  /// The same of admission policies, ready to be run.
  [[nodiscard]] engine::AdmissionScope admission(PolicyFilter filter) const {
    return support_.scope(group(filter).admission);
  }

  /// Those of an admission policy; null where it has none.
  [[nodiscard]] observe::PolicyCounters* counters(const policy::AdmissionPolicy& policy) const {
    const auto found = admission_counters_.find(&policy);
    return found == admission_counters_.end() ? nullptr : found->second;
  }

  /// Another one for each ActivePolicies of the process.
  [[nodiscard]] std::uint64_t serial() const { return serial_; }

  /// How reviews are read for them.
  [[nodiscard]] const document::JsonOptions& json() const { return json_; }

  [[nodiscard]] const policy::PolicySet& set() const { return *set_; }

 private:
  /// What one filter lets through.
  struct Group {
    Policies policies;
    std::vector<observe::PolicyCounters*> counters;  ///< In the order of the policies.
    std::vector<std::shared_ptr<const policy::AdmissionPolicy>> admission;
  };

  [[nodiscard]] const Group& group(PolicyFilter filter) const;

  std::uint64_t serial_;
  std::shared_ptr<const policy::PolicySet> set_;
  engine::AdmissionSupport support_;
  std::unordered_map<const policy::AdmissionPolicy*, observe::PolicyCounters*> admission_counters_;
  document::JsonOptions json_;
  Group all_;
  Group fail_;
  Group ignore_;
};

template <class ResultOf, class Add>
void ActivePolicies::tally(PolicyFilter filter, std::span<const engine::Verdict> verdicts,
                           const ResultOf& result_of, const Add& add) const {
  const Group& chosen = group(filter);
  const auto& policies = chosen.policies;
  const auto& counters = chosen.counters;
  std::size_t policy = 0;
  for (std::size_t at = 0; at < verdicts.size();) {
    while (policy < policies.size() && policies[policy].get() != verdicts[at].finding.policy) {
      ++policy;
    }
    if (policy == policies.size()) {
      return;
    }
    std::array<std::uint64_t, observe::PolicyCounters::kResults> sums{};
    for (; at < verdicts.size() && verdicts[at].finding.policy == policies[policy].get(); ++at) {
      if (const std::optional<observe::PolicyResult> result = result_of(verdicts[at])) {
        ++sums.at(static_cast<std::size_t>(*result));
      }
    }
    for (std::size_t result = 0; result < sums.size(); ++result) {
      if (sums.at(result) > 0) {
        add(ResultCount{counters[policy], static_cast<observe::PolicyResult>(result),
                        sums.at(result)});
      }
    }
  }
}

}  // namespace seaworthy::server
