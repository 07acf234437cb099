#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "seaworthy/admission/review.h"
#include "seaworthy/engine/admit.h"
#include "seaworthy/engine/judge.h"
#include "server/account.h"
#include "server/active_policies.h"
#include "server/text_readers.h"

namespace seaworthy::server {

/// An answer that may be given again to a review in which nothing is different that policies see.
struct KnownReply {
  admission::Response response;
  Account account;
  std::vector<std::uint32_t> violated;  ///< Policies by their places, sorted.
  bool enforced = false;                ///< Enforcement documents were asked, which see who asks.

  /// Nothing where the answer hangs on more: on the time, or on what remedies and the redactor find
  /// in the object.
  static std::optional<KnownReply> of(const admission::Review& review,
                                      const engine::JudgeRequest& request,
                                      const engine::Admission& admission, Account account,
                                      const ActivePolicies::Policies& policies);

  /// Whether the answer may be another one for who differs in a string that `readers` see.
  [[nodiscard]] bool hangs_on(const TextReaders& readers) const;
};

}  // namespace seaworthy::server
