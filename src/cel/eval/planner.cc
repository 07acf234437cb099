// From a checked tree to a program's nodes.
//
// What is folded is exactly what cel-go folds with Kubernetes' options, because a folded node costs
// nothing: list and map literals of constants, conversions of constants, `x in [constants]`,
// constant patterns. `1 + 1` is left for run time, where it costs its unit. Rule: cel-go
// interpreter/planner.go and decorators.go (decOptimize, decRegexOptimizer).

#include "cel/eval/planner.h"

#include <algorithm>

#include "cel/eval/evaluator.h"
#include "cel/eval/planner_state.h"
#include "cel/eval/program.h"
#include "cel/eval/runtime_types.h"
#include "seaworthy/base/check.h"

namespace seaworthy::cel {

Plan plan(CheckResult checked, std::string expression, std::shared_ptr<PatternCache> patterns) {
  Planner planner(checked);
  std::unique_ptr<Code> code = planner.run();
  if (code == nullptr) {
    return {nullptr, planner.issues()};
  }
  if (!code->calls.empty()) {  // only they take patterns that are no constants
    code->kept_patterns = std::move(patterns);
  }
  const Type& type = checked.nodes[checked.ast.root].type;
  return {std::make_shared<CompiledProgram>(std::shared_ptr<const Code>(std::move(code)), type,
                                            std::move(expression)),
          {}};
}

std::unique_ptr<Code> Planner::run() {
  code_->root = plan(checked_->ast.root);
  forget_single_paths();
  std::ranges::sort(code_->slots);
  code_->slots.erase(std::ranges::unique(code_->slots).begin(), code_->slots.end());
  if (!issues_.empty()) {
    return nullptr;
  }
  return std::move(code_);
}

/// Only a path that is written more than once needs its number.
void Planner::forget_single_paths() {
  std::vector<std::uint32_t> uses(paths_.size() + 1);
  for (const Node& node : code_->nodes) {
    uses[node.op == Op::kPath ? node.constant.as_uint() : 0] += 1;
  }
  for (Node& node : code_->nodes) {
    if (node.op == Op::kPath && uses[node.constant.as_uint()] == 1) {
      node.constant = Value::unsigned_integer(0);
    }
  }
}

NodeIndex Planner::plan(ExprIndex index) {
  const Expr& node = expr(index);
  switch (node.kind) {
    case ExprKind::kLiteral:
      return plan_literal(node);
    case ExprKind::kIdent:
    case ExprKind::kSelect:
      return plan_attribute(index, true);
    case ExprKind::kCall:
      return is_attribute(index) ? plan_attribute(index, true) : plan_call(index);
    case ExprKind::kList:
      return plan_list(node);
    case ExprKind::kMap:
      return plan_map(node);
    case ExprKind::kLoop:
      return plan_loop(index);
    case ExprKind::kOptMap:
      return plan_optional_map(index);
    case ExprKind::kStruct:
      return plan_struct(index);
  }
  return add_constant(Value::null());
}

NodeIndex Planner::plan_literal(const Expr& literal) {
  struct ToValue {
    Planner* planner;

    Value operator()(std::nullptr_t) const { return Value::null(); }

    Value operator()(bool value) const { return Value::boolean(value); }

    Value operator()(std::int64_t value) const { return Value::integer(value); }

    Value operator()(std::uint64_t value) const { return Value::unsigned_integer(value); }

    Value operator()(double value) const { return Value::number(value); }

    Value operator()(const std::string& value) const { return planner->text_constant(value); }

    Value operator()(const BytesLiteral& value) const {
      return Value::bytes(planner->text_constant(value.bytes).as_text());
    }
  };

  return add_constant(std::visit(ToValue{this}, literal.constant));
}

NodeIndex Planner::plan_list(const Expr& list) {
  std::vector<NodeIndex> items;
  items.reserve(list.args.size());
  for (const ExprIndex item : list.args) {
    items.push_back(plan(item));
  }
  Node node;
  node.op = Op::kList;
  node.b = static_cast<std::uint32_t>(code_->children.size());
  node.c = static_cast<std::uint32_t>(items.size());
  bool constant = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const bool optional = i < list.optional_args.size() && list.optional_args[i];
    if (optional) {
      node.flags |= kHasOptionals;
    }
    code_->children.push_back(items[i]);
    code_->optional_children.push_back(optional);
    constant = constant && is_constant(items[i]);
  }
  const NodeIndex index = add(node);
  return constant ? fold(index) : index;
}

NodeIndex Planner::plan_map(const Expr& map) {
  std::vector<NodeIndex> children;
  children.reserve(map.args.size());
  for (const ExprIndex child : map.args) {
    children.push_back(plan(child));
  }
  Node node;
  node.op = Op::kMap;
  node.b = static_cast<std::uint32_t>(code_->children.size());
  node.c = static_cast<std::uint32_t>(children.size());
  bool constant = true;
  for (std::size_t i = 0; i < children.size(); ++i) {
    const bool optional = i / 2 < map.optional_args.size() && map.optional_args[i / 2];
    if (optional) {
      node.flags |= kHasOptionals;
    }
    code_->children.push_back(children[i]);
    code_->optional_children.push_back(optional);
    constant = constant && is_constant(children[i]);
  }
  const NodeIndex index = add(node);
  return constant ? fold(index) : index;
}

namespace {

/// Types whose lists sort() knows (cel-go ext/lists.go, comparableTypes).
bool is_sortable(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kInt:
    case TypeKind::kUint:
    case TypeKind::kDouble:
    case TypeKind::kBool:
    case TypeKind::kDuration:
    case TypeKind::kTimestamp:
    case TypeKind::kString:
    case TypeKind::kBytes:
      return true;
    default:
      return false;
  }
}

}  // namespace

NodeIndex Planner::plan_loop(ExprIndex index) {
  const Expr& loop = expr(index);
  LoopDetails details;
  details.kind = loop.loop;
  details.two_variables = !loop.second_variable.empty();
  details.range = plan(loop.operand);
  details.local = locals_in_use_;
  locals_in_use_ += kLoopLocals;
  code_->locals = std::max(code_->locals, locals_in_use_);
  locals_[index] = details.local;
  if (loop.condition != kNoExpr) {
    details.condition = plan(loop.condition);
  }
  if (loop.body != kNoExpr) {
    details.body = plan(loop.body);
    details.resolved_keys = is_sortable(info(loop.body).type);
  }
  locals_.erase(index);
  locals_in_use_ -= kLoopLocals;
  Node node;
  node.op = Op::kLoop;
  node.a = static_cast<std::uint32_t>(code_->loops.size());
  code_->loops.push_back(details);
  return add(node);
}

NodeIndex Planner::plan_optional_map(ExprIndex index) {
  const Expr& map = expr(index);
  OptionalMapDetails details;
  details.flat = map.flat;
  details.bind = map.bind;
  details.target = plan(map.operand);
  details.local = locals_in_use_;
  locals_in_use_ += 2;
  code_->locals = std::max(code_->locals, locals_in_use_);
  locals_[index] = details.local;
  details.body = plan(map.body);
  locals_.erase(index);
  locals_in_use_ -= 2;
  Node node;
  node.op = Op::kOptionalMap;
  node.a = static_cast<std::uint32_t>(code_->optional_maps.size());
  code_->optional_maps.push_back(details);
  return add(node);
}

NodeIndex Planner::add(Node node) {
  code_->nodes.push_back(node);
  return static_cast<NodeIndex>(code_->nodes.size() - 1);
}

NodeIndex Planner::add_constant(const Value& value) {
  Node node;
  node.constant = value;
  return add(node);
}

NodeIndex Planner::fold(NodeIndex index) {
  Evaluation evaluation(code_->constants, {});
  const Value value = Evaluator(*code_, evaluation, nullptr).evaluate(index);
  code_->nodes[index] = Node{};
  code_->nodes[index].constant = value;
  return index;
}

bool Planner::is_constant(NodeIndex index) const { return code_->nodes[index].op == Op::kConstant; }

Value Planner::text_constant(std::string_view text) {
  return Value::string(code_->constants.copy(text));
}

void Planner::report(std::string message) { issues_.push_back({{}, std::move(message)}); }

}  // namespace seaworthy::cel
