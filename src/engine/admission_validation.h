#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/admission_context.h"
#include "seaworthy/engine/admission_verdict.h"

namespace seaworthy::engine {

/// Whether matchConditions let a rule run, or an exception hold.
struct ConditionsResult {
  bool matches = true;
  std::string_view failed;  ///< The condition that is false; empty where an error ends it.
  std::string error;        ///< Why nobody can tell; empty where they could be told.
};

/// Rule: apiserver pkg/admission/plugin/webhook/matchconditions, Match: one that is false decides,
/// whatever others come to. What is no bool is an error, as one that ends with one.
ConditionsResult check_conditions(const std::vector<policy::MatchCondition>& conditions,
                                  AdmissionContext& context);

/// What came of running a rule once.
struct RuleResult {
  /// One for each validation, or one for all where none could be told apart; a skip where a
  /// matchCondition is false. Policy, binding, mode and effect are left to the caller.
  std::vector<AdmissionVerdict> verdicts;
  /// Keys and values of auditAnnotations.
  std::vector<std::pair<std::string, std::string>> annotations;
};

/// Runs a validating rule. Rule: apiserver pkg/admission/plugin/policy/validating/validator.go,
/// Validate.
RuleResult validate(const policy::AdmissionPolicy& policy, const policy::AdmissionRule& rule,
                    AdmissionContext& context);

}  // namespace seaworthy::engine
