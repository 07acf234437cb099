// Sets (cel-go ext/sets.go): lists whose order and repetitions do not count.

#include "cel/eval/operators.h"
#include "cel/lib/costs.h"
#include "cel/lib/libraries.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

Value contains_all(const Value& list, const Value& part, Evaluation& evaluation) {
  for (std::uint32_t i = 0; i < part.size(); ++i) {
    const Value found = contained_in(part.item(i), list, evaluation);
    if (!found.is_true()) {
      return found;
    }
  }
  return Value::boolean(true);
}

Value contains(Arguments arguments, Evaluation& evaluation) {
  return contains_all(arguments[0], arguments[1], evaluation);
}

Value equivalent(Arguments arguments, Evaluation& evaluation) {
  const Value forth = contains_all(arguments[0], arguments[1], evaluation);
  return forth.is_true() ? contains_all(arguments[1], arguments[0], evaluation) : forth;
}

Value intersects(Arguments arguments, Evaluation& evaluation) {
  for (std::uint32_t i = 0; i < arguments[0].size(); ++i) {
    if (contained_in(arguments[0].item(i), arguments[1], evaluation).is_true()) {
      return Value::boolean(true);
    }
  }
  return Value::boolean(false);
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"sets.contains", "list_sets_contains_list", "(list(T), list(T)) -> bool", contains,
     costs::sets_once},
    {"sets.equivalent", "list_sets_equivalent_list", "(list(T), list(T)) -> bool", equivalent,
     costs::sets_twice},
    {"sets.intersects", "list_sets_intersects_list", "(list(T), list(T)) -> bool", intersects,
     costs::sets_once},
};

}  // namespace

Library sets_library() { return {"sets", kRows}; }

}  // namespace seaworthy::cel
