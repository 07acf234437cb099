#pragma once

#include <optional>

#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// What cel-go's Compare answers: an order, or an error.
struct Comparison {
  int order = 0;  ///< -1, 0, 1; meaningful where there is no error.
  std::optional<Value> error;
};

/// `a.Compare(b)`: numbers across kinds, text by bytes; "no such overload" for what has no order,
/// "NaN values cannot be ordered". `a` must be of a kind with an order (has_order).
Comparison compare(const Value& a, const Value& b, Evaluation& evaluation);

/// Kinds with cel-go's ComparerType trait: bool, numbers, string, bytes, duration, timestamp.
bool has_order(ValueKind kind);

/// `lhs.Equal(rhs)`: as equals(), but null has no special place: `x == null` is asked of x.
Value method_equals(const Value& lhs, const Value& rhs, Evaluation& evaluation);

/// The value under `key`, or null where the map has none. Numbers find each other across kinds
/// where no digit is lost (cel-go types/map.go, refValMapAccessor.Find); a map of a document has
/// only string keys.
std::optional<Value> find_in_map(const Value& map, const Value& key);

/// Whether two map keys are the same key of one map literal: of one kind and equal.
bool same_key(const Value& a, const Value& b);

// Conversions that lose nothing (cel-go types/overflow.go).
std::optional<std::int64_t> to_int_exactly(double value);
std::optional<std::uint64_t> to_uint_exactly(double value);

}  // namespace seaworthy::cel
