#pragma once

#include <string>

#include "policy/fields.h"
#include "seaworthy/document/node.h"

namespace seaworthy::policy {

/// What every document of admissionregistration.k8s.io has.
struct AdmissionHead {
  std::string name;                          ///< Empty where it is missing.
  const document::Node* metadata = nullptr;  ///< Null where it is missing, as `spec`.
  const document::Node* spec = nullptr;
};

/// Reports fields that are not known, and what is missing or wrong: a name that is no DNS subdomain
/// is among that, and answered all the same.
AdmissionHead read_admission_head(const ReadContext& context, const document::Node& root);

}  // namespace seaworthy::policy
