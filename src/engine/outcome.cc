#include "seaworthy/engine/outcome.h"

#include <algorithm>
#include <span>

namespace seaworthy::engine {
namespace {

using policy::Expectation;

Expectation verdict_of(std::span<const Verdict> verdicts) {
  bool any_passed = false;
  bool any_excused = false;
  bool any_failed = false;
  bool all_mended = true;
  Effect worst = Effect::kNone;
  for (const auto& verdict : verdicts) {
    const auto outcome = verdict.finding.outcome;
    if (outcome == Outcome::kError) {
      return Expectation::kError;
    }
    any_passed = any_passed || outcome == Outcome::kPass;
    any_excused = any_excused || verdict.exception != nullptr;
    if (outcome == Outcome::kFail) {
      any_failed = true;
      all_mended = all_mended && verdict.mended;
      worst = std::max(worst, verdict.effect);
    }
  }
  if (!any_failed) {
    return any_passed && !any_excused ? Expectation::kAllow : Expectation::kSkip;
  }
  if (all_mended) {
    return Expectation::kMend;
  }
  if (worst == Effect::kDeny) {
    return Expectation::kDeny;
  }
  return worst == Effect::kWarn ? Expectation::kWarn : Expectation::kAudit;
}

}  // namespace

std::vector<PolicyOutcome> outcomes_of(const Judgement& judgement) {
  std::vector<PolicyOutcome> outcomes;
  const std::span<const Verdict> all = judgement.verdicts;
  for (std::size_t from = 0; from < all.size();) {
    const auto* policy = all[from].finding.policy;
    std::size_t to = from;
    PolicyOutcome outcome{.policy = policy->name, .verdict = {}, .violations = {}};
    for (; to < all.size() && all[to].finding.policy == policy; ++to) {
      if (all[to].finding.is_violation()) {
        outcome.violations.push_back(&all[to]);
      }
    }
    outcome.verdict = verdict_of(all.subspan(from, to - from));
    outcomes.push_back(std::move(outcome));
    from = to;
  }
  return outcomes;
}

}  // namespace seaworthy::engine
