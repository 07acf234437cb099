#pragma once

#include "seaworthy/admission/review.h"
#include "seaworthy/engine/admission_verdict.h"

namespace seaworthy::engine {

/// Adds what admission policies say to an answer: a refusal in the API server's words, with its
/// code and reason, behind what is refused already; warnings; audit annotations. Rule: apiserver
/// pkg/admission/plugin/policy/validating/dispatcher.go, Dispatch, and
/// generic/policy_dispatcher.go. There only the first violation is told; here each is, on a line of
/// its own, and the first gives code and reason.
void answer(const AdmissionJudgement& judgement, admission::Response& response);

/// "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: m", "policy 'p' with binding 'b'
/// denied request: m".
std::string denial_text(const AdmissionVerdict& verdict);

}  // namespace seaworthy::engine
