#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/cel/value.h"
#include "seaworthy/document/structured_merge.h"

namespace seaworthy::cel {

// Values of the types that Environment::declare_patch_types() brings: what the mutations of a
// MutatingAdmissionPolicy make. Rule: k8s.io/apiserver pkg/cel/mutation.

/// A field of an ObjectValue.
struct ObjectField {
  std::string_view name;
  Value value;
};

/// `Object.spec{replicas: 3}`: its type's name is the path of the fields that lead to it.
class ObjectValue final : public OpaqueValue {
 public:
  ObjectValue(const RuntimeType& type, std::span<const ObjectField> fields)
      : OpaqueValue(type), fields_(fields) {}

  /// In the order in which they were first written, each name once.
  [[nodiscard]] std::span<const ObjectField> fields() const { return fields_; }

 private:
  std::span<const ObjectField> fields_;
};

/// `JSONPatch{op: 'add', path: '/a', value: 1}`.
class JsonPatchValue final : public OpaqueValue {
 public:
  explicit JsonPatchValue(const RuntimeType& type) : OpaqueValue(type) {}

  std::string_view op;
  std::string_view path;
  std::string_view from;
  Value value;  ///< kUnset where none was given.
};

/// The object as Go's own map, as a structured merge takes it: what its fields hold that JSON has
/// no word for is explained in the tree. `api_version` and `kind` replace the object's. Nothing
/// where a map in one of its fields has a key that is no string. Rule: k8s.io/apiserver
/// pkg/cel/mutation/dynamic/objects.go, Value. Lifetime: `arena`'s, and what the value lives in.
std::optional<document::UntypedTree> to_untyped(const ObjectValue& object,
                                                std::string_view api_version, std::string_view kind,
                                                Arena& arena);

/// The value as JSON by way of protobuf's Value, as a JSONPatch has it: integers beyond 2^53 are
/// strings, in an Object they lose digits. Errors: kInvalid (cel-go's and protobuf's texts),
/// kInternal (where the API server panics: an Object in a list or map).
Result<document::Node> to_protobuf_json(const Value& value, Arena& arena);

/// Null where the value is no `Object…{}`.
const ObjectValue* as_object(const Value& value);
/// Null where the value is no `JSONPatch{}`.
const JsonPatchValue* as_json_patch(const Value& value);

}  // namespace seaworthy::cel
