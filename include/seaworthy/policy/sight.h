#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

/// What of a policy may hang on one text of a request.
enum class Sight : std::uint8_t {
  kNothing,
  kWords,  ///< What is said of a violation, and the remedy.
  kRule,   ///< Whether there is one.
};

/// `path`: where the text stands in `request` of an AdmissionReview, names from the outside in, "*"
/// for an item of a list. `pod_path`: as admission::WorkloadKind::pod_path of the object's kind.
/// Says more rather than less: what a policy does not see it has no way to see.
Sight sight_of(const Policy& policy, std::span<const std::string_view> path,
               std::span<const std::string_view> pod_path);

}  // namespace seaworthy::policy
