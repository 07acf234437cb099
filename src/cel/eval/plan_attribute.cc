// Attributes: the longest chain of selects and indices over one base becomes one node. A
// conditional at the base takes the chain into both its branches, as cel-go does: `(c ? a : b).x`
// reads a.x or b.x.

#include <algorithm>
#include <string>

#include "cel/check/patch_types.h"
#include "cel/eval/go_text.h"
#include "cel/eval/planner_state.h"
#include "cel/eval/runtime_types.h"

namespace seaworthy::cel {

namespace {

bool is_index(const Expr& expr) {
  return expr.kind == ExprKind::kCall && expr.args.size() == 2 &&
         (expr.name == "_[_]" || expr.name == "_[?_]");
}

bool is_conditional(const Expr& expr) {
  return expr.kind == ExprKind::kCall && expr.name == "_?_:_" && expr.args.size() == 3;
}

/// Whether the name has a part like `__dash__`.
bool is_escaped(std::string_view name) {
  for (std::size_t at = name.find("__"); at != std::string_view::npos;
       at = name.find("__", at + 1)) {
    const std::size_t end = name.find('_', at + 2);
    if (end != std::string_view::npos && end > at + 2 && name.substr(end).starts_with("__")) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool Planner::is_attribute(ExprIndex index) const {
  const Expr& node = expr(index);
  return node.kind == ExprKind::kIdent || node.kind == ExprKind::kSelect || is_index(node) ||
         is_conditional(node);
}

bool Planner::is_composite_field(const Expr& select) const {
  const NodeInfo& operand = info(select.operand);
  return operand.type.is(TypeKind::kStruct) && !operand.slot && operand.loop == kNoExpr;
}

NodeIndex Planner::plan_attribute(ExprIndex index, bool pays) {
  if (!info(index).type_name.empty()) {
    const std::string& name = info(index).type_name;
    const RuntimeType* type = runtime_types::find(name);
    if (type == nullptr) {
      type = code_->constants.create<RuntimeType>(RuntimeType{.name = code_->constants.copy(name)});
    }
    return add_constant(Value::type(*type));
  }
  return plan_chain(chain_of(index), pays);
}

Planner::Chain Planner::chain_of(ExprIndex index) {
  Chain chain;
  ExprIndex at = index;
  std::vector<ExprIndex> steps;
  while (true) {
    const Expr& node = expr(at);
    if (node.kind == ExprKind::kSelect && !info(at).slot && info(at).type_name.empty()) {
      steps.push_back(at);
      at = node.operand;
    } else if (is_index(node)) {
      steps.push_back(at);
      at = node.args[0];
    } else {
      break;
    }
  }
  chain.base = at;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const Expr& node = expr(*step);
    if (node.kind == ExprKind::kSelect) {
      chain.qualifiers.push_back(field(node));
    } else {
      chain.qualifiers.push_back(element(node.args[1], node.name == "_[?_]"));
    }
  }
  const Expr& last = expr(index);
  chain.test_only = last.kind == ExprKind::kSelect && last.test_only;
  return chain;
}

Qualifier Planner::field(const Expr& select) {
  Qualifier qualifier;
  const Type& operand = info(select.operand).type;
  const bool of_object = operand.is(TypeKind::kStruct) && is_object_type(operand.name());
  qualifier.kind =
      of_object && !select.optional ? Qualifier::Kind::kObjectField : Qualifier::Kind::kField;
  qualifier.optional = select.optional;
  qualifier.test_only = select.test_only;
  qualifier.key = text_constant(select.name);
  qualifier.field = document::Key(qualifier.key.as_text());
  qualifier.missing = code_->constants.create<ErrorValue>(
      ErrorValue{code_->constants.copy("no such key: " + select.name), false});
  return qualifier;
}

Qualifier Planner::element(ExprIndex index, bool optional) {
  Qualifier qualifier;
  qualifier.optional = optional;
  qualifier.kind = Qualifier::Kind::kNode;
  qualifier.node = is_attribute(index) ? plan_attribute(index, false) : plan(index);
  if (!is_constant(qualifier.node)) {
    return qualifier;
  }
  qualifier.kind = Qualifier::Kind::kConstant;
  qualifier.key = code_->nodes[qualifier.node].constant;
  switch (qualifier.key.kind()) {
    case ValueKind::kString: {
      qualifier.kind = Qualifier::Kind::kField;
      qualifier.field = document::Key(qualifier.key.as_text());
      const std::string message = "no such key: " + std::string(qualifier.key.as_text());
      qualifier.missing =
          code_->constants.create<ErrorValue>(ErrorValue{code_->constants.copy(message), false});
      break;
    }
    case ValueKind::kBool:
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
      break;
    default:
      report("invalid qualifier type: " + std::string(go_type_name(qualifier.key)));
  }
  return qualifier;
}

/// A conditional whose branches each take the chain's steps.
NodeIndex Planner::plan_branches(const Chain& chain) {
  const Expr& base = expr(chain.base);
  Node node;
  node.op = Op::kConditional;
  node.a = plan(base.args[0]);
  for (const std::size_t branch : {1U, 2U}) {
    const ExprIndex at = base.args[branch];
    NodeIndex planned = 0;
    if (is_attribute(at) && info(at).type_name.empty()) {
      Chain inner = chain_of(at);
      inner.test_only = false;
      inner.qualifiers.insert(inner.qualifiers.end(), chain.qualifiers.begin(),
                              chain.qualifiers.end());
      inner.test_only = chain.test_only;
      planned = plan_chain(std::move(inner), false);
    } else if (chain.qualifiers.empty()) {
      planned = plan(at);
    } else {
      planned = plan_chain(Chain{at, chain.qualifiers, chain.test_only}, false);
    }
    (branch == 1 ? node.b : node.c) = planned;
  }
  return add(node);
}

/// Whether the attribute is one of the kinds that are walked fast.
Op Planner::attribute_op(const Node& node, const Chain& chain) {
  const auto& steps = chain.qualifiers;
  const bool fields = std::ranges::all_of(steps, [&](const Qualifier& step) {
    return step.kind == Qualifier::Kind::kField && (!step.test_only || &step == &steps.back());
  });
  if (!fields || (node.base != BaseKind::kSlot && node.base != BaseKind::kLocal)) {
    return Op::kAttribute;
  }
  if (std::ranges::any_of(steps, &Qualifier::optional)) {
    const bool tests = chain.test_only || steps.back().test_only;
    return tests ? Op::kAttribute : Op::kOptionalPath;
  }
  return chain.test_only && steps.empty() ? Op::kAttribute : Op::kPath;
}

/// One number for paths of the same names over the same variable, has() or not.
std::uint64_t Planner::path_number(const Node& node, const Chain& chain) {
  std::string key = std::to_string(static_cast<int>(node.base)) + " " + std::to_string(node.a);
  for (const Qualifier& step : chain.qualifiers) {
    const std::string_view name = step.key.as_text();
    key += " " + std::to_string(name.size()) + " ";
    key += name;
  }
  return paths_.try_emplace(std::move(key), paths_.size() + 1).first->second;
}

NodeIndex Planner::plan_chain(Chain chain, bool pays) {
  const Expr& base = expr(chain.base);
  if (is_conditional(base)) {
    const NodeIndex branches = plan_branches(chain);
    return chain.test_only && pays ? tested(branches) : branches;
  }
  Node node;
  node.op = Op::kAttribute;
  node.flags = pays && !chain.test_only ? kPaysIdent : 0;
  if (chain.test_only && pays) {
    node.flags |= kTestOnly;
  }
  const NodeInfo& about = info(chain.base);
  if (about.loop != kNoExpr) {
    node.base =
        expr(about.loop).kind == ExprKind::kOptMap ? BaseKind::kLazyLocal : BaseKind::kLocal;
    node.a = locals_.at(about.loop) + about.loop_variable;
  } else if (about.slot && base.kind == ExprKind::kSelect && is_composite_field(base) &&
             is_escaped(base.name)) {
    // Kubernetes unescapes the name when it looks for the field, and finds none under it
    // (apiserver pkg/cel/lazy/lazy.go, pkg/cel/escaping.go).
    node.base = BaseKind::kNode;
    node.a = add_constant(Value::map({}));
    chain.qualifiers.insert(chain.qualifiers.begin(), field(base));
  } else if (about.slot) {
    node.base = base.kind == ExprKind::kSelect && is_composite_field(base) ? BaseKind::kComposite
                                                                           : BaseKind::kSlot;
    node.a = *about.slot;
    code_->slots.push_back(*about.slot);
    if (base.kind == ExprKind::kSelect && base.optional) {
      node.flags |= kOptionalBase;
    }
  } else if (base.kind == ExprKind::kIdent && about.type.is(TypeKind::kStruct)) {
    // A composite by itself has no value but its type.
    const auto* type = code_->constants.create<RuntimeType>(
        RuntimeType{.name = code_->constants.copy(about.type.name()), .go_name = "*lazy.MapValue"});
    node.base = BaseKind::kNode;
    node.a = add_constant(Value::opaque(*code_->constants.create<OpaqueValue>(*type)));
  } else if (base.kind == ExprKind::kIdent && about.type_name.empty()) {
    node.base = BaseKind::kMaybe;
    node.a = maybe_name(chain);
  } else {
    node.base = BaseKind::kNode;
    node.a = plan(chain.base);
    // optMap is a conditional to cel-go, and those do not pay for themselves.
    if (base.kind == ExprKind::kOptMap) {
      node.flags &= static_cast<std::uint8_t>(~kPaysIdent);
    }
  }
  node.b = static_cast<std::uint32_t>(code_->qualifiers.size());
  node.c = static_cast<std::uint32_t>(chain.qualifiers.size());
  node.op = attribute_op(node, chain);
  if (node.op == Op::kPath) {
    node.constant = Value::unsigned_integer(path_number(node, chain));
  }
  code_->qualifiers.insert(code_->qualifiers.end(), chain.qualifiers.begin(),
                           chain.qualifiers.end());
  const NodeIndex planned = add(node);
  return (node.flags & kTestOnly) != 0 && base.kind == ExprKind::kOptMap ? tested(planned)
                                                                         : planned;
}

/// cel-go takes back for has() the unit that an attribute pays for itself, also from conditionals,
/// which have not paid it (interpreter/runtimecost.go).
NodeIndex Planner::tested(NodeIndex attribute) {
  Node node;
  node.op = Op::kTested;
  node.a = attribute;
  return add(node);
}

}  // namespace seaworthy::cel
