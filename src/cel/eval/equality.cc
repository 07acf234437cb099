// Equality and order as cel-go 0.26 defines them in common/types.
//
// An int and a double are compared as doubles, so 9007199254740993 == 9007199254740992.0. A list or
// map counts an element whose comparison is an error as equal (baseList.Equal, baseMap.Equal);
// only a list made by `+` remembers the error (concatList.Equal).

#include "cel/eval/equality.h"

#include <cmath>
#include <limits>

namespace seaworthy::cel {
namespace {

int order_of(double a, double b) { return a < b ? -1 : a > b ? 1 : 0; }

int order_of(double a, std::int64_t b) {
  // Beyond the range of the integer the double's side decides (compareDoubleInt).
  if (a < static_cast<double>(std::numeric_limits<std::int64_t>::min())) {
    return -1;
  }
  if (a > static_cast<double>(std::numeric_limits<std::int64_t>::max())) {
    return 1;
  }
  return order_of(a, static_cast<double>(b));
}

int order_of(double a, std::uint64_t b) {
  if (a < 0) {
    return -1;
  }
  if (a > static_cast<double>(std::numeric_limits<std::uint64_t>::max())) {
    return 1;
  }
  return order_of(a, static_cast<double>(b));
}

int order_of(std::int64_t a, std::uint64_t b) {
  if (a < 0 || b > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return -1;
  }
  const auto other = static_cast<std::int64_t>(b);
  return a < other ? -1 : a > other ? 1 : 0;
}

bool is_number(ValueKind kind) {
  return kind == ValueKind::kInt || kind == ValueKind::kUint || kind == ValueKind::kDouble;
}

/// Both are numbers and neither is NaN.
int order_of_numbers(const Value& a, const Value& b) {
  if (a.is(ValueKind::kInt)) {
    if (b.is(ValueKind::kInt)) {
      return a.as_int() < b.as_int() ? -1 : a.as_int() > b.as_int() ? 1 : 0;
    }
    if (b.is(ValueKind::kUint)) {
      return order_of(a.as_int(), b.as_uint());
    }
    return -order_of(b.as_double(), a.as_int());
  }
  if (a.is(ValueKind::kUint)) {
    if (b.is(ValueKind::kInt)) {
      return -order_of(b.as_int(), a.as_uint());
    }
    if (b.is(ValueKind::kUint)) {
      return a.as_uint() < b.as_uint() ? -1 : a.as_uint() > b.as_uint() ? 1 : 0;
    }
    return -order_of(b.as_double(), a.as_uint());
  }
  if (b.is(ValueKind::kInt)) {
    return order_of(a.as_double(), b.as_int());
  }
  if (b.is(ValueKind::kUint)) {
    return order_of(a.as_double(), b.as_uint());
  }
  return order_of(a.as_double(), b.as_double());
}

bool is_nan(const Value& value) {
  return value.is(ValueKind::kDouble) && std::isnan(value.as_double());
}

Value list_equals(const Value& a, const Value& b, Evaluation& evaluation) {
  if (a.size() != b.size()) {
    return Value::boolean(false);
  }
  Value first_error;
  for (std::uint32_t i = 0; i < a.size(); ++i) {
    const Value same = equals(a.item(i), b.item(i), evaluation);
    if (same.is_false()) {
      return same;
    }
    if (same.is_error() && first_error.is(ValueKind::kUnset)) {
      first_error = same;
    }
  }
  if (a.is_concatenation() && first_error.is_error()) {
    return first_error;
  }
  return Value::boolean(true);
}

Value map_equals(const Value& a, const Value& b, Evaluation& evaluation) {
  if (a.size() != b.size()) {
    return Value::boolean(false);
  }
  for (std::uint32_t i = 0; i < a.size(); ++i) {
    const std::optional<Value> other = find_in_map(b, a.key_at(i));
    if (!other) {
      return Value::boolean(false);
    }
    const Value same = equals(a.value_at(i), *other, evaluation);
    if (same.is_false()) {
      return same;
    }
  }
  return Value::boolean(true);
}

int order_of_text(std::string_view a, std::string_view b) {
  const int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

Value opaque_equals(const Value& a, const Value& b, Evaluation& evaluation) {
  const RuntimeType& type = a.as_opaque().type();
  if (type.equal != nullptr) {
    return type.equal(a, b, evaluation);
  }
  return Value::boolean(b.is(ValueKind::kOpaque) && &a.as_opaque() == &b.as_opaque());
}

Value optional_equals(const Value& a, const Value& b, Evaluation& evaluation) {
  if (a.as_optional() == nullptr || b.as_optional() == nullptr) {
    return Value::boolean(a.as_optional() == b.as_optional());
  }
  return method_equals(*a.as_optional(), *b.as_optional(), evaluation);
}

}  // namespace

Value equals(const Value& a, const Value& b, Evaluation& evaluation) {
  const bool a_is_null = a.is(ValueKind::kNull);
  const bool b_is_null = b.is(ValueKind::kNull);
  if (a_is_null || b_is_null) {
    return Value::boolean(a_is_null == b_is_null);
  }
  return method_equals(a, b, evaluation);
}

Value method_equals(const Value& lhs, const Value& rhs, Evaluation& evaluation) {
  if (is_number(lhs.kind())) {
    return Value::boolean(is_number(rhs.kind()) && !is_nan(lhs) && !is_nan(rhs) &&
                          order_of_numbers(lhs, rhs) == 0);
  }
  if (lhs.is_error()) {
    return lhs;
  }
  if (lhs.is(ValueKind::kOpaque)) {
    return opaque_equals(lhs, rhs, evaluation);
  }
  if (lhs.kind() != rhs.kind()) {
    return Value::boolean(false);
  }
  switch (lhs.kind()) {
    case ValueKind::kNull:
      return Value::boolean(true);
    case ValueKind::kBool:
      return Value::boolean(lhs.as_bool() == rhs.as_bool());
    case ValueKind::kString:
    case ValueKind::kBytes:
      return Value::boolean(lhs.as_text() == rhs.as_text());
    case ValueKind::kDuration:
      return Value::boolean(lhs.as_int() == rhs.as_int());
    case ValueKind::kTimestamp:
      return Value::boolean(lhs.as_int() == rhs.as_int() && lhs.nanoseconds() == rhs.nanoseconds());
    case ValueKind::kList:
      return list_equals(lhs, rhs, evaluation);
    case ValueKind::kMap:
      return map_equals(lhs, rhs, evaluation);
    case ValueKind::kType:
      return Value::boolean(lhs.as_type().name == rhs.as_type().name);
    case ValueKind::kOptional:
      return optional_equals(lhs, rhs, evaluation);
    default:
      return Value::boolean(false);
  }
}

bool has_order(ValueKind kind) {
  switch (kind) {
    case ValueKind::kBool:
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
    case ValueKind::kString:
    case ValueKind::kBytes:
    case ValueKind::kDuration:
    case ValueKind::kTimestamp:
      return true;
    default:
      return false;
  }
}

Comparison compare(const Value& a, const Value& b, Evaluation& evaluation) {
  if (is_number(a.kind()) && is_number(b.kind())) {
    if (is_nan(a) || is_nan(b)) {
      return {0, evaluation.error("NaN values cannot be ordered")};
    }
    return {order_of_numbers(a, b), std::nullopt};
  }
  if (is_nan(a)) {
    return {0, evaluation.error("NaN values cannot be ordered")};
  }
  if (a.kind() != b.kind()) {
    return {0, b.is_error() ? b : evaluation.no_such_overload()};
  }
  switch (a.kind()) {
    case ValueKind::kBool:
      return {static_cast<int>(a.as_bool()) - static_cast<int>(b.as_bool()), std::nullopt};
    case ValueKind::kString:
    case ValueKind::kBytes:
      return {order_of_text(a.as_text(), b.as_text()), std::nullopt};
    case ValueKind::kDuration:
      return {a.as_int() < b.as_int() ? -1 : a.as_int() > b.as_int() ? 1 : 0, std::nullopt};
    case ValueKind::kTimestamp:
      if (a.as_int() != b.as_int()) {
        return {a.as_int() < b.as_int() ? -1 : 1, std::nullopt};
      }
      return {a.nanoseconds() < b.nanoseconds()   ? -1
              : a.nanoseconds() > b.nanoseconds() ? 1
                                                  : 0,
              std::nullopt};
    default:
      return {0, evaluation.no_such_overload()};
  }
}

bool same_key(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) {
    return false;
  }
  switch (a.kind()) {
    case ValueKind::kBool:
      return a.as_bool() == b.as_bool();
    case ValueKind::kInt:
    case ValueKind::kDuration:
      return a.as_int() == b.as_int();
    case ValueKind::kUint:
      return a.as_uint() == b.as_uint();
    case ValueKind::kDouble:
      return a.as_double() == b.as_double();
    case ValueKind::kString:
      return a.as_text() == b.as_text();
    case ValueKind::kNull:
      return true;
    case ValueKind::kTimestamp:
      return a.as_int() == b.as_int() && a.nanoseconds() == b.nanoseconds();
    default:
      return false;
  }
}

namespace {

const MapEntry* find_same(std::span<const MapEntry> entries, const Value& key) {
  for (const MapEntry& entry : entries) {
    if (same_key(entry.key, key)) {
      return &entry;
    }
  }
  return nullptr;
}

const MapEntry* find_across_kinds(std::span<const MapEntry> entries, const Value& key) {
  constexpr auto kIntMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  switch (key.kind()) {
    case ValueKind::kDouble: {
      if (const auto whole = to_int_exactly(key.as_double())) {
        if (const MapEntry* entry = find_same(entries, Value::integer(*whole))) {
          return entry;
        }
      }
      const auto natural = to_uint_exactly(key.as_double());
      return natural ? find_same(entries, Value::unsigned_integer(*natural)) : nullptr;
    }
    case ValueKind::kInt:
      if (key.as_int() < 0) {
        return nullptr;
      }
      return find_same(entries, Value::unsigned_integer(static_cast<std::uint64_t>(key.as_int())));
    case ValueKind::kUint:
      if (key.as_uint() > kIntMax) {
        return nullptr;
      }
      return find_same(entries, Value::integer(static_cast<std::int64_t>(key.as_uint())));
    default:
      return nullptr;
  }
}

}  // namespace

std::optional<Value> find_in_map(const Value& map, const Value& key) {
  if (map.is_node_backed()) {
    if (!key.is(ValueKind::kString)) {
      return std::nullopt;
    }
    const document::Node* found =
        document::Node::map(map.members()).find(document::Key(key.as_text()));
    if (found == nullptr) {
      return std::nullopt;
    }
    return Value::of(*found);
  }
  const MapEntry* entry = find_same(map.entries(), key);
  if (entry == nullptr) {
    entry = find_across_kinds(map.entries(), key);
  }
  if (entry == nullptr) {
    return std::nullopt;
  }
  return entry->value;
}

std::optional<std::int64_t> to_int_exactly(double value) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (!(value > -kTwoTo63 && value < kTwoTo63)) {
    return std::nullopt;
  }
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<double>(whole) != value) {
    return std::nullopt;
  }
  return whole;
}

std::optional<std::uint64_t> to_uint_exactly(double value) {
  constexpr double kTwoTo64 = 18446744073709551616.0;
  if (!(value >= 0 && value < kTwoTo64)) {
    return std::nullopt;
  }
  const auto whole = static_cast<std::uint64_t>(value);
  if (static_cast<double>(whole) != value) {
    return std::nullopt;
  }
  return whole;
}

}  // namespace seaworthy::cel
