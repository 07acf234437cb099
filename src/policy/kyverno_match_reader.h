#pragma once

#include <string>

#include "policy/fields.h"
#include "seaworthy/policy/kyverno_match.h"

namespace seaworthy::policy {

/// Reads a rule's `match` or `exclude`, or a PolicyException's `match`: `any`, `all`, or the fields
/// of one filter (`resources`, `subjects` …). Mistakes are reported, what cannot be known here is
/// warned of.
KyvernoFilters read_kyverno_filters(const ReadContext& context, const document::Node& node,
                                    const std::string& path, KyvernoSide side);

}  // namespace seaworthy::policy
