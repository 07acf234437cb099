#pragma once

#include "engine/admission_judge.h"
#include "seaworthy/admission/review.h"

namespace seaworthy::engine {

/// What the mutating policies make of a request.
struct AdmissionMutation {
  document::Node object;  ///< The review's, changed.
  bool changed = false;
  /// One for each policy, rule, binding and param that ran or could not be run, and one for each
  /// field that two of them fight over.
  std::vector<AdmissionVerdict> verdicts;
};

/// Runs the mutating policies, and those a second time that ask for it (reinvocationPolicy
/// IfNeeded). Without the scope's mutator, or without an object: nothing. An error under Fail ends
/// it: the request will be refused. Rule: apiserver pkg/admission/plugin/policy/mutating/
/// dispatcher.go.
AdmissionMutation mutate_admission(const AdmissionAsk& ask, const admission::Review& review,
                                   Arena& arena);

}  // namespace seaworthy::engine
