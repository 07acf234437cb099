#pragma once

#include <memory>
#include <span>

#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// Links the expressions of all policies, so that what several of them compute is computed once a
/// request. Every policy gets the layout of the room that this takes.
void share_expressions(std::span<const std::shared_ptr<Policy>> policies);

}  // namespace seaworthy::policy
