#include "cel/check/checker.h"

#include <algorithm>
#include <utility>

#include "cel/check/checker_state.h"
#include "cel/check/validators.h"
#include "seaworthy/base/limits.h"

// The type checker: one walk over the tree that gives each node a type (cel-go checker/checker.go).
// Its parts: names and selections in check_names.cc, calls and their overloads in check_calls.cc,
// macros in check_loops.cc, what a type parameter stands for in unification.cc. What remains
// unbound at the end is dyn. The validators of validators.cc look at a tree without mistakes.

namespace seaworthy::cel {

CheckResult check(Ast ast, const Environment::State& environment) {
  Checker checker(std::move(ast), environment);
  CheckResult result = checker.run();
  if (result.issues.empty()) {
    Validation validation = validate(result);
    result.issues = std::move(validation.issues);
    result.more_issues = validation.more_issues;
  }
  if (auto later = checker.later_issue(); later && result.issues.empty()) {
    result.issues.push_back(*std::move(later));
  }
  std::ranges::stable_sort(result.issues, {}, &Issue::position);
  return result;
}

CheckResult Checker::run() {
  nodes_.resize(ast_.nodes.size());
  check(ast_.root);
  for (NodeInfo& node : nodes_) {
    node.type = types_.substitute(node.type, true);
  }
  const std::uint64_t more = reported_ - issues_.size();
  return {std::move(ast_), std::move(nodes_), std::move(issues_), more};
}

void Checker::check(ExprIndex index) {
  switch (ast_.at(index).kind) {
    case ExprKind::kLiteral:
      return check_literal(index);
    case ExprKind::kIdent:
      return check_ident(index);
    case ExprKind::kSelect:
      return check_select(index);
    case ExprKind::kCall:
      return check_call(index);
    case ExprKind::kList:
      return check_list(index);
    case ExprKind::kMap:
      return check_map(index);
    case ExprKind::kStruct:
      return check_struct(index);
    case ExprKind::kLoop:
      return check_loop(index);
    case ExprKind::kOptMap:
      return ast_.at(index).bind ? check_binding(index) : check_optional_map(index);
  }
}

void Checker::check_literal(ExprIndex index) {
  struct TypeOf {
    Type operator()(std::nullptr_t) const { return Type::null(); }

    Type operator()(bool) const { return Type::boolean(); }

    Type operator()(std::int64_t) const { return Type::integer(); }

    Type operator()(std::uint64_t) const { return Type::unsigned_integer(); }

    Type operator()(double) const { return Type::number(); }

    Type operator()(const std::string&) const { return Type::string(); }

    Type operator()(const BytesLiteral&) const { return Type::bytes(); }
  };

  set_type(index, std::visit(TypeOf{}, ast_.at(index).constant));
}

void Checker::check_list(ExprIndex index) {
  const Expr& expr = ast_.at(index);
  std::optional<Type> common;
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    check(expr.args[i]);
    join(common, item_type(expr.args[i], i < expr.optional_args.size() && expr.optional_args[i]));
  }
  set_type(index, Type::list(common ? *std::move(common) : types_.fresh()));
}

void Checker::check_map(ExprIndex index) {
  const Expr& expr = ast_.at(index);
  std::optional<Type> keys;
  std::optional<Type> values;
  for (std::size_t i = 0; i + 1 < expr.args.size(); i += 2) {
    check(expr.args[i]);
    join(keys, type_of(expr.args[i]));
    check(expr.args[i + 1]);
    join(values, item_type(expr.args[i + 1],
                           i / 2 < expr.optional_args.size() && expr.optional_args[i / 2]));
  }
  if (!keys) {
    keys = types_.fresh();
    values = types_.fresh();
  }
  set_type(index, Type::map(*std::move(keys), *std::move(values)));
}

Type Checker::item_type(ExprIndex item, bool optional) {
  if (!optional) {
    return type_of(item);
  }
  bool was_optional = false;
  const Type& type = unwrapped(type_of(item), was_optional);
  if (!was_optional && !type.is(TypeKind::kDyn)) {
    report_mismatch(position_of(item), Type::optional(type), type);
  }
  return type;
}

void Checker::join(std::optional<Type>& common, const Type& type) {
  if (!common) {
    common = type;
  } else if (types_.assignable(*common, type)) {
    common = Type(Unification::most_general(*common, type));
  } else {
    common = Type::dyn();
  }
}

void Checker::set_type(ExprIndex index, Type type) {
  if (size_of(type, limits::kTypeNodesMax) > limits::kTypeNodesMax) {
    report(position_of(index), "the type of this expression is too large");
    type = Type(TypeKind::kError);
  }
  nodes_[index].type = std::move(type);
}

void Checker::report(SourcePosition position, std::string message, std::string hint) {
  ++reported_;
  if (issues_.size() < limits::kExpressionErrorsMax) {
    issues_.push_back({position, std::move(message), std::move(hint)});
  }
}

void Checker::report_mismatch(SourcePosition position, const Type& expected, const Type& found) {
  report(position, "expected type '" + expected.text() + "' but found '" + found.text() + "'");
}

const Type& unwrapped(const Type& type, bool& was_optional) {
  was_optional = type.is(TypeKind::kOptional) && !type.parameters().empty();
  return was_optional ? type.parameters()[0] : type;
}

}  // namespace seaworthy::cel
