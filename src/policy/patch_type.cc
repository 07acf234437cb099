#include "seaworthy/policy/patch_type.h"

namespace seaworthy::policy {

std::optional<PatchType> patch_type_of(std::string_view name) {
  if (name == "ApplyConfiguration") {
    return PatchType::kApplyConfiguration;
  }
  return name == "JSONPatch" ? std::optional(PatchType::kJsonPatch) : std::nullopt;
}

cel::Type result_type(PatchType type) {
  return type == PatchType::kApplyConfiguration
             ? cel::Type::structure("Object")
             : cel::Type::list(cel::Type::structure("JSONPatch"));
}

std::optional<std::string> result_type_fault(PatchType type, const cel::Type& found) {
  const cel::Type wanted = result_type(type);
  if (found == wanted) {
    return std::nullopt;
  }
  return "must evaluate to " + wanted.declared_text() + " but got " + found.declared_text();
}

}  // namespace seaworthy::policy
