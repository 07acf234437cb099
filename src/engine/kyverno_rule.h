#pragma once

#include <string>
#include <vector>

#include "engine/admission_context.h"
#include "engine/admission_match.h"
#include "engine/admission_validation.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::engine {

/// What PolicyExceptions say of a rule and a request.
struct ExceptionResult {
  bool excepted = false;  ///< The rule is not run.
  bool passes = false;    ///< It is reported as passed; else as skipped.
  std::string message;    ///< By which exceptions.
  std::string error;      ///< Why nobody can tell; empty where they could be told.
  /// What those exceptions let in that are for some images or values only.
  std::vector<std::string> images;
  std::vector<std::string> values;
};

/// Asks the policy's exceptions. `context` is the rule's. Rule: kyverno
/// pkg/cel/policies/vpol/compiler/policy.go, evaluateWithData; pkg/engine/utils/exceptions.go.
ExceptionResult find_exceptions(const policy::AdmissionPolicy& policy,
                                const policy::AdmissionRule& rule,
                                const policy::AdmissionInputs& inputs, const NamespaceFacts& facts,
                                AdmissionContext& context);

/// The verdict of a rule that exceptions keep from being run.
AdmissionVerdict excepted_verdict(const ExceptionResult& exceptions, Arena& arena);

/// Runs a validating rule of Kyverno: one verdict, of the first validation that is not true, or of
/// all. `inputs` are what `context` reads: what exceptions let in is put there. Rule: kyverno
/// pkg/cel/policies/vpol/engine/engine.go; of a ClusterPolicy, whose errors are violations,
/// pkg/engine/handlers/validation/validate_cel.go.
RuleResult validate_kyverno(const policy::AdmissionPolicy& policy,
                            const policy::AdmissionRule& rule, const NamespaceFacts& facts,
                            policy::AdmissionInputs& inputs, AdmissionContext& context);

}  // namespace seaworthy::engine
