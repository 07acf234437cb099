#pragma once

#include <vector>

#include "seaworthy/policy/admission_policy.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

using Programs = std::vector<const cel::Program*>;

/// What decides whether the policy is violated: variables, `when`, `require`.
Programs rule_programs(const Policy& policy);

/// What decides what is said and done then: message and remedy.
Programs word_programs(const Policy& policy);

/// Conditions, variables, validations and audit annotations; mutations are not programs alone.
Programs programs_of(const AdmissionRule& rule);

/// Adds the programs of the text's `${}` parts.
void add_programs(const TextTemplate& text, Programs& programs);

}  // namespace seaworthy::policy
