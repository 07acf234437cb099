#pragma once

#include "policy/fields.h"
#include "seaworthy/admission/match.h"

namespace seaworthy::policy {

/// Reads `match`: the fields of in-tree matchConstraints. Mistakes are reported.
admission::MatchConstraints read_match(const ReadContext& context, const document::Node& match,
                                       const std::string& path);

/// Reads a LabelSelector. Mistakes are reported.
admission::LabelSelector read_selector(const ReadContext& context, const document::Node& node,
                                       const std::string& path);

}  // namespace seaworthy::policy
