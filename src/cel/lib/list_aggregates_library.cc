// Kubernetes' functions on lists (k8s.io/apiserver pkg/cel/library/lists.go). Errors of a
// comparison are not looked at there, so ["a", 2.5].max() is "a".

#include <string>

#include "cel/eval/equality.h"
#include "cel/eval/operators.h"
#include "cel/lib/costs.h"
#include "cel/lib/libraries.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

Value is_sorted(Arguments arguments, Evaluation& evaluation) {
  const Value& list = arguments[0];
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const Value item = list.item(i);
    if (!has_order(item.kind())) {
      return evaluation.no_such_overload();
    }
    if (i == 0) {
      continue;
    }
    const Comparison comparison = compare(list.item(i - 1), item, evaluation);
    if (!comparison.error && comparison.order > 0) {
      return Value::boolean(false);
    }
  }
  return Value::boolean(true);
}

Value sum_from(const Value& zero, const Value& list, Evaluation& evaluation) {
  Value sum = zero;
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    sum = add(sum, list.item(i), evaluation);
    if (sum.is_error()) {
      return sum;
    }
  }
  return sum;
}

Value sum_ints(Arguments arguments, Evaluation& evaluation) {
  return sum_from(Value::integer(0), arguments[0], evaluation);
}

Value sum_uints(Arguments arguments, Evaluation& evaluation) {
  return sum_from(Value::unsigned_integer(0), arguments[0], evaluation);
}

Value sum_doubles(Arguments arguments, Evaluation& evaluation) {
  return sum_from(Value::number(0), arguments[0], evaluation);
}

Value sum_durations(Arguments arguments, Evaluation& evaluation) {
  return sum_from(Value::duration(0), arguments[0], evaluation);
}

/// `prefer`: the order of the item so far to the next one at which the next one is taken.
template <int prefer>
Value extreme(Arguments arguments, Evaluation& evaluation) {
  const Value& list = arguments[0];
  Value best;
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const Value item = list.item(i);
    if (!has_order(item.kind())) {
      return evaluation.no_such_overload();
    }
    if (i == 0) {
      best = item;
      continue;
    }
    const Comparison comparison = compare(best, item, evaluation);
    if (!comparison.error && comparison.order == prefer) {
      best = item;
    }
  }
  if (list.size() == 0) {
    return evaluation.error(std::string(prefer > 0 ? "min" : "max") + " called on empty list");
  }
  return best;
}

constexpr auto kMin = extreme<1>;
constexpr auto kMax = extreme<-1>;

Value index_of(Arguments arguments, Evaluation& evaluation) {
  for (std::uint32_t i = 0; i < arguments[0].size(); ++i) {
    if (method_equals(arguments[0].item(i), arguments[1], evaluation).is_true()) {
      return Value::integer(i);
    }
  }
  return Value::integer(-1);
}

Value last_index_of(Arguments arguments, Evaluation& evaluation) {
  for (std::uint32_t i = arguments[0].size(); i > 0; --i) {
    if (method_equals(arguments[0].item(i - 1), arguments[1], evaluation).is_true()) {
      return Value::integer(i - 1);
    }
  }
  return Value::integer(-1);
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"isSorted", "list_int_is_sorted_bool", "list(int).() -> bool", is_sorted,
     costs::first_traversal},
    {"isSorted", "list_uint_is_sorted_bool", "list(uint).() -> bool", is_sorted,
     costs::first_traversal},
    {"isSorted", "list_double_is_sorted_bool", "list(double).() -> bool", is_sorted,
     costs::first_traversal},
    {"isSorted", "list_bool_is_sorted_bool", "list(bool).() -> bool", is_sorted,
     costs::first_traversal},
    {"isSorted", "list_duration_is_sorted_bool", "list(duration).() -> bool", is_sorted,
     costs::first_traversal},
    {"isSorted", "list_timestamp_is_sorted_bool", "list(timestamp).() -> bool", is_sorted,
     costs::first_traversal},
    {"isSorted", "list_string_is_sorted_bool", "list(string).() -> bool", is_sorted,
     costs::first_traversal},
    {"isSorted", "list_bytes_is_sorted_bool", "list(bytes).() -> bool", is_sorted,
     costs::first_traversal},
    {"sum", "list_int_sum_int", "list(int).() -> int", sum_ints, costs::first_traversal},
    {"sum", "list_uint_sum_uint", "list(uint).() -> uint", sum_uints, costs::first_traversal},
    {"sum", "list_double_sum_double", "list(double).() -> double", sum_doubles,
     costs::first_traversal},
    {"sum", "list_duration_sum_duration", "list(duration).() -> duration", sum_durations,
     costs::first_traversal},
    {"max", "list_int_max_int", "list(int).() -> int", kMax, costs::first_traversal},
    {"max", "list_uint_max_uint", "list(uint).() -> uint", kMax, costs::first_traversal},
    {"max", "list_double_max_double", "list(double).() -> double", kMax, costs::first_traversal},
    {"max", "list_bool_max_bool", "list(bool).() -> bool", kMax, costs::first_traversal},
    {"max", "list_duration_max_duration", "list(duration).() -> duration", kMax,
     costs::first_traversal},
    {"max", "list_timestamp_max_timestamp", "list(timestamp).() -> timestamp", kMax,
     costs::first_traversal},
    {"max", "list_string_max_string", "list(string).() -> string", kMax, costs::first_traversal},
    {"max", "list_bytes_max_bytes", "list(bytes).() -> bytes", kMax, costs::first_traversal},
    {"min", "list_int_min_int", "list(int).() -> int", kMin, costs::first_traversal},
    {"min", "list_uint_min_uint", "list(uint).() -> uint", kMin, costs::first_traversal},
    {"min", "list_double_min_double", "list(double).() -> double", kMin, costs::first_traversal},
    {"min", "list_bool_min_bool", "list(bool).() -> bool", kMin, costs::first_traversal},
    {"min", "list_duration_min_duration", "list(duration).() -> duration", kMin,
     costs::first_traversal},
    {"min", "list_timestamp_min_timestamp", "list(timestamp).() -> timestamp", kMin,
     costs::first_traversal},
    {"min", "list_string_min_string", "list(string).() -> string", kMin, costs::first_traversal},
    {"min", "list_bytes_min_bytes", "list(bytes).() -> bytes", kMin, costs::first_traversal},
    {"indexOf", "list_a_index_of_int", "list(A).(A) -> int", index_of, costs::first_traversal},
    {"lastIndexOf", "list_a_last_index_of_int", "list(A).(A) -> int", last_index_of,
     costs::first_traversal},
};

}  // namespace

Library list_aggregates_library() { return {"kubernetes.lists", kRows}; }

}  // namespace seaworthy::cel
