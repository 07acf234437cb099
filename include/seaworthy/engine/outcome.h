#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/engine/judge.h"
#include "seaworthy/policy/setting.h"

namespace seaworthy::engine {

/// One violation, mended or not.
struct OutcomeViolation {
  std::string path;  ///< From the object's root; empty: the object as a whole.
  std::string_view message;
  std::string_view undone;  ///< Why its remedy was not applied; empty where nothing is to be said.
};

/// What a judgement comes to for one policy, in a test's words: error where an expression ended in
/// one; mend where all that failed is mended, or a mutating policy has changed the object; else
/// deny, warn or audit, the worst; skip where something is excused or nothing is asked; else allow.
struct PolicyOutcome {
  std::string_view policy;
  policy::Expectation verdict = policy::Expectation::kSkip;
  std::vector<OutcomeViolation> violations;
};

/// In the order of policies, native ones first. One that does not select the object is not there.
/// Lifetime: the judgement.
std::vector<PolicyOutcome> outcomes_of(const Judgement& judgement);

}  // namespace seaworthy::engine
