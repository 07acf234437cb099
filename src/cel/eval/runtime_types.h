#pragma once

#include <array>
#include <string_view>

#include "seaworthy/cel/value.h"

namespace seaworthy::cel::runtime_types {

// What `type(x)` answers for CEL's own kinds. Names: cel-go types/types.go.
inline constexpr RuntimeType kNull{.name = "null_type"};
inline constexpr RuntimeType kBool{.name = "bool"};
inline constexpr RuntimeType kInt{.name = "int"};
inline constexpr RuntimeType kUint{.name = "uint"};
inline constexpr RuntimeType kDouble{.name = "double"};
inline constexpr RuntimeType kString{.name = "string"};
inline constexpr RuntimeType kBytes{.name = "bytes"};
inline constexpr RuntimeType kDuration{.name = "google.protobuf.Duration"};
inline constexpr RuntimeType kTimestamp{.name = "google.protobuf.Timestamp"};
inline constexpr RuntimeType kList{.name = "list"};
inline constexpr RuntimeType kMap{.name = "map"};
inline constexpr RuntimeType kType{.name = "type"};
inline constexpr RuntimeType kOptional{.name = "optional_type"};
inline constexpr RuntimeType kError{.name = "error"};

/// The type of CEL's own that has this name, or null.
inline const RuntimeType* find(std::string_view name) {
  static constexpr std::array kTypes = {&kNull,   &kBool,  &kInt,      &kUint,      &kDouble,
                                        &kString, &kBytes, &kDuration, &kTimestamp, &kList,
                                        &kMap,    &kType,  &kOptional};
  for (const RuntimeType* type : kTypes) {
    if (type->name == name) {
      return type;
    }
  }
  return nullptr;
}

}  // namespace seaworthy::cel::runtime_types
