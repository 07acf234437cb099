#include "seaworthy/engine/coverage.h"

namespace seaworthy::engine {

using policy::Expectation;

void Coverage::add(std::string_view policy, Expectation verdict) {
  auto& seen = seen_[std::string(policy)];
  switch (verdict) {
    case Expectation::kAllow:
      seen.passes = true;
      break;
    case Expectation::kDeny:
    case Expectation::kWarn:
    case Expectation::kMend:
    case Expectation::kAudit:
      seen.fails = true;
      break;
    case Expectation::kSkip:
    case Expectation::kError:
      break;  // the rule did not answer
  }
}

std::vector<Coverage::Gap> Coverage::gaps(std::span<const std::string> policies) const {
  std::vector<Gap> gaps;
  for (const auto& policy : policies) {
    const auto found = seen_.find(policy);
    Gap gap = found == seen_.end() ? Gap() : found->second;
    gap.policy = policy;
    if (!gap.passes || !gap.fails) {
      gaps.push_back(std::move(gap));
    }
  }
  return gaps;
}

}  // namespace seaworthy::engine
