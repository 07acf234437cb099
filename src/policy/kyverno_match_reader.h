#pragma once

#include <cstdint>
#include <string>

#include "policy/fields.h"
#include "seaworthy/policy/kyverno_match.h"

namespace seaworthy::policy {

/// What filters are for.
enum class KyvernoBlock : std::uint8_t {
  kMatch,      ///< A rule's `match`.
  kExclude,    ///< A rule's `exclude`.
  kException,  ///< A PolicyException's `match`.
};

/// Reads `any` or `all`; of a rule also the fields of one filter (`resources`, `subjects` …).
/// Mistakes are reported, and a filter that has one never holds; what cannot be known here is
/// warned of. Rule: kyverno api/kyverno/v1 MatchResources, v2beta1 MatchResources.
KyvernoFilters read_kyverno_filters(const ReadContext& context, const document::Node& node,
                                    const std::string& path, KyvernoBlock block);

}  // namespace seaworthy::policy
