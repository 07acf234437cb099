#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/document/node.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::translate {

/// What a translation is for.
struct Destination {
  std::int64_t minor = 36;  ///< Of the oldest cluster that must take it: 1.36.
  policy::Mode mode = policy::Mode::kDeny;
  policy::Severity deny_from = policy::Severity::kMedium;  ///< Lower severities warn.
  /// Which remedies become MutatingAdmissionPolicies: none, the safe ones, all.
  policy::RemedyLevel remedy = policy::RemedyLevel::kSuggest;
};

/// A policy, or what of it, could not be said in-tree, and why: "reads image references, which …".
struct LeftOut {
  std::string policy;
  std::string what;  ///< Empty: all of it. Else "its message", "its remedy".
  std::string why;
  std::string file;  ///< Where the policy is.
  SourcePosition position;
};

struct Translation {
  /// ValidatingAdmissionPolicy and its -Binding for each policy, in the policies' order; behind
  /// them MutatingAdmissionPolicy and its -Binding of the remedy.
  std::vector<document::Node> documents;
  std::vector<LeftOut> left_out;
};

/// Native policies as in-tree ones of admissionregistration.k8s.io/v1 that refuse the same objects,
/// for those that CEL and the platform's own objects can say. Everything that is answered compiles
/// in the API server of that version. Pure, and the same for the same policies. `arena`: where the
/// documents lie.
Translation translate(std::span<const std::shared_ptr<const policy::Policy>> policies,
                      const Destination& destination, Arena& arena);

}  // namespace seaworthy::translate
