#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/engine/admit.h"
#include "seaworthy/observe/log.h"
#include "seaworthy/observe/metrics.h"
#include "seaworthy/server/webhook_handler.h"
#include "server/active_policies.h"

namespace seaworthy::server {

/// What metrics and the decision log say of an answer, beside what the review says itself.
struct Account {
  observe::AdmissionDecision decision = observe::AdmissionDecision::kAllow;
  std::vector<ResultCount> results;
  std::size_t patch_operations = 0;
  std::string violated;  ///< Names of policies, sorted, joined by commas.
  std::string undone;    ///< "policy path: reason" of each remedy that was tried and not applied.

  /// Of an answer that was just made, but for the two texts, which not everybody reads.
  static Account of(const WebhookRequest& request, const engine::Admission& admission,
                    const ActivePolicies& active);

  /// Fills in the two texts.
  void word(const engine::Judgement& judgement);

  /// The lowest level of a log in which a decision is written.
  [[nodiscard]] observe::LogLevel level() const;
};

/// "allow", "deny", "warn", "mutate", "error".
std::string_view word_of(observe::AdmissionDecision decision);

}  // namespace seaworthy::server
