#pragma once

#include <string>
#include <string_view>

#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/patch_types.h"

namespace seaworthy::cel {

extern const RuntimeType kJsonPatchRuntimeType;

/// What `Object.a.b` values have for a type: `name` is that path and must live as long.
RuntimeType object_runtime_type(std::string_view name);

/// An `Object…{}` or a `JSONPatch{}`.
inline bool is_patch_value(const Value& value) {
  return as_object(value) != nullptr || as_json_patch(value) != nullptr;
}

/// The map that cel-go makes of an object when it takes it for Go's own value; an error where a map
/// in one of its fields has a key that is no string.
Value native_object(const ObjectValue& object, Evaluation& evaluation);

/// What Go says of a field that holds a map with such a key: "fail to convert field \"a\": map key
/// '\\x01' is of type types.Int, not string".
std::string map_key_fault(std::string_view field, const Value& key);

/// `object.name` where the checker knows that the object is an `Object…{}`: what is not there is
/// null. kUnset where it is not there and `presence` asked.
Value object_field(const Value& object, std::string_view name, bool presence,
                   Evaluation& evaluation);

/// `patch.key`; kUnset where the field is empty and `presence` asked.
Value patch_field(const JsonPatchValue& patch, const Value& key, bool presence,
                  Evaluation& evaluation);

/// to_untyped with any members in place of the object's; what is wrong where it cannot be done.
std::optional<std::string> write_untyped(const ObjectValue& object,
                                         std::span<const document::Member> instead,
                                         document::UntypedTree& tree, Arena& arena);

/// Go's `%T` of what a value holds: "int64", "map[string]interface {}".
std::string_view native_type_name(const Value& value);

}  // namespace seaworthy::cel
