#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seaworthy::cel {

/// What a type is, before its parameters.
enum class TypeKind : std::uint8_t {
  kDyn,
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kDuration,
  kTimestamp,
  kList,      ///< One parameter: the element.
  kMap,       ///< Two parameters: key and value.
  kOptional,  ///< One parameter.
  kType,      ///< At most one parameter: the type that it is the type of.
  kParam,     ///< A type parameter of a signature, by name: T, K, V …
  kOpaque,    ///< A library's type by name: kubernetes.Quantity, net.IP …; no fields, may have
              ///< parameters.
  kStruct,    ///< A declared object type by name; Environment knows its fields.
  kError,     ///< The type of what did not check.
};

/// A type as the checker sees it. A value; compared deeply.
class Type {
 public:
  Type() = default;  ///< dyn

  explicit Type(TypeKind kind, std::vector<Type> parameters = {})
      : kind_(kind), parameters_(std::move(parameters)) {}

  Type(TypeKind kind, std::string name, std::vector<Type> parameters = {})
      : kind_(kind), name_(std::move(name)), parameters_(std::move(parameters)) {}

  static Type dyn() { return Type(TypeKind::kDyn); }

  static Type null() { return Type(TypeKind::kNull); }

  static Type boolean() { return Type(TypeKind::kBool); }

  static Type integer() { return Type(TypeKind::kInt); }

  static Type unsigned_integer() { return Type(TypeKind::kUint); }

  static Type number() { return Type(TypeKind::kDouble); }

  static Type string() { return Type(TypeKind::kString); }

  static Type bytes() { return Type(TypeKind::kBytes); }

  static Type duration() { return Type(TypeKind::kDuration); }

  static Type timestamp() { return Type(TypeKind::kTimestamp); }

  static Type list(Type element) { return Type(TypeKind::kList, {std::move(element)}); }

  static Type map(Type key, Type value) {
    return Type(TypeKind::kMap, {std::move(key), std::move(value)});
  }

  static Type optional(Type inner) { return Type(TypeKind::kOptional, {std::move(inner)}); }

  static Type type_of(Type inner) { return Type(TypeKind::kType, {std::move(inner)}); }

  static Type parameter(std::string name) { return Type(TypeKind::kParam, std::move(name)); }

  /// A library's type; "wrapper" with a parameter is that type or null.
  static Type opaque(std::string name, std::vector<Type> parameters = {}) {
    return Type(TypeKind::kOpaque, std::move(name), std::move(parameters));
  }

  static Type structure(std::string name) { return Type(TypeKind::kStruct, std::move(name)); }

  [[nodiscard]] TypeKind kind() const { return kind_; }

  [[nodiscard]] bool is(TypeKind kind) const { return kind_ == kind; }

  [[nodiscard]] const std::string& name() const { return name_; }

  [[nodiscard]] std::span<const Type> parameters() const { return parameters_; }

  /// As cel-go prints it in errors and `type` fields: `map(string, dyn)`, `timestamp`,
  /// `optional_type(int)`, `type(int)`.
  [[nodiscard]] std::string text() const;
  /// As the API server prints it where a result is of the wrong type: `null_type`,
  /// `google.protobuf.Timestamp` (cel-go common/types/types.go, Type.String).
  [[nodiscard]] std::string declared_text() const;

  friend bool operator==(const Type&, const Type&) = default;

 private:
  TypeKind kind_ = TypeKind::kDyn;
  std::string name_;
  std::vector<Type> parameters_;
};

/// A declared object type: `request`, `namespaceObject`, `variables`, `image` have one.
struct StructType {
  struct Field {
    std::string name;
    Type type;
  };

  std::string name;
  std::vector<Field> fields;
};

}  // namespace seaworthy::cel
