#pragma once

#include "seaworthy/admission/review.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/engine/judge.h"

namespace seaworthy::engine {

/// The answer to the API server, and the judgement behind it.
struct Admission {
  admission::Response response;
  Judgement judgement;
};

/// Judges a review at `request.door` and words the answer. An object without a Pod spec is refused
/// at kValidate, in words. Rule: DESIGN section 7; webhook contract 1.3. Errors: kUnavailable
/// (deadline).
Result<Admission> admit(std::span<const std::shared_ptr<const policy::Policy>> policies,
                        const admission::Review& review, const JudgeRequest& request, Arena& arena);

/// The text of a refusal: a line for each violation, worst first; over limits::kDenialBytesMax the
/// lines of one policy are joined, then texts are cut, but every failing policy is named.
std::string word_refusal(const std::vector<Verdict>& verdicts);

}  // namespace seaworthy::engine
