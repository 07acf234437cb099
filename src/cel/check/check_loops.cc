#include <algorithm>
#include <utility>

#include "cel/check/checker_state.h"
#include "seaworthy/base/limits.h"

// Macros keep their own nodes, but are typed as what cel-go expands them to, step by step, because
// that is what its error messages talk about: `l.map(x, p, e)` is a loop whose accumulator, a list
// of unknown items, is replaced in each round by `p ? accumulator + [e] : accumulator` (cel-go
// parser/macro.go, ext/comprehensions.go, cel/library.go, ext/lists.go).

namespace seaworthy::cel {

void Checker::check_loop(ExprIndex index) {
  if (ast_.at(index).loop == LoopKind::kSortBy) {
    return check_sort_by(index);
  }
  const ExprIndex range = ast_.at(index).operand;
  check(range);
  set_type(index, fold(index, ast_.at(index).loop, argument(range)));
}

Type Checker::fold(ExprIndex index, LoopKind kind, const Argument& range) {
  const SourcePosition position = position_of(index);
  Type accumulator = Type::boolean();
  if (kind == LoopKind::kExistsOne) {
    accumulator = Type::integer();
  } else if (kind == LoopKind::kTransformMap || kind == LoopKind::kTransformMapEntry) {
    Type key = types_.fresh();
    accumulator = Type::map(std::move(key), types_.fresh());
  } else if (kind != LoopKind::kAll && kind != LoopKind::kExists) {
    accumulator = Type::list(types_.fresh());
  }
  const std::size_t scope = variables_.size();
  declare_variables(index, range);
  const Type next = step(index, kind, accumulator);
  if (!types_.assignable(accumulator, next)) {
    report_mismatch(position, accumulator, next);
  }
  variables_.erase(variables_.begin() + static_cast<std::ptrdiff_t>(scope), variables_.end());
  Type result = accumulator;
  if (kind == LoopKind::kExistsOne) {
    result = resolve_made("_==_", false, {{accumulator, position}, {Type::integer(), position}},
                          position);
  }
  return types_.substitute(result);
}

void Checker::declare_variables(ExprIndex index, const Argument& range) {
  const Expr& expr = ast_.at(index);
  const bool two = !expr.second_variable.empty();
  const Type type = types_.substitute(range.type);
  Type first = Type::dyn();
  Type second = Type::dyn();
  switch (type.kind()) {
    case TypeKind::kList:
      first = two ? Type::integer() : type.parameters()[0];
      second = type.parameters()[0];
      break;
    case TypeKind::kMap:
      first = type.parameters()[0];
      second = type.parameters()[1];
      break;
    case TypeKind::kDyn:
    case TypeKind::kError:
    case TypeKind::kParam:
      types_.assignable(Type::dyn(), type);
      break;
    default:
      report(range.position,
             "expression of type '" + type.text() +
                 "' cannot be range of a comprehension (must be list, map, or dynamic)");
      first = second = Type(TypeKind::kError);
  }
  variables_.push_back({expr.variable, std::move(first), index, 0});
  if (two) {
    variables_.push_back({expr.second_variable, std::move(second), index, 1});
  }
}

/// The type of one round's new accumulator.
Type Checker::step(ExprIndex index, LoopKind kind, const Type& accumulator) {
  const Expr& expr = ast_.at(index);
  const SourcePosition position = expr.position;
  const Argument so_far = {accumulator, position};
  const Type variable = variables_[variables_.size() - (expr.second_variable.empty() ? 1 : 2)].type;
  if (expr.condition != kNoExpr) {
    check(expr.condition);
  }
  Type next;
  switch (kind) {
    case LoopKind::kAll:
    case LoopKind::kExists:
      return resolve_logic(std::vector{so_far, argument(expr.condition)});
    case LoopKind::kExistsOne:
      next = resolve_made("_+_", false, {so_far, {Type::integer(), position}}, position);
      break;
    case LoopKind::kFilter:
      next = resolve_made("_+_", false, {so_far, {Type::list(variable), position}}, position);
      break;
    case LoopKind::kTransformMap:
      check(expr.body);
      next = resolve_made("cel.@mapInsert", false,
                          {so_far, {variable, position}, argument(expr.body)}, position);
      break;
    case LoopKind::kTransformMapEntry:
      check(expr.body);
      next = resolve_made("cel.@mapInsert", false, {so_far, argument(expr.body)}, position);
      break;
    default:
      check(expr.body);
      next = resolve_made("_+_", false, {so_far, {Type::list(type_of(expr.body)), position}},
                          position);
  }
  if (expr.condition == kNoExpr) {
    return next;
  }
  return resolve_made("_?_:_", false,
                      {argument(expr.condition), {std::move(next), position}, so_far}, position);
}

/// `l.sortBy(x, e)` is `l.@sortByAssociatedKeys(l.map(x, e))`, where l is evaluated once.
void Checker::check_sort_by(ExprIndex index) {
  const ExprIndex list = ast_.at(index).operand;
  const SourcePosition position = position_of(index);
  types_.fresh();
  check(list);
  const Argument input = {type_of(list), position};
  const Argument keys = {fold(index, LoopKind::kMap, input), position};
  set_type(index,
           types_.substitute(resolve_made("@sortByAssociatedKeys", true, {input, keys}, position)));
}

/// `o.optMap(x, e)` is `o.hasValue() ? optional.of(e with x = o.value()) : optional.none()`. cel-go
/// copies o; here it is checked a second time only for its mistakes, which is as often as there can
/// be mistakes, not 2ⁿ times for a chain.
void Checker::check_optional_map(ExprIndex index) {
  const Expr& expr = ast_.at(index);
  const SourcePosition position = expr.position;
  const std::uint64_t mistakes = reported_;
  const std::size_t parameters = types_.count();
  check(expr.operand);
  const std::size_t of_operand = types_.count() - parameters;
  const std::uint64_t found = reported_ - mistakes;
  const bool is_wrong = found != 0 && issues_.size() < limits::kExpressionErrorsMax;
  const Argument has_value = {resolve_made("hasValue", true, {argument(expr.operand)}, position),
                              position};
  types_.fresh();
  if (is_wrong) {
    check(expr.operand);
  } else {
    types_.skip(of_operand);
    reported_ += found;
  }
  const Type value = resolve_made("value", true, {argument(expr.operand)}, position);
  variables_.push_back({expr.variable, value, index, 0});
  check(expr.body);
  variables_.pop_back();
  Argument mapped = {types_.substitute(type_of(expr.body)), position};
  if (!expr.flat) {
    mapped.type = resolve_made("optional.of", false, {mapped}, position);
  }
  const Argument none = {resolve_made("optional.none", false, {}, position), position};
  set_type(index, resolve_made("_?_:_", false, {has_value, mapped, none}, position));
}

void Checker::check_binding(ExprIndex index) {
  const Expr& expr = ast_.at(index);
  check(expr.operand);
  variables_.push_back({expr.variable, types_.substitute(type_of(expr.operand)), index, 0});
  check(expr.body);
  variables_.pop_back();
  set_type(index, types_.substitute(type_of(expr.body)));
}

}  // namespace seaworthy::cel
