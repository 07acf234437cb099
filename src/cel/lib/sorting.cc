// sort.Slice sorts up to 12 items by insertion, which keeps equal ones in order and which is done
// here step for step, since keys without an order (NaN) come out as the steps leave them. Longer
// lists are sorted stably, where Go's pattern-defeating quicksort leaves the order of equal keys
// open.

#include "cel/lib/sorting.h"

#include <algorithm>
#include <vector>

#include "cel/eval/equality.h"

namespace seaworthy::cel {

Value sort_by_keys(const Value& list, const Value& keys, Evaluation& evaluation) {
  constexpr std::size_t kInsertionMax = 12;
  if (list.size() != keys.size()) {
    return evaluation.error(
        "@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but "
        "got " +
        std::to_string(list.size()) + " and " + std::to_string(keys.size()) +
        " elements respectively");
  }
  if (list.size() == 0) {
    return list;
  }
  const ValueKind kind = keys.item(0).kind();
  if (!has_order(kind)) {
    return evaluation.error("list elements must be comparable");
  }
  std::vector<std::pair<Value, std::uint32_t>> order;
  order.reserve(list.size());
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    order.emplace_back(keys.item(i), i);
    if (order.back().first.kind() != kind) {
      return evaluation.error("list elements must have the same type");
    }
  }
  const auto less = [&](const auto& a, const auto& b) {
    const Comparison comparison = compare(a.first, b.first, evaluation);
    return !comparison.error && comparison.order < 0;
  };
  if (order.size() <= kInsertionMax) {
    for (std::size_t i = 1; i < order.size(); ++i) {
      for (std::size_t j = i; j > 0 && less(order[j], order[j - 1]); --j) {
        std::swap(order[j], order[j - 1]);
      }
    }
  } else {
    std::ranges::stable_sort(order, less);
  }
  Value* items = evaluation.arena().allocate_array<Value>(list.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    new (&items[i]) Value(list.item(order[i].second));
  }
  return Value::list({items, list.size()});
}

}  // namespace seaworthy::cel
