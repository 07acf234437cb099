#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "engine/admission_match.h"
#include "seaworthy/engine/admission_scope.h"
#include "seaworthy/engine/admission_verdict.h"
#include "seaworthy/engine/settings.h"

namespace seaworthy::engine {

/// What the flags and Enforcement make of a policy: of the modes only off and audit count, the rest
/// leaves the policy to its own actions. Rule: DESIGN section 4, end.
using ModeOf = std::function<policy::Mode(const policy::AdmissionPolicy&)>;

/// How a judgement of admission policies is asked for.
struct AdmissionAsk {
  const AdmissionScope* scope = nullptr;
  NamespaceFacts facts;
  ModeOf mode_of;
  bool dry_run = false;
  /// At a webhook: what its author keeps from admission is not asked.
  bool at_admission = false;
  std::optional<std::chrono::system_clock::time_point> now = {};
  Deadline deadline;  ///< Once it has passed nothing more is run; what was is of no use then.
};

/// Runs the validating policies. Rule: apiserver pkg/admission/plugin/policy/validating/
/// dispatcher.go, Dispatch.
AdmissionJudgement judge_admission(const AdmissionAsk& ask, const admission::Review& review,
                                   Arena& arena);

/// Gives a verdict its mode and effect.
void settle(const AdmissionAsk& ask, AdmissionVerdict& verdict);

}  // namespace seaworthy::engine
