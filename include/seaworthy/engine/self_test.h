#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/base/result.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::engine {

/// What came of one test of a policy.
struct TestResult {
  const policy::Policy* policy = nullptr;
  const policy::PolicyTest* test = nullptr;
  policy::Expectation got = policy::Expectation::kAllow;
  bool passed = false;
  std::string
      detail;  ///< Why it is not what was expected: the violations, or why the remedy was undone.
};

/// Runs one test: the policy alone, mode deny, remedy apply, through the code path of `check`.
TestResult run_test(const std::shared_ptr<const policy::Policy>& policy,
                    const policy::PolicyTest& test);

std::vector<TestResult> run_tests(const policy::PolicySet& policies);

/// What a failing test shows of a policy to a reader: the words of its first violation, and what to
/// write instead, as {container, pod, podMetadata}; null where nothing can be said.
struct Illustration {
  std::string path;
  std::string message;
  document::Node remedy;
};

/// As `check` would tell it, with the parameters as they are set. Nothing where the test cannot run
/// or nothing is violated in it. Lifetime: `arena`.
std::optional<Illustration> illustrate(const std::shared_ptr<const policy::Policy>& policy,
                                       const policy::PolicyTest& test, Arena& arena);

/// The set without the policies whose remedies do not do what their own tests (`expect: mend`) say,
/// each with a diagnostic. Rule: DESIGN section 5, item 4: at load each policy's failing tests run
/// through its remedy.
std::shared_ptr<const policy::PolicySet> prove_remedies(
    std::shared_ptr<const policy::PolicySet> policies);

}  // namespace seaworthy::engine
