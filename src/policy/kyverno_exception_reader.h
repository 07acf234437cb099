#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/fields.h"
#include "seaworthy/policy/admission_environment.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// A policy that an exception names.
struct ExceptedPolicy {
  AdmissionKind kind = AdmissionKind::kKyvernoValidatingPolicy;
  std::string name;
  std::vector<std::string> rules;  ///< Of a ClusterPolicy: globs.
};

/// A PolicyException and what it is for.
struct WrittenException {
  AdmissionException exception;
  std::vector<ExceptedPolicy> policies;
  std::string text;  ///< What it was made of, without spaces and comments.
};

/// Reads a PolicyException of policies.kyverno.io (policyRefs, matchConditions, images,
/// allowedValues, reportResult, expiresAt) or of kyverno.io v2 and v2beta1 (exceptions, match).
/// Nothing where it is set aside for mistakes, which are reported. `environments`:
/// make_kyverno_environments().
std::optional<WrittenException> read_kyverno_exception(const ReadContext& context,
                                                       const document::Node& root,
                                                       const AdmissionEnvironments& environments);

}  // namespace seaworthy::policy
