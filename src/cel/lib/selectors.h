#pragma once

#include <string_view>

#include "seaworthy/cel/authorizer.h"

namespace seaworthy::cel {

/// Reads "a=b,c!=d". Requirements in order of their text. Rule: apimachinery pkg/fields,
/// ParseSelector.
ParsedSelector<FieldRequirement> parse_field_selector(std::string_view text);

/// Reads "a,!b,c in (d,e),f>1". Requirements in order of their keys. Rule: apimachinery pkg/labels,
/// ParseToRequirements.
ParsedSelector<LabelRequirement> parse_label_selector(std::string_view text);

}  // namespace seaworthy::cel
