#pragma once

#include "seaworthy/policy/admission_policy.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// What Policy::sees_managed_fields says, from all of the policy's expressions.
bool sees_managed_fields(const Policy& policy);

/// What AdmissionPolicy::sees_managed_fields says.
bool sees_managed_fields(const AdmissionPolicy& policy);

/// What Policy::message_is_discreet says. What may be a secret: values of env and HTTP headers,
/// arguments, commands, annotations (DESIGN section 5, item 11).
bool message_is_discreet(const Policy& policy);

}  // namespace seaworthy::policy
