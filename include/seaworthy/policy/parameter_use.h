#pragma once

#include <string_view>
#include <vector>

#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// The parameters that any expression of the policy reads, by name, sorted. Lifetime: the policy's.
std::vector<std::string_view> parameters_read(const Policy& policy);

}  // namespace seaworthy::policy
