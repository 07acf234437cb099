#pragma once

#include <string>

#include "policy/fields.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// Reads a ValidatingAdmissionPolicyBinding or MutatingAdmissionPolicyBinding; `root` is the whole
/// document. Mistakes are reported; then name and policy_name alone can be relied on.
/// Rule: admissionregistration validation, validateValidatingAdmissionPolicyBindingSpec and
/// validateMutatingAdmissionPolicyBindingSpec.
AdmissionBinding read_admission_binding(const ReadContext& context, bool mutates,
                                        const document::Node& root);

/// Reads a paramRef: a name or a selector, and what an absent param means. Mistakes are reported.
/// `action_required`: without it, parameterNotFoundAction is Deny where it is not written.
ParamRef read_param_ref(const ReadContext& context, const document::Node& node,
                        const std::string& path, bool action_required);

}  // namespace seaworthy::policy
