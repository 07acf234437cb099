#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace seaworthy::admission {

enum class ListKind : std::uint8_t {
  kAtomic,  ///< Replaced as a whole.
  kKeyed,   ///< Items are maps, paired by `keys`.
  kSet,     ///< Scalars without order.
};

struct ListRule {
  ListKind kind = ListKind::kAtomic;
  std::span<const std::string_view> keys;
};

/// How a list of the Pod API merges, by the field's name. `field` is the last step of its path
/// ("containers", "env", "volumeMounts"); in a Pod those names mean the same wherever they stand.
/// Rule: x-kubernetes-list-type and -map-keys in the OpenAPI schema of v1.Pod (cel.md section 3,
/// ApplyConfiguration).
ListRule list_rule(std::string_view field);

}  // namespace seaworthy::admission
