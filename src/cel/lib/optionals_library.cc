// Optional values (cel-go cel/library.go). `or`, `orValue` and the macros optMap and optFlatMap are
// lazy and run in the evaluator.

#include <string>

#include "cel/eval/go_text.h"
#include "cel/lib/libraries.h"
#include "seaworthy/cel/patch_types.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

Value some(const Value& value, Evaluation& evaluation) {
  return Value::optional_of(*evaluation.arena().create<Value>(value));
}

/// traits.Zeroer: what is not listed is never zero.
bool is_zero(const Value& value) {
  constexpr std::int64_t kYearOne = -62135596800;
  switch (value.kind()) {
    case ValueKind::kNull:
      return true;
    case ValueKind::kBool:
      return !value.as_bool();
    case ValueKind::kInt:
    case ValueKind::kDuration:
      return value.as_int() == 0;
    case ValueKind::kUint:
      return value.as_uint() == 0;
    case ValueKind::kDouble:
      return value.as_double() == 0;
    case ValueKind::kString:
    case ValueKind::kBytes:
    case ValueKind::kList:
    case ValueKind::kMap:
      return value.size() == 0;
    case ValueKind::kTimestamp:
      return value.as_int() == kYearOne && value.nanoseconds() == 0;
    case ValueKind::kOpaque: {
      const ObjectValue* object = as_object(value);
      return object != nullptr && object->fields().empty();
    }
    default:
      return false;
  }
}

Value of(Arguments arguments, Evaluation& evaluation) { return some(arguments[0], evaluation); }

Value of_non_zero(Arguments arguments, Evaluation& evaluation) {
  return is_zero(arguments[0]) ? Value::optional_none() : some(arguments[0], evaluation);
}

Value none(Arguments /*arguments*/, Evaluation& /*evaluation*/) { return Value::optional_none(); }

Value value(Arguments arguments, Evaluation& evaluation) {
  const Value* inner = arguments[0].as_optional();
  return inner == nullptr ? evaluation.error("optional.none() dereference") : *inner;
}

Value has_value(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(arguments[0].as_optional() != nullptr);
}

Value first(Arguments arguments, Evaluation& evaluation) {
  return arguments[0].size() == 0 ? Value::optional_none() : some(arguments[0].item(0), evaluation);
}

Value last(Arguments arguments, Evaluation& evaluation) {
  const std::uint32_t size = arguments[0].size();
  return size == 0 ? Value::optional_none() : some(arguments[0].item(size - 1), evaluation);
}

Value unwrap(Arguments arguments, Evaluation& evaluation) {
  const Value& list = arguments[0];
  Value* items = evaluation.arena().allocate_array<Value>(list.size());
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    const Value item = list.item(i);
    if (!item.is(ValueKind::kOptional)) {
      std::string text = "value ";
      append_go_value(item, text);
      return evaluation.error(text + " is not optional");
    }
    if (item.as_optional() != nullptr) {
      new (&items[size++]) Value(*item.as_optional());
    }
  }
  return Value::list({items, size});
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"optional.of", "optional_of", "(V) -> optional_type(V)", of},
    {"optional.ofNonZeroValue", "optional_ofNonZeroValue", "(V) -> optional_type(V)", of_non_zero},
    {"optional.none", "optional_none", "() -> optional_type(V)", none},
    {"value", "optional_value", "optional_type(V).() -> V", value},
    {"hasValue", "optional_hasValue", "optional_type(V).() -> bool", has_value},
    {"or", "optional_or_optional", "optional_type(V).(optional_type(V)) -> optional_type(V)"},
    {"orValue", "optional_orValue_value", "optional_type(V).(V) -> V"},
    {"last", "list_last", "list(V).() -> optional_type(V)", last},
    {"first", "list_first", "list(V).() -> optional_type(V)", first},
    {"optional.unwrap", "optional_unwrap", "(list(optional_type(V))) -> list(V)", unwrap},
    {"unwrapOpt", "optional_unwrapOpt", "list(optional_type(V)).() -> list(V)", unwrap},
};

}  // namespace

Library optionals_library() { return {"optionals", kRows}; }

}  // namespace seaworthy::cel
