// Calls of library functions, list and map literals.
//
// cel-go has two shapes of calls. A unary or binary one evaluates all its arguments and is paid for
// even where one of them failed; every other (three arguments, several overloads behind one name, a
// constant pattern) stops at the first failing argument and is then only paid for if that was the
// last. Rule: interpreter/interpretable.go (evalUnary, evalBinary, evalVarArgs), planner.go
// planCall.

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "cel/eval/evaluator.h"
#include "cel/eval/go_text.h"
#include "cel/eval/map_builder.h"
#include "cel/eval/operators.h"
#include "cel/lib/costs.h"

namespace seaworthy::cel {

Value Evaluator::call(const CallDetails& details) {
  constexpr std::size_t kArgumentsMax = 3;  // more are rare
  std::array<Value, kArgumentsMax> room;
  const std::size_t count = details.arguments.size();
  Value* arguments = room.data();
  if (count > room.size()) {
    arguments = evaluation_->arena().allocate_array<Value>(count);
    std::uninitialized_default_construct_n(arguments, count);
  }
  Value error;
  for (std::size_t i = 0; i < count; ++i) {
    arguments[i] = operand(details.arguments[i]);
    if (!arguments[i].is_error()) {
      continue;
    }
    if (is_final(arguments[i])) {
      return arguments[i];
    }
    if (!error.is_error()) {
      error = arguments[i];
    }
    if (details.early_exit) {
      if (i + 1 < count) {
        return error;
      }
      break;
    }
  }
  const std::span<const Value> passed(arguments, count);
  const Value result = error.is_error() ? error : invoke(details, passed);
  if (is_final(result)) {
    return result;
  }
  const std::uint64_t units = details.cost == nullptr ? 1 : details.cost(passed, result);
  if (units == costs::kPanics) {
    return internal_error(details.name, passed, *evaluation_);
  }
  return paid(units, result);
}

Value Evaluator::invoke(const CallDetails& details, std::span<const Value> arguments) {
  if (details.pattern != nullptr) {
    return details.with_pattern(*details.pattern, arguments, *evaluation_);
  }
  for (const CallDetails::Candidate& candidate : details.candidates) {
    if (candidate.parameters.size() != arguments.size()) {
      continue;
    }
    bool fits = true;
    for (std::size_t i = 0; fits && i < arguments.size(); ++i) {
      fits = candidate.parameters[i].accepts(arguments[i]);
    }
    if (fits) {
      return candidate.row->run(arguments, *evaluation_);
    }
  }
  if (details.candidates.empty()) {
    return unsupported(details.name, arguments[0], *evaluation_);
  }
  return evaluation_->no_such_overload(details.name, arguments);
}

Value Evaluator::list(const Node& node) {
  Value* items = evaluation_->arena().allocate_array<Value>(node.c);
  std::size_t size = 0;
  for (std::uint32_t i = 0; i < node.c; ++i) {
    Value item = evaluate(code_->children[node.b + i]);
    if (item.is_error()) {
      return is_final(item) ? item : paid(10, item);
    }
    if ((node.flags & kHasOptionals) != 0 && code_->optional_children[node.b + i]) {
      if (!item.is(ValueKind::kOptional)) {
        std::string text = "cannot initialize optional list element from non-optional value ";
        append_go_value(item, text);
        return paid(10, evaluation_->error(text));
      }
      if (item.as_optional() == nullptr) {
        continue;
      }
      item = *item.as_optional();
    }
    new (&items[size++]) Value(item);
  }
  return paid(10, Value::list({items, size}));
}

Value Evaluator::map(const Node& node) {
  MapBuilder builder(evaluation_->arena());
  for (std::uint32_t i = 0; i < node.c; i += 2) {
    const Value key = evaluate(code_->children[node.b + i]);
    if (key.is_error()) {
      return is_final(key) ? key : paid(30, key);
    }
    Value value = evaluate(code_->children[node.b + i + 1]);
    if (value.is_error()) {
      return is_final(value) ? value : paid(30, value);
    }
    if ((node.flags & kHasOptionals) != 0 && code_->optional_children[node.b + i + 1]) {
      if (!value.is(ValueKind::kOptional)) {
        std::string text = "cannot initialize optional entry '";
        append_go_value(key, text);
        text += "' from non-optional value ";
        append_go_value(value, text);
        return paid(30, evaluation_->error(text));
      }
      if (value.as_optional() == nullptr) {
        builder.remove(key);
        continue;
      }
      value = *value.as_optional();
    }
    if (is_unhashable(key)) {
      return internal_error({}, {&key, 1}, *evaluation_);
    }
    builder.put(key, value);
  }
  return paid(30, builder.build());
}

}  // namespace seaworthy::cel
