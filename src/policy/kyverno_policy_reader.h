#pragma once

#include <memory>

#include "policy/fields.h"
#include "seaworthy/policy/admission_environment.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// Reads and compiles a ValidatingPolicy or MutatingPolicy of policies.kyverno.io, or a namespaced
/// one; `root` is the whole document. Mistakes and what is not supported are reported. Null where
/// it is set aside for them. `environments`: make_kyverno_environments().
std::shared_ptr<AdmissionPolicy> read_kyverno_policy(const ReadContext& context, AdmissionKind kind,
                                                     const document::Node& root,
                                                     const AdmissionEnvironments& environments);

/// metadata.name, metadata.namespace and the annotations that policies' libraries write. False
/// where there is no name, which is reported. `namespaced`: of a kind that lives in a namespace.
bool read_kyverno_metadata(const ReadContext& context, const document::Node& root, bool namespaced,
                           AdmissionPolicy& policy);

}  // namespace seaworthy::policy
