#include "server/known_reply.h"

#include <algorithm>
#include <utility>

#include "seaworthy/admission/workload.h"

namespace seaworthy::server {
namespace {

using engine::Effect;
using engine::Outcome;
using engine::Verdict;

/// Whether remedies are tried on such an object at such a door.
bool may_be_mended(const admission::Review& review, engine::Door door) {
  const auto* const kind = admission::find_workload_kind(review.kind);
  return door != engine::Door::kValidate || (kind != nullptr && !kind->pod_path.empty());
}

bool recurs(const Verdict& verdict, bool mends) {
  const auto& finding = verdict.finding;
  if (finding.outcome == Outcome::kError) {
    return false;  // its words may be anything
  }
  if (!finding.is_violation()) {
    return true;
  }
  if (mends && finding.policy->remedy) {
    return false;
  }
  const bool told = verdict.effect == Effect::kDeny || verdict.effect == Effect::kWarn;
  return !told || finding.policy->message_is_discreet;
}

}  // namespace

std::optional<KnownReply> KnownReply::of(const admission::Review& review,
                                         const engine::JudgeRequest& request,
                                         const engine::Admission& admission, Account account,
                                         const ActivePolicies::Policies& policies) {
  const auto& verdicts = admission.judgement.verdicts;
  // Exceptions expire. A refusal without a verdict is of an object that could not be read.
  const bool excuses = request.enforcement != nullptr && !request.enforcement->exceptions.empty();
  const bool mends = may_be_mended(review, request.door);
  if (excuses || !admission.response.patch.empty() ||
      (verdicts.empty() && !admission.response.message.empty()) ||
      !std::ranges::all_of(verdicts,
                           [&](const Verdict& verdict) { return recurs(verdict, mends); })) {
    return std::nullopt;
  }
  KnownReply reply{.response = admission.response,
                   .account = std::move(account),
                   .violated = {},
                   .enforced = request.enforcement != nullptr};
  reply.account.word(admission.judgement);
  for (std::uint32_t at = 0; at < policies.size(); ++at) {
    if (std::ranges::any_of(verdicts, [&](const Verdict& verdict) {
          return verdict.finding.policy == policies[at].get() && verdict.finding.is_violation();
        })) {
      reply.violated.push_back(at);
    }
  }
  return reply;
}

bool KnownReply::hangs_on(const TextReaders& readers) const {
  return readers.decides_all || !readers.rules.empty() || (enforced && readers.names_subject) ||
         std::ranges::any_of(readers.words, [&](std::uint32_t policy) {
           return std::ranges::binary_search(violated, policy);
         });
}

}  // namespace seaworthy::server
