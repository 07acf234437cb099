#pragma once

#include <optional>

#include "policy/fields.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// Reads a ValidatingAdmissionPolicyBinding or MutatingAdmissionPolicyBinding; `root` is the whole
/// document. Mistakes are reported; then name and policy_name alone can be relied on.
/// Rule: admissionregistration validation, validateValidatingAdmissionPolicyBindingSpec and
/// validateMutatingAdmissionPolicyBindingSpec.
AdmissionBinding read_admission_binding(const ReadContext& context, bool mutates,
                                        const document::Node& root);

}  // namespace seaworthy::policy
