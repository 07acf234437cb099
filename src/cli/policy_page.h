#pragma once

#include <memory>
#include <string>

#include "seaworthy/policy/policy.h"

namespace seaworthy::cli {

/// A page about a policy for people: what it asks for, why, how to fix it, its parameters, examples
/// from its own tests, references.
std::string print_page(const std::shared_ptr<const policy::Policy>& policy);

}  // namespace seaworthy::cli
