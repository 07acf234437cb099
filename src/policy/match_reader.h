#pragma once

#include <cstdint>

#include "policy/fields.h"
#include "seaworthy/admission/match.h"

namespace seaworthy::policy {

/// Whose document it is.
enum class Dialect : std::uint8_t {
  kOurs,       ///< Unknown fields are mistakes.
  kPlatforms,  ///< Unknown fields are warned of: the API server drops them.
  kGlobs,      ///< Unknown fields are mistakes; labels may be globs and are not checked.
};

/// Reads `match`: the fields of in-tree matchConstraints. Mistakes are reported. Rule:
/// admissionregistration validation, validateMatchResources.
admission::MatchConstraints read_match(const ReadContext& context, const document::Node& match,
                                       const std::string& path, Dialect dialect = Dialect::kOurs);

/// Reads a LabelSelector. Mistakes are reported. Rule: apimachinery
/// pkg/apis/meta/v1/validation, ValidateLabelSelector.
admission::LabelSelector read_selector(const ReadContext& context, const document::Node& node,
                                       const std::string& path, Dialect dialect = Dialect::kOurs);

}  // namespace seaworthy::policy
