// Explaining is apart from evaluating, so that evaluating pays nothing for it: the expression is
// parsed and checked once more for its parts' text and the types of macros' variables, and each
// part is compiled and run as an expression of its own, those in macros with the variables declared
// and set to an element's values. What is not evaluated follows the language's rules: the terms
// after one that decides, the other branch, the argument of or and orValue where there is a value,
// and a macro's elements after the one that decides.
#include "seaworthy/cel/explain.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cel/check/checker.h"
#include "cel/check/environment_state.h"
#include "cel/eval/planner.h"
#include "cel/syntax/parser.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::cel {
namespace {

using Kind = Explanation::Kind;

class Explainer {
 public:
  Explainer(const Environment& environment, std::string_view expression,
            std::span<const Value> slots, LazySlots* lazy, Arena& arena)
      : state_(environment.state()),
        source_(expression),
        slots_(slots.begin(), slots.end()),
        lazy_(lazy),
        arena_(&arena),
        checked_(check(parse(expression, state_.bindings).ast, state_)) {}

  ExplainedExpression run() {
    ExplainedExpression result;
    const ExprIndex root = checked_.ast.root;
    result.root = {Kind::kValue, text(root), evaluate(root), 0, {}};
    add_parts(root, result.root.value, result.root.parts);
    for (auto& [index, program] : programs_) {
      result.programs.push_back(std::move(program));
    }
    return result;
  }

 private:
  using Parts = std::vector<Explanation>;

  [[nodiscard]] const Expr& expr(ExprIndex index) const { return checked_.ast.at(index); }

  [[nodiscard]] std::string text(ExprIndex index) const {
    const SourceExtent extent = checked_.ast.extents[index];
    return source_.substr(extent.begin, extent.end - extent.begin);
  }

  /// kUnset where the part alone means nothing, or when enough was spent.
  Value evaluate(ExprIndex index) {
    auto found = programs_.find(index);
    if (found == programs_.end()) {
      ParseResult parsed = parse(text(index), state_.bindings);
      std::shared_ptr<const Program> program;
      if (parsed.issues.empty()) {
        CheckResult checked = check(std::move(parsed.ast), state_);
        if (checked.issues.empty()) {
          Plan planned = plan(std::move(checked), text(index), state_.patterns);
          program = planned.issues.empty() ? std::move(planned.program) : nullptr;
        }
      }
      found = programs_.emplace(index, std::move(program)).first;
    }
    if (found->second == nullptr || spent_ > limits::kPolicyCostMax) {
      return {};
    }
    Evaluation evaluation(*arena_, slots_, lazy_);
    evaluation.start();
    const Value value = found->second->evaluate(evaluation);
    spent_ += evaluation.cost();
    return value;
  }

  /// Whether the part speaks for itself.
  [[nodiscard]] bool is_plain(ExprIndex index) const {
    const Expr& node = expr(index);
    return node.kind == ExprKind::kLiteral ||
           (node.kind == ExprKind::kIdent && checked_.nodes[index].loop != kNoExpr);
  }

  bool has_room(Parts& into) {
    if (++count_ <= limits::kExplainedPartsMax) {
      return true;
    }
    if (into.empty() || into.back().kind != Kind::kLeftOut) {
      into.push_back({Kind::kLeftOut, {}, {}, 0, {}});
    }
    ++into.back().left_out;
    return false;
  }

  /// Adds a part and its own parts; answers its value.
  Value add(ExprIndex index, Parts& into) {
    const Value value = evaluate(index);
    if (is_plain(index) || !has_room(into)) {
      return value;
    }
    if (value.is(ValueKind::kUnset)) {
      add_parts(index, value, into);
      return value;
    }
    std::string source = text(index);
    if (to_source(value) != source) {
      Explanation part{Kind::kValue, std::move(source), value, 0, {}};
      add_parts(index, value, part.parts);
      into.push_back(std::move(part));
    }
    return value;
  }

  void skip(ExprIndex index, Parts& into) {
    if (expr(index).kind != ExprKind::kLiteral && has_room(into)) {
      into.push_back({Kind::kNotEvaluated, text(index), {}, 0, {}});
    }
  }

  void add_parts(ExprIndex index, const Value& value, Parts& into) {
    const Expr& node = expr(index);
    switch (node.kind) {
      case ExprKind::kLiteral:
      case ExprKind::kIdent:
        return;
      case ExprKind::kSelect:
        return add_attribute(index, value.is_error(), into);
      case ExprKind::kCall:
        return add_call(index, value, into);
      case ExprKind::kList:
      case ExprKind::kMap:
      case ExprKind::kStruct:
        for (const ExprIndex item : node.args) {
          add(item, into);
        }
        return;
      case ExprKind::kLoop:
        return add_loop(index, into);
      case ExprKind::kOptMap:
        return add_optional_map(index, into);
    }
  }

  [[nodiscard]] static bool is_index(const Expr& node) {
    return node.kind == ExprKind::kCall && (node.name == "_[_]" || node.name == "_[?_]");
  }

  /// A chain of selects and indices: its keys and what it begins with. Where it failed, how far it
  /// got.
  void add_attribute(ExprIndex index, bool failed, Parts& into) {
    const NodeInfo& info = checked_.nodes[index];
    if (info.slot || !info.type_name.empty()) {
      return;  // a variable's or a type's name
    }
    const Expr& node = expr(index);
    const ExprIndex below = is_index(node) ? node.args[0] : node.operand;
    const ExprKind kind = expr(below).kind;
    if (!failed && (kind == ExprKind::kSelect || is_index(expr(below)))) {
      add_attribute(below, false, into);
    } else if (failed || kind != ExprKind::kIdent) {
      add(below, into);
    }
    if (is_index(node)) {
      add(node.args[1], into);
    }
  }

  void add_call(ExprIndex index, const Value& value, Parts& into) {
    const Expr& node = expr(index);
    if (node.name == "_&&_" || node.name == "_||_") {
      bool decided = false;
      return add_terms(index, node.name, decided, into);
    }
    if (node.name == "_?_:_") {
      const Value condition = add(node.args[0], into);
      condition.is_true() ? (void)add(node.args[1], into) : skip(node.args[1], into);
      condition.is_false() ? (void)add(node.args[2], into) : skip(node.args[2], into);
      return;
    }
    if (is_index(node)) {
      return add_attribute(index, value.is_error(), into);
    }
    Value receiver;
    if (node.operand != kNoExpr) {
      receiver = add(node.operand, into);
    }
    const bool lazy = (node.name == "or" || node.name == "orValue") &&
                      receiver.is(ValueKind::kOptional) && receiver.as_optional() != nullptr;
    for (const ExprIndex argument : node.args) {
      lazy ? skip(argument, into) : (void)add(argument, into);
    }
  }

  /// The terms of a chain of one operator, which is a balanced tree; groups of the same operator
  /// are as good as no groups.
  void add_terms(ExprIndex index, const std::string& function, bool& decided, Parts& into) {
    const Expr& node = expr(index);
    if (node.kind == ExprKind::kCall && node.name == function) {
      add_terms(node.args[0], function, decided, into);
      add_terms(node.args[1], function, decided, into);
    } else if (decided) {
      skip(index, into);
    } else {
      const Value value = add(index, into);
      decided = function == "_&&_" ? value.is_false() : value.is_true();
    }
  }

  // Declares a macro's variable; the slot is the same each time the macro is met.
  Slot declare(ExprIndex index, std::uint8_t which, const std::string& name, Type type) {
    const auto [found, added] =
        variables_.try_emplace(std::pair(index, which), static_cast<Slot>(slots_.size()));
    if (added) {
      slots_.emplace_back();
      state_.next_slot = static_cast<Slot>(slots_.size());
    }
    state_.variables[name] = {std::move(type), found->second};
    return found->second;
  }

  void add_loop(ExprIndex index, Parts& into) {
    const Expr& node = expr(index);
    const Value range = add(node.operand, into);
    if (!range.is(ValueKind::kList) && !range.is(ValueKind::kMap)) {
      return;
    }
    const bool two = !node.second_variable.empty();
    const bool map = range.is(ValueKind::kMap);
    const Type& type = checked_.nodes[node.operand].type;
    const bool known = type.is(TypeKind::kList) || type.is(TypeKind::kMap);
    const Type first_type = !known        ? Type::dyn()
                            : two && !map ? Type::integer()
                                          : type.parameters()[0];
    const auto outer = state_.variables;
    const Slot first = declare(index, 0, node.variable, first_type);
    const Slot second =
        two ? declare(index, 1, node.second_variable, known ? type.parameters().back() : Type())
            : first;
    std::uint64_t left_out = 0;
    bool decided = false;
    for (std::uint32_t i = 0; i < range.size() && !decided; ++i) {
      const Value key = map ? range.key_at(i) : Value::integer(i);
      const Value item = map ? range.value_at(i) : range.item(i);
      slots_[first] = two || map ? key : item;
      slots_[second] = two ? item : slots_[first];
      if (i >= limits::kExplainedElementsMax && !decides(node)) {
        ++left_out;
        continue;
      }
      if (left_out != 0) {
        into.push_back({Kind::kLeftOut, {}, {}, std::exchange(left_out, 0), {}});
      }
      Explanation element{Kind::kElement, node.variable, slots_[first], 0, {}};
      if (two) {
        element.parts.push_back({Kind::kElement, node.second_variable, item, 0, {}});
      }
      decided = add_round(node, element.parts);
      into.push_back(std::move(element));
    }
    if (left_out != 0) {
      into.push_back({Kind::kLeftOut, {}, {}, left_out, {}});
    }
    state_.variables = outer;
  }

  /// Whether the element that the variables are set to ends the loop.
  bool decides(const Expr& loop) {
    if (loop.loop != LoopKind::kAll && loop.loop != LoopKind::kExists) {
      return false;
    }
    const Value condition = evaluate(loop.condition);
    return loop.loop == LoopKind::kAll ? condition.is_false() : condition.is_true();
  }

  /// One element's parts; true where no further element is looked at.
  bool add_round(const Expr& loop, Parts& into) {
    Value condition;
    if (loop.condition != kNoExpr) {
      condition = add(loop.condition, into);
    }
    if (loop.body != kNoExpr) {
      loop.condition == kNoExpr || condition.is_true() ? (void)add(loop.body, into)
                                                       : skip(loop.body, into);
    }
    return (loop.loop == LoopKind::kAll && condition.is_false()) ||
           (loop.loop == LoopKind::kExists && condition.is_true());
  }

  void add_optional_map(ExprIndex index, Parts& into) {
    const Expr& node = expr(index);
    const Value target = add(node.operand, into);
    const bool is_bound = node.bind
                              ? !target.is(ValueKind::kUnset) && !target.is_error()
                              : target.is(ValueKind::kOptional) && target.as_optional() != nullptr;
    if (!is_bound) {
      return skip(node.body, into);
    }
    const Type& type = checked_.nodes[node.operand].type;
    const auto outer = state_.variables;
    const bool is_inner = !node.bind && type.is(TypeKind::kOptional);
    const Slot slot = declare(index, 0, node.variable,
                              is_inner    ? type.parameters()[0]
                              : node.bind ? type
                                          : Type());
    slots_[slot] = node.bind ? target : *target.as_optional();
    Explanation element{Kind::kElement, node.variable, slots_[slot], 0, {}};
    add(node.body, element.parts);
    into.push_back(std::move(element));
    state_.variables = outer;
  }

  Environment::State state_;
  std::string source_;
  std::vector<Value> slots_;
  LazySlots* lazy_;
  Arena* arena_;
  CheckResult checked_;
  std::map<ExprIndex, std::shared_ptr<const Program>> programs_;
  std::map<std::pair<ExprIndex, std::uint8_t>, Slot> variables_;
  std::size_t count_ = 0;
  std::uint64_t spent_ = 0;
};

}  // namespace

ExplainedExpression explain(const Environment& environment, std::string_view expression,
                            std::span<const Value> slots, LazySlots* lazy, Arena& arena) {
  return Explainer(environment, expression, slots, lazy, arena).run();
}

}  // namespace seaworthy::cel
