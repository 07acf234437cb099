#pragma once

#include "seaworthy/admission/review.h"
#include "seaworthy/document/node.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::engine {

/// Requests that no admission policy is asked about: the platform's own policies and their bindings
/// (nobody could mend a policy that refuses its own repair), and reviews of tokens and access.
/// Rule: apiserver pkg/admission/plugin/policy, excluded resources.
bool is_exempt(const admission::Review& review);

/// A request's namespace, as far as it is known.
struct NamespaceFacts {
  document::Node object;  ///< Null for cluster-scoped objects.
  bool known = false;     ///< `object` is whole; else only its name and that name's label are.
};

/// The labels of the request's namespace; none, and all of them, of a cluster-scoped object's.
policy::KnownLabels labels_of(const NamespaceFacts& facts, const admission::Review& review);

/// Whether a policy or a binding is about the request. A requirement on a label that is not known
/// holds: the policy would tighten. Rule: apiserver pkg/admission/plugin/policy/matching.
bool matches(const policy::AdmissionRule& rule, const admission::Review& review,
             const NamespaceFacts& facts);
bool matches(const policy::AdmissionMatch& match, const admission::Review& review,
             const NamespaceFacts& facts);

}  // namespace seaworthy::engine
