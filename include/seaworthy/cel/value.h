#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "seaworthy/document/node.h"

namespace seaworthy {
class Arena;
}

namespace seaworthy::cel {

class Evaluation;
class Value;
struct MapEntry;
class OpaqueValue;
struct ErrorValue;
struct RuntimeType;

enum class ValueKind : std::uint8_t {
  kUnset,  ///< No value yet: a slot that is computed when first asked for. Never the result of an
           ///< evaluation.
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kDuration,   ///< Nanoseconds in an int64.
  kTimestamp,  ///< Seconds since 1970 in an int64, nanoseconds, and the zone it was written in.
  kList,
  kMap,
  kType,
  kOptional,
  kOpaque,
  kError,  ///< An error is a value: && and || absorb it from either side.
};

/// A value of an evaluation: 16 bytes, copied freely; what it points to lies in the evaluation's
/// arena, in the request's document, or in the program. Lists and maps are either views of document
/// nodes or arrays of values.
class Value {
 public:
  constexpr Value() = default;  ///< kUnset

  static Value null() { return make(ValueKind::kNull, 0); }

  static Value boolean(bool value);
  static Value integer(std::int64_t value);
  static Value unsigned_integer(std::uint64_t value);
  static Value number(double value);
  static Value string(std::string_view text);
  static Value bytes(std::string_view bytes);
  static Value duration(std::int64_t nanoseconds);
  /// `zone_minutes`: minutes east of UTC in which `string()` prints it, as Go's time.Time carries
  /// its zone; the moment is the same in each.
  static Value timestamp(std::int64_t seconds, std::uint32_t nanoseconds,
                         std::int16_t zone_minutes = 0);
  static Value list(std::span<const Value> items);
  /// The list that `+` makes: as any other, but its equality keeps an item's error (cel-go's
  /// concatList), where a plain list takes it for equal.
  static Value concatenation(std::span<const Value> items);
  /// A list that a function made of Go's own strings (split, findAll): as any other, but a mutation
  /// cannot put it into an object.
  static Value string_list(std::span<const Value> items);
  static Value map(std::span<const MapEntry> entries);
  static Value type(const RuntimeType& type);
  static Value optional_none();
  static Value optional_of(const Value& inner_in_arena);
  static Value opaque(const OpaqueValue& value);
  static Value error(const ErrorValue& error);
  /// A view of a node; no copy.
  static Value of(const document::Node& node);

  [[nodiscard]] ValueKind kind() const { return kind_; }

  [[nodiscard]] bool is(ValueKind kind) const { return kind_ == kind; }

  [[nodiscard]] bool is_error() const { return kind_ == ValueKind::kError; }

  [[nodiscard]] bool is_true() const { return kind_ == ValueKind::kBool && integer_ != 0; }

  [[nodiscard]] bool is_false() const { return kind_ == ValueKind::kBool && integer_ == 0; }

  // Each may be asked only of its own kind.
  [[nodiscard]] bool as_bool() const { return integer_ != 0; }

  [[nodiscard]] std::int64_t as_int() const {
    return integer_;
  }  ///< Also a duration's nanoseconds, a timestamp's seconds.

  [[nodiscard]] std::uint64_t as_uint() const { return unsigned_; }

  [[nodiscard]] double as_double() const { return number_; }

  [[nodiscard]] std::string_view as_text() const {
    return {text_, aux_};
  }  ///< Of strings and bytes.

  [[nodiscard]] std::uint32_t nanoseconds() const { return aux_; }  ///< Of a timestamp.

  [[nodiscard]] std::int16_t zone_minutes() const { return detail_; }  ///< Of a timestamp.

  [[nodiscard]] const RuntimeType& as_type() const { return *type_; }

  [[nodiscard]] const Value* as_optional() const { return inner_; }  ///< Null for none.

  [[nodiscard]] const OpaqueValue& as_opaque() const { return *opaque_; }

  [[nodiscard]] const ErrorValue& as_error() const { return *error_; }

  /// Items of a list, entries of a map.
  [[nodiscard]] std::uint32_t size() const { return aux_; }

  [[nodiscard]] bool is_node_backed() const { return node_backed_; }

  [[nodiscard]] bool is_concatenation() const { return kind_ == ValueKind::kList && detail_ == 1; }

  [[nodiscard]] bool is_string_list() const { return kind_ == ValueKind::kList && detail_ == 2; }

  [[nodiscard]] std::span<const document::Node> nodes() const {
    return {nodes_, aux_};
  }  ///< A node-backed list's.

  [[nodiscard]] std::span<const document::Member> members() const {
    return {members_, aux_};
  }  ///< A node-backed map's.

  [[nodiscard]] std::span<const Value> values() const { return {values_, aux_}; }

  [[nodiscard]] std::span<const MapEntry> entries() const;

  /// The list's item, whatever backs it; `index` must be inside.
  [[nodiscard]] Value item(std::uint32_t index) const;
  /// The map's key and value at a position in document order, whatever backs it.
  [[nodiscard]] Value key_at(std::uint32_t index) const;
  [[nodiscard]] Value value_at(std::uint32_t index) const;

 private:
  constexpr explicit Value(ValueKind kind) : kind_(kind) {}

  /// A value as two words, which is how it is passed on: written field by field it would be read
  /// back from memory before its parts have arrived there.
  static Value make(ValueKind kind, std::uint64_t payload, std::size_t aux = 0,
                    bool node_backed = false) {
    struct Words {
      std::uint64_t head;
      std::uint64_t payload;
    };

    static_assert(std::endian::native == std::endian::little);
    return std::bit_cast<Value>(Words{std::uint64_t{static_cast<std::uint8_t>(kind)} |
                                          std::uint64_t{node_backed} << 8 |
                                          std::uint64_t{aux} << 32,
                                      payload});
  }

  template <class T>
  static std::uint64_t address(const T* at) {
    return reinterpret_cast<std::uintptr_t>(at);
  }

  ValueKind kind_ = ValueKind::kUnset;
  bool node_backed_ = false;
  std::int16_t detail_ = 0;  ///< A timestamp's zone; 1 in a list made by `+`, 2 in one of Go's
                             ///< strings.
  std::uint32_t aux_ = 0;

  union {
    std::int64_t integer_ = 0;
    std::uint64_t unsigned_;
    double number_;
    const char* text_;
    const document::Node* nodes_;
    const document::Member* members_;
    const Value* values_;
    const MapEntry* entries_;
    const RuntimeType* type_;
    const Value* inner_;
    const OpaqueValue* opaque_;
    const ErrorValue* error_;
  };
};

static_assert(sizeof(Value) == 16 && std::is_trivially_copyable_v<Value>);

struct MapEntry {
  Value key;
  Value value;
};

inline Value Value::boolean(bool value) { return make(ValueKind::kBool, value ? 1 : 0); }

inline Value Value::integer(std::int64_t value) {
  return make(ValueKind::kInt, static_cast<std::uint64_t>(value));
}

inline Value Value::unsigned_integer(std::uint64_t value) { return make(ValueKind::kUint, value); }

inline Value Value::number(double value) {
  return make(ValueKind::kDouble, std::bit_cast<std::uint64_t>(value));
}

inline Value Value::string(std::string_view text) {
  return make(ValueKind::kString, address(text.data()), static_cast<std::uint32_t>(text.size()));
}

inline Value Value::list(std::span<const Value> items) {
  return make(ValueKind::kList, address(items.data()), static_cast<std::uint32_t>(items.size()));
}

inline Value Value::optional_none() { return make(ValueKind::kOptional, 0); }

inline Value Value::optional_of(const Value& inner_in_arena) {
  return make(ValueKind::kOptional, address(&inner_in_arena));
}

inline Value Value::error(const ErrorValue& error) {
  return make(ValueKind::kError, address(&error));
}

inline Value Value::of(const document::Node& node) {
  // By document::Kind; what a node points to is kept as it is, so that only the kind differs.
  constexpr ValueKind kKinds[] = {// NOLINT(modernize-avoid-c-arrays)
                                  ValueKind::kNull,   ValueKind::kBool,   ValueKind::kInt,
                                  ValueKind::kDouble, ValueKind::kString, ValueKind::kList,
                                  ValueKind::kMap};
  return make(kKinds[static_cast<std::size_t>(node.kind())], node.payload(), node.size(),
              node.kind() >= document::Kind::kList);
}

inline Value Value::item(std::uint32_t index) const {
  return node_backed_ ? of(nodes_[index]) : values_[index];
}

inline std::span<const MapEntry> Value::entries() const { return {entries_, aux_}; }

/// The value of `type(x)`: compared by name. For a library's own values it also says what they can
/// do; absent parts have defaults.
struct RuntimeType {
  std::string_view name;  ///< "int", "list", "map", "null_type", "google.protobuf.Timestamp",
                          ///< "kubernetes.Quantity" …
  /// `self == other` where `self` is of this type: a bool or an error. Absent: the same object.
  Value (*equal)(const Value& self, const Value& other, Evaluation& evaluation) = nullptr;
  /// As `string()` or a message shows it. Absent: the type's name.
  std::string_view (*text)(const OpaqueValue& value, Arena& arena) = nullptr;
  /// What run-time costs take for its size. Absent: 1.
  std::uint64_t (*size)(const OpaqueValue& value) = nullptr;
  /// What Go prints for `%T`, which some of cel-go's errors do: "types.Bool". Absent: the name.
  std::string_view go_name = {};
  /// Go's `%T` of what such a value holds, where cel-go cannot make a value of that again: an
  /// optional of one loses it when it passes through a variable or a conditional. Absent: nothing
  /// is lost.
  std::string_view native_name = {};
  /// To Go such a value cannot be a map's key: it panics.
  bool is_unhashable = false;
};

/// An error of evaluation, its text in cel-go's words: "no such key: x", "no such overload".
struct ErrorValue {
  std::string_view message;  ///< In the evaluation's arena, or static.
  /// The cost or depth limit was reached: not absorbed by && and || (cel.md section 3, VAP
  /// evaluation order, 5).
  bool is_limit = false;
};

/// A library's value (a quantity, an IP …). Each subclass is trivially destructible and lies in the
/// arena.
class OpaqueValue {
 public:
  explicit constexpr OpaqueValue(const RuntimeType& type) : type_(&type) {}

  [[nodiscard]] const RuntimeType& type() const { return *type_; }

 private:
  const RuntimeType* type_;
};

}  // namespace seaworthy::cel
