// The walk over a program's nodes: operators that the evaluator knows itself.
//
// An error is a value. Strict operators hand on the left-most one; && and || let a deciding operand
// on either side win over it. The cost limit's error is final: it passes through everything, and
// since nothing more can be paid once it is reached, whatever is still evaluated ends at once.
// Rule: cel-go interpreter/interpretable.go (evalAnd, evalOr, evalBinary, conditionalAttribute) and
// runtimecost.go for what is paid and when.

#include "cel/eval/evaluator.h"

#include <algorithm>
#include <string>

#include "cel/eval/document_walk.h"
#include "cel/eval/equality.h"
#include "cel/eval/go_text.h"
#include "cel/eval/operators.h"
#include "cel/eval/patch_values.h"
#include "cel/lib/costs.h"

namespace seaworthy::cel {

namespace {

template <class T>
bool holds(Op op, const T& a, const T& b) {
  switch (op) {
    case Op::kEqual:
      return a == b;
    case Op::kNotEqual:
      return a != b;
    case Op::kLess:
      return a < b;
    case Op::kLessEqual:
      return a <= b;
    case Op::kGreater:
      return a > b;
    default:
      return a >= b;
  }
}

}  // namespace

/// `==` to `>=`. Both operands are ints, strings or bools nearly always.
template <Op op>
Value Evaluator::relation(const Node& node) {
  const Value lhs = operand(node.a);
  if (is_final(lhs)) {
    return lhs;
  }
  const Value rhs = operand(node.b);
  if (lhs.kind() == rhs.kind()) {
    if (lhs.is(ValueKind::kInt) || lhs.is(ValueKind::kBool)) {
      return paid(1, Value::boolean(holds(op, lhs.as_int(), rhs.as_int())));
    }
    if (lhs.is(ValueKind::kString)) {
      const bool related = holds(op, lhs.as_text(), rhs.as_text());
      const bool flat = node.cost == CostRule::kOne;
      return paid(flat ? 1 : costs::tenth_of_shorter(lhs, rhs), Value::boolean(related));
    }
  }
  return binary(node, lhs, rhs);
}

Value Evaluator::evaluate(NodeIndex index) {
  const Node& node = nodes_[index];
  switch (node.op) {
    case Op::kConstant:
      return node.constant;
    case Op::kPath:
      return path(node);
    case Op::kEqual:
      return relation<Op::kEqual>(node);
    case Op::kNotEqual:
      return relation<Op::kNotEqual>(node);
    case Op::kLess:
      return relation<Op::kLess>(node);
    case Op::kLessEqual:
      return relation<Op::kLessEqual>(node);
    case Op::kGreater:
      return relation<Op::kGreater>(node);
    case Op::kGreaterEqual:
      return relation<Op::kGreaterEqual>(node);
    case Op::kOptionalPath:
      return optional_path(node);
    case Op::kAttribute:
      return attribute(node);
    case Op::kAnd:
      return logical(node, false);
    case Op::kOr:
      return logical(node, true);
    case Op::kConditional:
      return conditional(node);
    case Op::kTested:
      return tested(node);
    case Op::kNot:
    case Op::kNegate:
    case Op::kSize:
      return unary(node);
    case Op::kInSet:
      return in_set(node);
    case Op::kMatches:
      return matches(node);
    case Op::kPrecomputed:
      return paid(node.a, node.constant);
    case Op::kCall:
      return call(code_->calls[node.a]);
    case Op::kOptionalOr:
    case Op::kOptionalOrValue:
      return optional_or(node);
    case Op::kList:
      return list(node);
    case Op::kMap:
      return map(node);
    case Op::kStruct:
      return structure(node);
    case Op::kLoop:
      return loop(code_->loops[node.a]);
    case Op::kOptionalMap:
      return code_->optional_maps[node.a].bind ? binding(code_->optional_maps[node.a])
                                               : optional_map(code_->optional_maps[node.a]);
    case Op::kShared:
    case Op::kSharedElement:
      return shared(node);
    default:
      return binary(node);
  }
}

Value Evaluator::logical(const Node& node, bool decisive) {
  const Value first = evaluate(node.a);
  Value error;
  if (!first.is(ValueKind::kBool)) {
    error = first.is_error() ? first : evaluation_->no_such_overload();
    if (is_final(error)) {
      return error;
    }
  } else if (first.as_bool() == decisive) {
    return first;
  }
  const Value second = evaluate(node.b);
  if (!second.is(ValueKind::kBool)) {
    if (is_final(second) || !error.is_error()) {
      error = second.is_error() ? second : evaluation_->no_such_overload();
    }
  } else if (second.as_bool() == decisive) {
    return second;
  }
  return error.is_error() ? error : Value::boolean(!decisive);
}

Value Evaluator::conditional(const Node& node) {
  const Value condition = evaluate(node.a);
  if (condition.is(ValueKind::kBool)) {
    return as_branch(evaluate(condition.as_bool() ? node.b : node.c));
  }
  return condition.is_error() ? condition : evaluation_->no_such_overload();
}

Value Evaluator::tested(const Node& node) {
  const Value value = evaluate(node.a);
  evaluation_->refund();
  if (evaluation_->over_limit()) {
    return evaluation_->limit_error();
  }
  return value.is(ValueKind::kOptional) ? Value::boolean(value.as_optional() != nullptr) : value;
}

/// A branch's value as a conditional hands it on.
Value Evaluator::as_branch(const Value& value) {
  if (!value.is(ValueKind::kOptional) || value.as_optional() == nullptr) {
    return value;
  }
  if (value.as_optional()->kind() < ValueKind::kList) {
    return value;
  }
  return Value::optional_of(
      *evaluation_->arena().create<Value>(through_native(*value.as_optional(), *evaluation_)));
}

Value Evaluator::unary(const Node& node) {
  const Value value = operand(node.a);
  if (value.is(ValueKind::kBool) && node.op == Op::kNot) {
    return paid(1, Value::boolean(!value.as_bool()));
  }
  if (value.is_error()) {
    return is_final(value) ? value : paid(1, value);
  }
  switch (node.op) {
    case Op::kNot:
      return paid(1, logical_not(value, *evaluation_));
    case Op::kNegate:
      return paid(1, negate(value, *evaluation_));
    default:
      return paid(1, size_of(value, *evaluation_));
  }
}

namespace {

std::string_view name_of(Op op) {
  switch (op) {
    case Op::kLess:
      return "_<_";
    case Op::kLessEqual:
      return "_<=_";
    case Op::kGreater:
      return "_>_";
    default:
      return "_>=_";
  }
}

}  // namespace

Value Evaluator::binary(const Node& node) {
  const Value lhs = operand(node.a);
  return is_final(lhs) ? lhs : binary(node, lhs, operand(node.b));
}

Value Evaluator::binary(const Node& node, const Value& lhs, const Value& rhs) {
  if (lhs.is_error() || rhs.is_error()) {
    if (is_final(rhs)) {
      return rhs;
    }
    return paid(cost_of(node, lhs, rhs), lhs.is_error() ? lhs : rhs);
  }
  return paid(cost_of(node, lhs, rhs), operate(node, lhs, rhs));
}

Value Evaluator::operate(const Node& node, const Value& lhs, const Value& rhs) {
  Evaluation& evaluation = *evaluation_;
  switch (node.op) {
    case Op::kEqual:
      return equals(lhs, rhs, evaluation);
    case Op::kNotEqual:
      return Value::boolean(!equals(lhs, rhs, evaluation).is_true());
    case Op::kAdd:
      return add(lhs, rhs, evaluation);
    case Op::kSubtract:
      return subtract(lhs, rhs, evaluation);
    case Op::kMultiply:
      return multiply(lhs, rhs, evaluation);
    case Op::kDivide:
      return divide(lhs, rhs, evaluation);
    case Op::kModulo:
      return modulo(lhs, rhs, evaluation);
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual: {
      if (!has_order(lhs.kind())) {
        return unsupported(name_of(node.op), lhs, evaluation);
      }
      const Comparison comparison = compare(lhs, rhs, evaluation);
      return comparison.error ? *comparison.error
                              : Value::boolean(holds(node.op, comparison.order, 0));
    }
    case Op::kIn:
      return contained_in(lhs, rhs, evaluation);
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kContains: {
      if (!lhs.is(ValueKind::kString) || !rhs.is(ValueKind::kString)) {
        return evaluation.no_such_overload();
      }
      const std::string_view text = lhs.as_text();
      const std::string_view part = rhs.as_text();
      if (node.op == Op::kStartsWith) {
        return Value::boolean(text.starts_with(part));
      }
      if (node.op == Op::kEndsWith) {
        return Value::boolean(text.ends_with(part));
      }
      return Value::boolean(text.find(part) != std::string_view::npos);
    }
    default:
      return evaluation.no_such_overload();
  }
}

std::uint64_t Evaluator::cost_of(const Node& node, const Value& lhs, const Value& rhs) const {
  switch (node.cost) {
    case CostRule::kOne:
      return 1;
    case CostRule::kTraverseShorter:
      // Kubernetes' own types are equal at a flat price; `!=` has no such exception.
      if (lhs.is(ValueKind::kOpaque) && node.op == Op::kEqual && !is_patch_value(lhs)) {
        return 1;
      }
      if (lhs.kind() < ValueKind::kString && rhs.kind() < ValueKind::kString) {
        return 1;
      }
      return costs::tenth_of_shorter(lhs, rhs);
    case CostRule::kTraverseBoth:
      return costs::tenth(costs::size(lhs) + costs::size(rhs));
    case CostRule::kTraverseFirst:
      return costs::tenth_of(lhs);
    case CostRule::kTraverseProduct:
      return costs::tenth_of(lhs) * costs::tenth_of(rhs);
    case CostRule::kSizeOfSecond:
      return costs::size(rhs);
    case CostRule::kRegex: {
      const Value arguments[] = {lhs, rhs};  // NOLINT(modernize-avoid-c-arrays)
      return costs::regex(arguments, lhs);
    }
  }
  return 1;
}

Value Evaluator::in_set(const Node& node) {
  const Value item = operand(node.a);
  if (item.is_error()) {
    return item;
  }
  if (is_unhashable(item)) {
    return internal_error({}, {&item, 1}, *evaluation_);
  }
  return Value::boolean(code_->sets[node.b].contains(item));
}

Value Evaluator::matches(const Node& node) {
  const Value text = operand(node.a);
  if (text.is_error()) {
    return text;  // the call with a constant pattern ends early and is not paid for
  }
  const Value result = text.is(ValueKind::kString)
                           ? Value::boolean(code_->patterns[node.b]->found_in(text.as_text()))
                           : evaluation_->no_such_overload();
  return paid(node.cost == CostRule::kRegex ? costs::text_units(text) * node.c : 1, result);
}

Value Evaluator::optional_or(const Node& node) {
  if (const Node& target = nodes_[node.a];
      target.op == Op::kOptionalPath && node.op == Op::kOptionalOrValue) {
    if (const Walk walked = walk(base_in_place(target), steps_of(target));
        walked.done) {  // without an optional in between
      if (!evaluation_->spend_each((target.flags & kPaysIdent) + walked.taken)) {
        return evaluation_->limit_error();
      }
      return walked.found == nullptr ? operand(node.b) : Value::of(*walked.found);
    }
  }
  const Value first = evaluate(node.a);
  if (!first.is(ValueKind::kOptional)) {
    return first;
  }
  if (first.as_optional() == nullptr) {
    return evaluate(node.b);
  }
  return node.op == Op::kOptionalOr ? first : *first.as_optional();
}

Value Evaluator::optional_map(const OptionalMapDetails& details) {
  // target.hasValue() ? optional.of(bind(x, target.value(), body)) : optional.none(): the target's
  // second evaluation is paid for when x is first read.
  const std::uint64_t before = evaluation_->cost();
  const Value target = evaluate(details.target);
  if (is_final(target)) {
    return target;
  }
  if (evaluation_->over_limit()) {
    return evaluation_->limit_error();
  }
  const std::uint64_t target_cost = evaluation_->cost() - before;
  if (!evaluation_->spend(1)) {
    return evaluation_->limit_error();
  }
  if (target.is_error()) {
    return target;
  }
  if (!target.is(ValueKind::kOptional)) {
    return evaluation_->no_such_overload("hasValue", {&target, 1});
  }
  if (target.as_optional() == nullptr) {
    return paid(1, target);
  }
  locals_[details.local] = *target.as_optional();
  locals_[details.local + 1] = Value::unsigned_integer(target_cost + 1);
  const Value body = evaluate(details.body);
  if (details.flat) {
    return as_branch(body);
  }
  if (body.is_error()) {
    return is_final(body) ? body : paid(1, body);
  }
  return paid(1, as_branch(Value::optional_of(*evaluation_->arena().create<Value>(body))));
}

Value Evaluator::binding(const OptionalMapDetails& details) {
  // To cel-go this is a fold over nothing, whose accumulator is computed where it is first read:
  // an error is none where the body does not come to it.
  const Value target = evaluate(details.target);
  if (is_final(target)) {
    return target;
  }
  if (evaluation_->over_limit()) {
    return evaluation_->limit_error();
  }
  locals_[details.local] = target;
  locals_[details.local + 1] = Value::unsigned_integer(0);
  return evaluate(details.body);
}

bool is_unhashable(const Value& key) {
  return key.is(ValueKind::kBytes) ||
         (key.is(ValueKind::kOpaque) && key.as_opaque().type().is_unhashable);
}

Value internal_error(std::string_view function, std::span<const Value> arguments,
                     Evaluation& evaluation) {
  std::string text = "internal error: ";
  if (function.empty()) {
    text += "runtime error: hash of unhashable type " + std::string(go_type_name(arguments[0]));
  } else if (function == "flatten") {
    text += "interface conversion: ref.Val is " + std::string(go_type_name(arguments[1])) +
            ", not types.Int";
  } else {
    // Go names the first of the missing methods: what can be added to has Add, so it lacks
    // Contains.
    const Value& list = arguments[0];
    text += "interface conversion: " + std::string(go_type_name(list)) +
            " is not traits.Lister: missing method ";
    const bool adds = (list.kind() >= ValueKind::kInt && list.kind() <= ValueKind::kTimestamp);
    text += adds ? "Contains" : "Add";
  }
  Arena& arena = evaluation.arena();
  return Value::error(*arena.create<ErrorValue>(ErrorValue{arena.copy(text), true}));
}

}  // namespace seaworthy::cel
