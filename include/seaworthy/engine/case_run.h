#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "seaworthy/admission/review.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/policy/policy_set.h"
#include "seaworthy/policy/test_suite.h"

namespace seaworthy::engine {

/// The request that a case describes: its review, or the one that applying its object would make.
/// Errors: kInvalid: it describes none.
Result<admission::Review> review_of(const policy::TestCase& test, Arena& arena);

/// A whole AdmissionReview, or its `request` alone, which may go without uid.
Result<admission::Review> review_of_request(const document::Node& written, Arena& arena);

/// What came of a case.
struct CaseResult {
  bool can_run = true;                ///< False: `failures` says why not.
  std::vector<std::string> failures;  ///< None: it passed.
  /// The verdicts that were expected by policy's name and came.
  std::vector<std::pair<std::string, policy::Expectation>> confirmed;
};

/// Judges the case's request as `check` and the server do, and compares. `enforcement` is what
/// decides where policies bite in it; `now` the present where the case names no time.
CaseResult run_case(const policy::TestSuite& suite, const policy::TestCase& test,
                    const policy::PolicySet& set, const policy::EnforcementSet* enforcement,
                    std::chrono::system_clock::time_point now);

}  // namespace seaworthy::engine
