#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "seaworthy/cel/type.h"

namespace seaworthy::policy {

/// How a mutation of a MutatingAdmissionPolicy changes the object (spec.mutations[].patchType).
enum class PatchType : std::uint8_t { kApplyConfiguration, kJsonPatch };

/// "ApplyConfiguration", "JSONPatch"; nothing for any other name.
std::optional<PatchType> patch_type_of(std::string_view name);

/// What such a mutation's expression must evaluate to, exactly: `Object` or `list(JSONPatch)`.
cel::Type result_type(PatchType type);

/// Why an expression of type `found` will not do: "must evaluate to Object but got dyn".
std::optional<std::string> result_type_fault(PatchType type, const cel::Type& found);

}  // namespace seaworthy::policy
