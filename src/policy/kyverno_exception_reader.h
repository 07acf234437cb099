#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/fields.h"
#include "seaworthy/policy/admission_environment.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// A policy that an exception names.
struct ExceptedPolicy {
  AdmissionKind kind = AdmissionKind::kKyvernoValidatingPolicy;
  bool namespaced = false;  ///< Policy, Namespaced…: of a kind that lives in namespaces.
  std::string name;
  /// Of a Policy: where it is. The references to the other kinds name none: every namespace's.
  std::string namespace_name;
  std::vector<std::string> rules;        ///< Of a ClusterPolicy: globs of AdmissionRule::known_as.
  std::string field;                     ///< Where the name is written.
  const document::Node* node = nullptr;  ///< The same.

  [[nodiscard]] bool is(AdmissionKind of_kind, std::string_view of_namespace,
                        std::string_view of_name) const;
};

/// A PolicyException and what it is for.
struct WrittenException {
  ReadContext context;
  AdmissionException exception;
  std::vector<ExceptedPolicy> policies;
  std::string text;  ///< What it was made of, without spaces and comments.
};

/// "ValidatingPolicy", "NamespacedMutatingPolicy" …, of policies.kyverno.io; nothing for others.
std::optional<AdmissionKind> kyverno_cel_kind_of(std::string_view word);

/// Reads a PolicyException of policies.kyverno.io (policyRefs, matchConditions, images,
/// allowedValues, reportResult, expiresAt) or of kyverno.io v2 and v2beta1 (exceptions, match).
/// Nothing where it is set aside for mistakes, which are reported. `environments`:
/// make_kyverno_environments().
std::optional<WrittenException> read_kyverno_exception(const ReadContext& context,
                                                       const document::Node& root,
                                                       const AdmissionEnvironments& environments);

}  // namespace seaworthy::policy
