#pragma once

#include <string>

#include "policy/fields.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// What a matchConstraints or matchResources must be, beside well formed.
struct MatchDemands {
  bool rules_required = false;  ///< At least one resourceRule.
  bool mutates = false;         ///< No DELETE: there is no object to change.
};

/// Reads and checks matchConstraints or matchResources. Mistakes are reported.
/// Rule: admissionregistration validation, validateMatchResources.
AdmissionMatch read_admission_match(const ReadContext& context, const document::Node& node,
                                    const std::string& path, const MatchDemands& demands);

}  // namespace seaworthy::policy
