#include "server/account.h"

#include <set>

#include <fmt/format.h>

#include "seaworthy/base/text.h"

namespace seaworthy::server {
namespace {

using engine::Effect;
using engine::Outcome;
using observe::AdmissionDecision;
using observe::PolicyResult;

AdmissionDecision decision_of(const admission::Response& response) {
  if (!response.allowed) {
    return AdmissionDecision::kDeny;
  }
  if (!response.patch.empty()) {
    return AdmissionDecision::kMutate;
  }
  return response.warnings.empty() ? AdmissionDecision::kAllow : AdmissionDecision::kWarn;
}

PolicyResult result_of(Outcome outcome, Effect effect) {
  switch (outcome) {
    case Outcome::kPass:
      return PolicyResult::kPass;
    case Outcome::kSkip:
      return PolicyResult::kSkip;
    case Outcome::kError:
      return PolicyResult::kError;
    case Outcome::kFail:
      break;
  }
  return effect == Effect::kWarn ? PolicyResult::kWarn : PolicyResult::kFail;
}

PolicyResult result_of(const engine::Verdict& verdict) {
  const Outcome outcome = verdict.finding.outcome;
  return verdict.mended && outcome == Outcome::kFail ? PolicyResult::kMended
                                                     : result_of(outcome, verdict.effect);
}

PolicyResult result_of(const engine::AdmissionVerdict& verdict) {
  return verdict.changed && verdict.outcome == Outcome::kPass
             ? PolicyResult::kMended
             : result_of(verdict.outcome, verdict.effect);
}

}  // namespace

Account Account::of(const WebhookRequest& request, const engine::Admission& admission,
                    const ActivePolicies& active) {
  Account account;
  account.decision = decision_of(admission.response);
  account.patch_operations = admission.response.patch.size();
  // A Pod comes twice, to /mutate and to /validate: its results are those of its end state.
  const bool in_the_end = request.endpoint == Endpoint::kValidate;
  if (in_the_end || admission.judgement.patched) {
    account.results.reserve(active.of(request.filter).size());
    active.tally(
        request.filter, admission.judgement.verdicts,
        [&](const engine::Verdict& verdict) -> std::optional<PolicyResult> {
          return in_the_end || verdict.mended ? std::optional(result_of(verdict)) : std::nullopt;
        },
        [&](const ResultCount& count) { account.results.push_back(count); });
  }
  for (const auto& verdict : admission.judgement.admission.verdicts) {
    if (auto* const counters = active.counters(*verdict.policy)) {
      account.results.push_back({counters, result_of(verdict), 1});
    }
  }
  return account;
}

void Account::word(const engine::Judgement& judgement) {
  std::set<std::string> names;
  for (const auto& verdict : judgement.verdicts) {
    if (verdict.finding.is_violation()) {
      names.insert(verdict.finding.policy->name);
    }
  }
  for (const auto& verdict : judgement.admission.verdicts) {
    if (verdict.is_violation()) {
      names.insert(verdict.policy->name);
    }
  }
  const std::vector<std::string> sorted(names.begin(), names.end());
  violated = join(sorted, ",");
  std::vector<std::string> parts;
  parts.reserve(judgement.mended.undone.size());
  for (const auto& remedy : judgement.mended.undone) {
    parts.push_back(
        fmt::format("{} {}: {}", remedy.policy->name, remedy.item.text(), remedy.reason));
  }
  undone = join(parts, "; ");
}

observe::LogLevel Account::level() const {
  return decision == AdmissionDecision::kAllow ? observe::LogLevel::kDebug
                                               : observe::LogLevel::kInfo;
}

std::string_view word_of(AdmissionDecision decision) {
  switch (decision) {
    case AdmissionDecision::kAllow:
      return "allow";
    case AdmissionDecision::kDeny:
      return "deny";
    case AdmissionDecision::kWarn:
      return "warn";
    case AdmissionDecision::kMutate:
      return "mutate";
    case AdmissionDecision::kError:
      break;
  }
  return "error";
}

}  // namespace seaworthy::server
