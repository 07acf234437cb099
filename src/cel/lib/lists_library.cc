// cel-go's list extensions, version 3 (ext/lists.go).

#include <string>
#include <vector>

#include "cel/eval/equality.h"
#include "cel/eval/operators.h"
#include "cel/lib/costs.h"
#include "cel/lib/libraries.h"
#include "cel/lib/sorting.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

Value list_of(const std::vector<Value>& items, Evaluation& evaluation) {
  return Value::list(evaluation.arena().copy(std::span<const Value>(items)));
}

Value slice(Arguments arguments, Evaluation& evaluation) {
  const Value& list = arguments[0];
  const std::int64_t start = arguments[1].as_int();
  const std::int64_t end = arguments[2].as_int();
  const std::string call =
      "cannot slice(" + std::to_string(start) + ", " + std::to_string(end) + "), ";
  if (start < 0 || end < 0) {
    return evaluation.error(call + "negative indexes not supported");
  }
  if (start > end) {
    return evaluation.error(call + "start index must be less than or equal to end index");
  }
  if (std::int64_t{list.size()} < end) {
    return evaluation.error(call + "list is length " + std::to_string(list.size()));
  }
  const auto from = static_cast<std::uint32_t>(start);
  const auto count = static_cast<std::size_t>(end - start);
  Value* items = evaluation.arena().allocate_array<Value>(count);
  for (std::size_t i = 0; i < count; ++i) {
    new (&items[i]) Value(list.item(from + static_cast<std::uint32_t>(i)));
  }
  return Value::list({items, count});
}

/// Lists nest as deep as their document or expression does, which is bounded.
void flatten_into(const Value& list, std::int64_t depth, std::vector<Value>& out) {
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const Value item = list.item(i);
    if (item.is(ValueKind::kList) && depth > 0) {
      flatten_into(item, depth - 1, out);
    } else {
      out.push_back(item);
    }
  }
}

/// A type with its parameters, as `%v` prints it.
std::string type_text(const Value& value) {
  if (value.is(ValueKind::kList)) {
    return "list(dyn)";
  }
  if (value.is(ValueKind::kMap)) {
    return "map(dyn, dyn)";
  }
  return std::string(runtime_type(value).name);
}

Value flatten(Arguments arguments, Evaluation& evaluation) {
  // Without type guards: the implementation names what it cannot take.
  std::string call = "no such overload: " + type_text(arguments[0]) + ".flatten(";
  if (arguments.size() > 1) {
    call += type_text(arguments[1]);
  }
  if (!arguments[0].is(ValueKind::kList)) {
    return evaluation.error(call + ")");
  }
  std::int64_t depth = 1;
  if (arguments.size() > 1) {
    if (!arguments[1].is(ValueKind::kInt)) {
      return evaluation.error(call + ")");
    }
    depth = arguments[1].as_int();
  }
  if (depth < 0) {
    return evaluation.error("level must be non-negative");
  }
  std::vector<Value> items;
  flatten_into(arguments[0], depth, items);
  return list_of(items, evaluation);
}

Value sort(Arguments arguments, Evaluation& evaluation) {
  if (!arguments[0].is(ValueKind::kList)) {
    return unsupported("sort", arguments[0], evaluation);
  }
  return sort_by_keys(arguments[0], arguments[0], evaluation);
}

Value range(Arguments arguments, Evaluation& evaluation) {
  const std::int64_t count = arguments[0].as_int();
  if (count <= 0) {
    return Value::list({});
  }
  // cel-go makes the list first and asks for its cost then; what no budget can pay is not made
  // here.
  constexpr auto kMost = static_cast<std::int64_t>(limits::kExpressionCostMax);
  if (count > kMost) {
    evaluation.spend(static_cast<std::uint64_t>(count) + 11);
    return evaluation.limit_error();
  }
  Value* items = evaluation.arena().allocate_array<Value>(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    new (&items[i]) Value(Value::integer(i));
  }
  return Value::list({items, static_cast<std::size_t>(count)});
}

Value reverse(Arguments arguments, Evaluation& evaluation) {
  const Value& list = arguments[0];
  Value* items = evaluation.arena().allocate_array<Value>(list.size());
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    new (&items[i]) Value(list.item(list.size() - 1 - i));
  }
  return Value::list({items, list.size()});
}

Value distinct(Arguments arguments, Evaluation& evaluation) {
  const Value& list = arguments[0];
  if (list.size() == 0) {
    return list;
  }
  std::vector<Value> items;
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const Value item = list.item(i);
    bool seen = false;
    for (std::uint32_t j = 0; j < items.size() && !seen; ++j) {
      // The index of the list against that of the result: cel-go compares these two.
      seen = i != j && method_equals(item, items[j], evaluation).is_true();
    }
    if (!seen) {
      items.push_back(item);
    }
  }
  return list_of(items, evaluation);
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"slice", "list_slice", "list(T).(int, int) -> list(T)", slice, costs::list_result},
    {"flatten", "list_flatten", "list(list(T)).() -> list(T)", flatten, costs::list_flatten},
    {"flatten", "list_flatten_int", "list(dyn).(int) -> list(dyn)", flatten, costs::list_flatten},
    {"sort", "list_int_sort", "list(int).() -> list(int)", sort, costs::list_self_compare},
    {"sort", "list_uint_sort", "list(uint).() -> list(uint)", sort, costs::list_self_compare},
    {"sort", "list_double_sort", "list(double).() -> list(double)", sort, costs::list_self_compare},
    {"sort", "list_bool_sort", "list(bool).() -> list(bool)", sort, costs::list_self_compare},
    {"sort", "list_duration_sort", "list(duration).() -> list(duration)", sort,
     costs::list_self_compare},
    {"sort", "list_timestamp_sort", "list(timestamp).() -> list(timestamp)", sort,
     costs::list_self_compare},
    {"sort", "list_string_sort", "list(string).() -> list(string)", sort, costs::list_self_compare},
    {"sort", "list_bytes_sort", "list(bytes).() -> list(bytes)", sort, costs::list_self_compare},
    {"lists.range", "lists_range", "(int) -> list(int)", range, costs::list_result},
    {"reverse", "list_reverse", "list(T).() -> list(T)", reverse, costs::list_result},
    {"distinct", "list_distinct", "list(T).() -> list(T)", distinct, costs::list_self_compare},
};

}  // namespace

Library lists_library() { return {"lists", kRows}; }

}  // namespace seaworthy::cel
