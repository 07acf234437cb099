#pragma once

#include <memory>
#include <span>

#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// Gives every policy its footprint, and all of them one index of the fields that they ask for.
void find_footprints(std::span<const std::shared_ptr<Policy>> policies);

}  // namespace seaworthy::policy
