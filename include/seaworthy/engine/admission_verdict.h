#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seaworthy/engine/finding.h"
#include "seaworthy/policy/admission_policy.h"
#include "seaworthy/policy/setting.h"

namespace seaworthy::engine {

/// What a finding leads to.
enum class Effect : std::uint8_t { kNone, kAudit, kWarn, kDeny };

/// metav1.StatusReasonInternalError.
inline constexpr std::string_view kInternalErrorReason = "InternalError";

/// What one expression of an admission policy says of a request, under one binding and param.
/// Copied freely. Lifetime: the policies, the arena of the evaluation.
struct AdmissionVerdict {
  const policy::AdmissionPolicy* policy = nullptr;
  const policy::AdmissionRule* rule = nullptr;        ///< Null: the policy cannot be run at all.
  const policy::AdmissionBinding* binding = nullptr;  ///< Null: whatever the binding.
  std::optional<std::size_t> validation;              ///< Its index; nothing: the rule as a whole.
  Outcome outcome = Outcome::kPass;
  std::string_view message;  ///< In the API server's words; empty where it passes.
  std::string_view reason;   ///< metav1.StatusReason of a refusal.
  /// An error that refuses whatever the binding's actions are: of configuration, of an
  /// auditAnnotation, or (whatever failurePolicy says, too) an internal one.
  bool refuses = false;
  bool changed = false;                     ///< A mutating policy changed the object.
  policy::Mode mode = policy::Mode::kDeny;  ///< The strongest of its actions, and of ours.
  Effect effect = Effect::kNone;
  bool audited = false;  ///< Audit is among its actions.

  [[nodiscard]] bool is_violation() const {
    return outcome == Outcome::kFail || outcome == Outcome::kError;
  }

  /// The validation's index, or the rule's name; empty for a rule without one as a whole.
  [[nodiscard]] std::string rule_text() const;
};

/// What the admission policies say of a request.
struct AdmissionJudgement {
  std::vector<AdmissionVerdict> verdicts;  ///< By policy, rule, binding, param, validation.
  /// `policy/key` and value of auditAnnotations, as the API server would publish them.
  std::vector<std::pair<std::string, std::string>> annotations;

  [[nodiscard]] bool denied() const;
};

}  // namespace seaworthy::engine
