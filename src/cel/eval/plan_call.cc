// Calls: operators and the commonest functions get operations of their own, every other is a
// general call with the overloads that may apply and what decides among them at run time.

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "cel/check/environment_state.h"
#include "cel/eval/evaluator.h"
#include "cel/eval/planner_state.h"
#include "cel/lib/call_rules.h"
#include "cel/lib/costs.h"

namespace seaworthy::cel {
namespace {

struct Operator {
  std::string_view name;
  Op op;
  std::uint8_t operands;
  CostRule cost = CostRule::kOne;
};

constexpr std::array kOperators = {
    Operator{"_&&_", Op::kAnd, 2},
    Operator{"_||_", Op::kOr, 2},
    Operator{"!_", Op::kNot, 1},
    Operator{"-_", Op::kNegate, 1},
    Operator{"_+_", Op::kAdd, 2},
    Operator{"_-_", Op::kSubtract, 2},
    Operator{"_*_", Op::kMultiply, 2},
    Operator{"_/_", Op::kDivide, 2},
    Operator{"_%_", Op::kModulo, 2},
    Operator{"_==_", Op::kEqual, 2, CostRule::kTraverseShorter},
    Operator{"_!=_", Op::kNotEqual, 2, CostRule::kTraverseShorter},
    Operator{"_<_", Op::kLess, 2},
    Operator{"_<=_", Op::kLessEqual, 2},
    Operator{"_>_", Op::kGreater, 2},
    Operator{"_>=_", Op::kGreaterEqual, 2},
    Operator{"size", Op::kSize, 1},
    Operator{"startsWith", Op::kStartsWith, 2, CostRule::kTraverseFirst},
    Operator{"endsWith", Op::kEndsWith, 2, CostRule::kTraverseFirst},
    Operator{"contains", Op::kContains, 2, CostRule::kTraverseProduct},
};

/// Overloads whose operators do not cost one unit where the checker resolved them.
std::optional<CostRule> resolved_cost(std::string_view overload) {
  if (overload == "add_string" || overload == "add_bytes") {
    return CostRule::kTraverseBoth;
  }
  if (overload == "in_list") {
    return CostRule::kSizeOfSecond;
  }
  if (overload == "matches_string") {
    return CostRule::kRegex;
  }
  constexpr std::array<std::string_view, 4> kRelations = {"less_", "less_equals_", "greater_",
                                                          "greater_equals_"};
  for (const std::string_view relation : kRelations) {
    if (!overload.starts_with(relation)) {
      continue;
    }
    const std::string_view type = overload.substr(relation.size());
    if (type == "string" || type == "bytes") {
      return CostRule::kTraverseShorter;
    }
  }
  return std::nullopt;
}

/// Functions that fold where their argument is constant (cel-go
/// overloads.IsTypeConversionFunction).
bool is_conversion(std::string_view name) {
  constexpr std::array<std::string_view, 10> kNames = {
      "bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint"};
  return std::ranges::find(kNames, name) != kNames.end();
}

}  // namespace

std::vector<ExprIndex> Planner::arguments_of(const Expr& call) const {
  std::vector<ExprIndex> arguments;
  if (call.operand != kNoExpr) {
    arguments.push_back(call.operand);
  }
  arguments.insert(arguments.end(), call.args.begin(), call.args.end());
  return arguments;
}

std::string_view Planner::only_overload(ExprIndex index) const {
  const auto& overloads = info(index).overloads;
  return overloads.size() == 1 && !is_unchecked() ? overloads[0]->overload : std::string_view();
}

NodeIndex Planner::plan_call(ExprIndex index) {
  NodeIndex planned = 0;
  if (expr(index).name == "@in" && expr(index).args.size() == 2) {
    return plan_in(index);
  }
  if (plan_operator(index, planned) || plan_matches(index, planned)) {
    return planned;
  }
  return plan_general_call(index);
}

bool Planner::plan_operator(ExprIndex index, NodeIndex& planned) {
  const Expr& call = expr(index);
  const std::vector<ExprIndex> arguments = arguments_of(call);
  Node node;
  if ((call.name == "or" || call.name == "orValue") && arguments.size() == 2) {
    node.op = call.name == "or" ? Op::kOptionalOr : Op::kOptionalOrValue;
  } else {
    const auto* found = std::ranges::find_if(kOperators, [&](const Operator& known) {
      return known.name == call.name && known.operands == arguments.size();
    });
    if (found == kOperators.end()) {
      return false;
    }
    node.op = found->op;
    const bool by_name = found->op == Op::kEqual || found->op == Op::kNotEqual;
    node.cost = is_unchecked() && !by_name
                    ? CostRule::kOne
                    : resolved_cost(only_overload(index)).value_or(found->cost);
  }
  node.a = plan(arguments[0]);
  if (arguments.size() == 2) {
    node.b = plan(arguments[1]);
  }
  planned = add(node);
  return true;
}

NodeIndex Planner::plan_in(ExprIndex index) {
  const Expr& call = expr(index);
  Node node;
  node.op = Op::kIn;
  node.a = plan(call.args[0]);
  node.b = plan(call.args[1]);
  if (only_overload(index) != "in_list") {
    return add(node);
  }
  node.cost = CostRule::kSizeOfSecond;
  const Value list = code_->nodes[node.b].constant;
  if (!is_constant(node.b) || !list.is(ValueKind::kList)) {
    return add(node);
  }
  if (list.size() == 0) {
    return add_constant(Value::boolean(false));
  }
  std::optional<ConstSet> set = ConstSet::of(list);
  if (!set) {
    return add(node);
  }
  node.op = Op::kInSet;
  node.b = static_cast<std::uint32_t>(code_->sets.size());
  code_->sets.push_back(*std::move(set));
  return add(node);
}

bool Planner::plan_matches(ExprIndex index, NodeIndex& planned) {
  const Expr& call = expr(index);
  const std::vector<ExprIndex> arguments = arguments_of(call);
  if (call.name != "matches" || arguments.size() != 2) {
    return false;
  }
  const NodeIndex text = plan(arguments[0]);
  const Node pattern_node = code_->nodes[plan(arguments[1])];
  if (pattern_node.op != Op::kConstant || !pattern_node.constant.is(ValueKind::kString)) {
    return false;
  }
  Result<Pattern> pattern = Pattern::compile(pattern_node.constant.as_text());
  if (!pattern) {
    report(pattern.error().message);
    planned = add_constant(Value::null());
    return true;
  }
  Node node;
  node.op = Op::kMatches;
  node.cost = resolved_cost(only_overload(index)).value_or(CostRule::kOne);
  node.a = text;
  node.b = static_cast<std::uint32_t>(code_->patterns.size());
  node.c = static_cast<std::uint32_t>(costs::pattern_units(pattern_node.constant));
  node.constant = pattern_node.constant;
  code_->patterns.push_back(std::make_unique<Pattern>(*std::move(pattern)));
  planned = add(node);
  return true;
}

/// Functions are pure: what a call of constants answers is the same each time, and so is its price,
/// which is still to be paid. Errors are left to run time.
NodeIndex Planner::precompute(NodeIndex call) {
  Evaluation evaluation(code_->constants, {});
  const Value value = Evaluator(*code_, evaluation, nullptr).evaluate(call);
  if (!value.is_error()) {
    Node& node = code_->nodes[call];
    const std::uint32_t details = node.a;
    node = Node{};
    node.op = Op::kPrecomputed;
    node.b = details;
    node.a = static_cast<std::uint32_t>(evaluation.cost());
    node.constant = value;
  }
  return call;
}

NodeIndex Planner::plan_general_call(ExprIndex index) {
  const Expr& call = expr(index);
  if (is_unchecked()) {
    if (std::optional<std::string> issue = arity_issue(index)) {
      report(*std::move(issue));
      return add_constant(Value::null());
    }
  }
  CallDetails details;
  details.name = code_->constants.copy(call.name);
  bool constant = true;
  for (const ExprIndex argument : arguments_of(call)) {
    details.arguments.push_back(plan(argument));
    constant = constant && is_constant(details.arguments.back());
  }
  const bool guarded = call_rules::is_guarded(call.name);
  for (const FunctionRow* row : info(index).overloads) {
    CallDetails::Candidate candidate{row, {}};
    const Overload overload = read_signature(*row);
    for (const Type& parameter : overload.parameters) {
      candidate.parameters.push_back(guarded ? Guard(parameter) : Guard());
    }
    details.candidates.push_back(std::move(candidate));
  }
  const bool single = details.candidates.size() == 1;
  const bool resolved = single && !is_unchecked();
  details.cost = resolved
                     ? details.candidates[0].row->cost
                     : call_rules::unresolved_cost(
                           call.name, details.arguments.size(),
                           details.candidates.empty() ? nullptr : details.candidates[0].row->cost);
  details.early_exit = details.arguments.size() > 2 ||
                       (single ? call_rules::ends_early(details.candidates[0].row->overload)
                               : !details.candidates.empty());
  if ((resolved || is_unchecked()) && details.arguments.size() >= 2 &&
      is_constant(details.arguments[1])) {
    details.with_pattern = call_rules::with_pattern(call.name);
    const Value pattern_text = code_->nodes[details.arguments[1]].constant;
    if (details.with_pattern != nullptr && pattern_text.is(ValueKind::kString)) {
      Result<Pattern> pattern = Pattern::compile(pattern_text.as_text());
      if (!pattern) {
        report(pattern.error().message);
        return add_constant(Value::null());
      }
      details.pattern = std::make_unique<Pattern>(*std::move(pattern));
      details.early_exit = true;
    }
  }
  const bool folds = constant && details.arguments.size() == 1 && is_conversion(call.name);
  Node node;
  node.op = Op::kCall;
  node.a = static_cast<std::uint32_t>(code_->calls.size());
  code_->calls.push_back(std::move(details));
  const NodeIndex planned = add(node);
  if (!folds) {
    return constant ? precompute(planned) : planned;
  }
  const Value value = code_->nodes[fold(planned)].constant;
  if (value.is_error()) {
    report(std::string(value.as_error().message));
  }
  return planned;
}

}  // namespace seaworthy::cel
