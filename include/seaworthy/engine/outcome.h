#pragma once

#include <string_view>
#include <vector>

#include "seaworthy/engine/judge.h"
#include "seaworthy/policy/setting.h"

namespace seaworthy::engine {

/// What a judgement comes to for one policy, in a test's words: error where an expression ended in
/// one; mend where all that failed is mended; else deny, warn or audit, the worst; skip where
/// something is excused or nothing is asked; else allow.
struct PolicyOutcome {
  std::string_view policy;
  policy::Expectation verdict = policy::Expectation::kSkip;
  std::vector<const Verdict*> violations;  ///< Mended ones too.
};

/// In the order of policies. One that does not select the object is not there. Lifetime: the
/// judgement.
std::vector<PolicyOutcome> outcomes_of(const Judgement& judgement);

}  // namespace seaworthy::engine
