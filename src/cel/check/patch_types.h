#pragma once

#include <string_view>

#include "seaworthy/cel/type.h"

namespace seaworthy::cel {

// Names of the patch types (k8s.io/apiserver pkg/cel/mutation/typeresolver.go).

inline constexpr std::string_view kJsonPatchType = "JSONPatch";

/// `Object`, `Object.spec`, `Object.spec.containers` …: any path will do.
inline bool is_object_type(std::string_view name) {
  constexpr std::string_view kObject = "Object";
  return name.starts_with(kObject) &&
         (name.size() == kObject.size() || name[kObject.size()] == '.');
}

inline bool is_patch_type(std::string_view name) {
  return name == kJsonPatchType || is_object_type(name);
}

/// An Object has every field, each dyn. A JSONPatch has four; every other has a type without a
/// name, which fits nothing but dyn.
inline Type patch_field_type(std::string_view type, std::string_view field) {
  if (type != kJsonPatchType || field == "value") {
    return Type::dyn();
  }
  const bool is_text = field == "op" || field == "path" || field == "from";
  return is_text ? Type::string() : Type::structure("");
}

}  // namespace seaworthy::cel
