#include "cel/syntax/macros.h"

#include <array>
#include <utility>

#include "cel/syntax/grammar.h"

// Macros are recognised by name, style and number of arguments (cel-go parser/macro.go,
// cel/library.go, ext/comprehensions.go, ext/lists.go; existsOne has only its form of two variables
// there) and become one node each: the evaluator knows what a loop is for. A call of that name with
// another number of arguments is an ordinary call.

namespace seaworthy::cel {
namespace {

constexpr std::string_view kNotAName = "argument must be a simple name";
constexpr std::string_view kNotAnIdentifier = "argument is not an identifier";

struct Macro {
  std::string_view name;
  std::size_t arguments;
  LoopKind kind;
  bool two_variables;
};

constexpr std::array kLoops = {
    Macro{"all", 2, LoopKind::kAll, false},
    Macro{"exists", 2, LoopKind::kExists, false},
    Macro{"exists_one", 2, LoopKind::kExistsOne, false},
    Macro{"filter", 2, LoopKind::kFilter, false},
    Macro{"map", 2, LoopKind::kMap, false},
    Macro{"map", 3, LoopKind::kMap, false},
    Macro{"all", 3, LoopKind::kAll, true},
    Macro{"exists", 3, LoopKind::kExists, true},
    Macro{"exists_one", 3, LoopKind::kExistsOne, true},
    Macro{"existsOne", 3, LoopKind::kExistsOne, true},
    Macro{"transformList", 3, LoopKind::kTransformList, true},
    Macro{"transformList", 4, LoopKind::kTransformList, true},
    Macro{"transformMap", 3, LoopKind::kTransformMap, true},
    Macro{"transformMap", 4, LoopKind::kTransformMap, true},
    Macro{"transformMapEntry", 3, LoopKind::kTransformMapEntry, true},
    Macro{"transformMapEntry", 4, LoopKind::kTransformMapEntry, true},
};

/// The accumulator of the loop that cel-go makes; its newer name, "@result", cannot be written.
constexpr std::string_view kAccumulator = "__result__";

bool has_predicate_only(LoopKind kind) {
  return kind == LoopKind::kAll || kind == LoopKind::kExists || kind == LoopKind::kExistsOne ||
         kind == LoopKind::kFilter;
}

}  // namespace

std::vector<MacroForm> macro_forms() {
  std::vector<MacroForm> forms = {
      {"has", 1, false}, {"sortBy", 2, true}, {"optMap", 2, true}, {"optFlatMap", 2, true}};
  for (const Macro& macro : kLoops) {
    forms.push_back({macro.name, macro.arguments, true});
  }
  return forms;
}

ExprIndex Grammar::global_call(Expr call) {
  if (call.name == "has" && call.args.size() == 1 && !call.leading_dot) {
    return has(call);
  }
  return add(std::move(call));
}

ExprIndex Grammar::receiver_call(Expr call) {
  for (const Macro& macro : kLoops) {
    if (call.name == macro.name && call.args.size() == macro.arguments) {
      return loop(call, macro.kind, macro.two_variables);
    }
  }
  if (call.args.size() == 2 && call.name == "sortBy") {
    return sort_by(call);
  }
  if (call.args.size() == 2 && (call.name == "optMap" || call.name == "optFlatMap")) {
    return optional_map(call, call.name == "optFlatMap");
  }
  if (bindings_ && call.args.size() == 3 && call.name == "bind") {
    const Expr& target = ast_.at(call.operand);
    if (target.kind == ExprKind::kIdent && target.name == "cel" && !target.leading_dot) {
      return bind(call);
    }
  }
  return add(std::move(call), true);
}

ExprIndex Grammar::has(const Expr& call) {
  const Expr& argument = ast_.at(call.args[0]);
  if (argument.kind != ExprKind::kSelect || argument.optional) {
    return report(argument.position, "invalid argument to has() macro");
  }
  Expr test;
  test.kind = ExprKind::kSelect;
  test.position = call.position;
  test.operand = argument.operand;
  test.name = argument.name;
  test.test_only = true;
  return add(std::move(test), true);
}

bool Grammar::variable(ExprIndex argument, std::string& out) const {
  const Expr& expr = ast_.at(argument);
  if (expr.kind != ExprKind::kIdent) {
    return false;
  }
  out = (expr.leading_dot ? "." : "") + expr.name;
  return true;
}

ExprIndex Grammar::loop(const Expr& call, LoopKind kind, bool two_variables) {
  Expr expr;
  expr.kind = ExprKind::kLoop;
  expr.position = call.position;
  expr.loop = kind;
  expr.operand = call.operand;
  const bool quantifier = two_variables || kind == LoopKind::kAll || kind == LoopKind::kExists ||
                          kind == LoopKind::kExistsOne;
  const std::string_view otherwise = quantifier ? kNotAName : kNotAnIdentifier;
  for (std::size_t i = 0; i < (two_variables ? 2 : 1); ++i) {
    if (!variable(call.args[i], i == 0 ? expr.variable : expr.second_variable)) {
      return report(ast_.at(call.args[i]).position, std::string(otherwise));
    }
  }
  if (two_variables && expr.variable == expr.second_variable) {
    return report(ast_.at(call.args[1]).position, "duplicate variable name: " + expr.variable);
  }
  for (std::size_t i = 0; i < (two_variables ? 2 : 1); ++i) {
    if ((i == 0 ? expr.variable : expr.second_variable) == kAccumulator) {
      return report(ast_.at(call.args[i]).position,
                    "iteration variable overwrites accumulator variable");
    }
  }
  const std::size_t first = two_variables ? 2 : 1;
  if (has_predicate_only(kind)) {
    expr.condition = call.args[first];
  } else {
    expr.condition = call.args.size() > first + 1 ? call.args[first] : kNoExpr;
    expr.body = call.args.back();
  }
  return add(std::move(expr), true);
}

ExprIndex Grammar::sort_by(const Expr& call) {
  const Expr& target = ast_.at(call.operand);
  if (target.kind == ExprKind::kLiteral || target.kind == ExprKind::kMap ||
      target.kind == ExprKind::kStruct) {
    return report(target.position,
                  "sortBy can only be applied to a list, identifier, comprehension, call or select "
                  "expression");
  }
  return loop(call, LoopKind::kSortBy, false);
}

ExprIndex Grammar::optional_map(const Expr& call, bool flat) {
  Expr expr;
  expr.kind = ExprKind::kOptMap;
  expr.position = call.position;
  expr.operand = call.operand;
  expr.flat = flat;
  expr.body = call.args[1];
  if (!variable(call.args[0], expr.variable)) {
    return report(ast_.at(call.args[0]).position,
                  call.name + "() variable name must be a simple identifier");
  }
  return add(std::move(expr), true);
}

ExprIndex Grammar::bind(const Expr& call) {
  Expr expr;
  expr.kind = ExprKind::kOptMap;
  expr.position = call.position;
  expr.operand = call.args[1];
  expr.bind = true;
  expr.body = call.args[2];
  if (!variable(call.args[0], expr.variable)) {
    return report(ast_.at(call.args[0]).position,
                  "cel.bind() variable names must be simple identifiers");
  }
  return add(std::move(expr), true);
}

}  // namespace seaworthy::cel
