#pragma once

#include <optional>

#include "policy/fields.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// Reads `remedy` of a policy that looks at `each`. Mistakes are reported.
Remedy read_remedy(const ReadContext& context, const document::Node& remedy,
                   const std::string& path, Each each, const cel::Environment& environment);

}  // namespace seaworthy::policy
