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

Expectation verdict_of(std::span<const AdmissionVerdict> verdicts) {
  bool any_asked = false;
  bool any_changed = false;
  bool any_failed = false;
  Effect worst = Effect::kNone;
  for (const auto& verdict : verdicts) {
    if (verdict.outcome == Outcome::kError) {
      return Expectation::kError;
    }
    any_asked = any_asked || verdict.outcome != Outcome::kSkip;
    any_changed = any_changed || verdict.changed;
    if (verdict.outcome == Outcome::kFail) {
      any_failed = true;
      worst = std::max(worst, verdict.effect);
    }
  }
  if (!any_failed) {
    return any_changed ? Expectation::kMend : any_asked ? Expectation::kAllow : Expectation::kSkip;
  }
  if (worst == Effect::kDeny) {
    return Expectation::kDeny;
  }
  return worst == Effect::kWarn ? Expectation::kWarn : Expectation::kAudit;
}

void add_native(std::span<const Verdict> all, std::vector<PolicyOutcome>& outcomes) {
  for (std::size_t from = 0; from < all.size();) {
    const auto* policy = all[from].finding.policy;
    std::size_t to = from;
    PolicyOutcome outcome{.policy = policy->name, .verdict = {}, .violations = {}};
    for (; to < all.size() && all[to].finding.policy == policy; ++to) {
      const auto& finding = all[to].finding;
      if (finding.is_violation()) {
        outcome.violations.push_back(
            {.path = finding.item->text(), .message = finding.message, .undone = all[to].undone});
      }
    }
    outcome.verdict = verdict_of(all.subspan(from, to - from));
    outcomes.push_back(std::move(outcome));
    from = to;
  }
}

void add_admission(std::span<const AdmissionVerdict> all, std::vector<PolicyOutcome>& outcomes) {
  for (std::size_t from = 0; from < all.size();) {
    const auto* policy = all[from].policy;
    std::size_t to = from;
    PolicyOutcome outcome{.policy = policy->name, .verdict = {}, .violations = {}};
    for (; to < all.size() && all[to].policy == policy; ++to) {
      if (all[to].is_violation()) {
        outcome.violations.push_back({.path = {}, .message = all[to].message, .undone = {}});
      }
    }
    outcome.verdict = verdict_of(all.subspan(from, to - from));
    outcomes.push_back(std::move(outcome));
    from = to;
  }
}

}  // namespace

std::vector<PolicyOutcome> outcomes_of(const Judgement& judgement) {
  std::vector<PolicyOutcome> outcomes;
  add_native(judgement.verdicts, outcomes);
  add_admission(judgement.admission.verdicts, outcomes);
  return outcomes;
}

}  // namespace seaworthy::engine
