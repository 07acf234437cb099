#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/admission_context.h"
#include "engine/admission_judge.h"
#include "engine/admission_match.h"
#include "seaworthy/admission/review.h"
#include "seaworthy/document/node.h"
#include "seaworthy/engine/admission_scope.h"
#include "seaworthy/engine/admission_verdict.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::engine {

/// A rule that is to be run under a binding, once for each param.
struct Invocation {
  const policy::AdmissionPolicy* policy = nullptr;
  const policy::AdmissionRule* rule = nullptr;
  const policy::AdmissionBinding* binding = nullptr;
  std::vector<document::Node> params;
  std::string error;  ///< Why it cannot be run; then there are no params.
};

/// What a request asks for of a set of policies: each policy's rules that match it, under each
/// binding that does. Those of namespaced kinds are asked about their namespace only.
std::vector<Invocation> find_invocations(const AdmissionAsk& ask, bool mutating,
                                         const admission::Review& review);

/// What expressions of a request read, but for params.
policy::AdmissionInputs inputs_of(const AdmissionAsk& ask, const admission::Review& review,
                                  Arena& arena);

}  // namespace seaworthy::engine
