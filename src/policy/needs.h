#pragma once

#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// What Policy::sees_managed_fields says, from all of the policy's expressions.
bool sees_managed_fields(const Policy& policy);

}  // namespace seaworthy::policy
