#pragma once

#include "cel/eval/code.h"
#include "cel/eval/document_walk.h"
#include "seaworthy/cel/evaluation.h"

namespace seaworthy::cel {

/// One run of a program. Recursion is as deep as the expression, which the parser bounds
/// (limits::kExpressionDepthMax).
class Evaluator {
 public:
  /// `locals`: Code::locals values.
  Evaluator(const Code& code, Evaluation& evaluation, Value* locals)
      : Evaluator(code, code.nodes.data(), evaluation, locals) {}

  /// `nodes`: the code's, or what the Linker made of them.
  Evaluator(const Code& code, const Node* nodes, Evaluation& evaluation, Value* locals)
      : code_(&code), nodes_(nodes), evaluation_(&evaluation), locals_(locals) {}

  Value run() { return evaluate(code_->root); }

  /// Also used to fold constants while planning.
  Value evaluate(NodeIndex index);

 private:
  /// evaluate() for operands, most of which are a constant or a path.
  Value operand(NodeIndex index) {
    const Node& node = nodes_[index];
    if (node.op == Op::kConstant) {
      return node.constant;
    }
    return node.op == Op::kPath ? path(node) : evaluate(index);
  }

  Value shared(const Node& node);

  // Operators: evaluator.cc.
  Value logical(const Node& node, bool decisive);
  Value conditional(const Node& node);
  Value tested(const Node& node);
  Value unary(const Node& node);
  template <Op op>
  Value relation(const Node& node);
  Value binary(const Node& node);
  Value binary(const Node& node, const Value& lhs, const Value& rhs);
  Value operate(const Node& node, const Value& lhs, const Value& rhs);
  Value in_set(const Node& node);
  Value matches(const Node& node);
  Value optional_or(const Node& node);
  Value optional_map(const OptionalMapDetails& details);
  Value binding(const OptionalMapDetails& details);
  Value as_branch(const Value& value);
  [[nodiscard]] std::uint64_t cost_of(const Node& node, const Value& lhs, const Value& rhs) const;

  // Attributes: attributes.cc.
  Value attribute(const Node& node);

  [[nodiscard]] const Value& base_in_place(const Node& path) const {
    return path.base == BaseKind::kSlot ? evaluation_->slots()[path.a] : locals_[path.a];
  }

  [[nodiscard]] std::span<const Qualifier> steps_of(const Node& path) const {
    return {code_->qualifiers.data() + path.b, path.c};
  }

  Walk walk_again(const Node& path);
  Value path(const Node& node);
  Value optional_path(const Node& node);
  Value base_of(const Node& node);
  /// The first of the name's meanings that has a value; `steps` are those that belong to it.
  Value base_of(const MaybeName& name, std::uint64_t& units, std::uint32_t& steps);
  /// Takes an optional base apart and counts what it costs; false where no step is to follow.
  bool begin(const Node& node, Value& object, bool& optional, std::uint64_t& units);
  /// One select or index: a value, an error, or kUnset where nothing is there and `presence` asked.
  Value step(const Value& object, const Qualifier& qualifier, bool presence);
  Value read_slot(Slot slot);

  // Calls and aggregates: calls.cc.
  Value call(const CallDetails& details);
  Value invoke(const CallDetails& details, std::span<const Value> arguments);
  Value list(const Node& node);
  Value map(const Node& node);

  // Literals of patch types: structs.cc.
  Value structure(const Node& node);

  // Loops: loops.cc.
  Value loop(const LoopDetails& details);
  Value quantify(const LoopDetails& details, const Value& range);
  Value count_one(const LoopDetails& details, const Value& range);
  Value filter(const LoopDetails& details, const Value& range);
  Value transform_list(const LoopDetails& details, const Value& range);
  Value transform_map(const LoopDetails& details, const Value& range);
  Value sort_by(const LoopDetails& details, const Value& range);
  /// The elements' condition: a bool, or an error (also where it is no bool).
  Value test(NodeIndex condition);
  void bind(const LoopDetails& details, const Value& range, std::uint32_t index);

  /// `value`, once `units` are paid; the limit's error where they cannot be.
  Value paid(std::uint64_t units, const Value& value) {
    return evaluation_->spend(units) ? value : evaluation_->limit_error();
  }

  static bool is_final(const Value& value) { return value.is_error() && value.as_error().is_limit; }

  const Code* code_;
  const Node* nodes_;
  Evaluation* evaluation_;
  Value* locals_;
  std::uint64_t walked_number_ = 0;  ///< Of the last walk; 0: none that is still good.
  Walk walked_;
};

/// What is left of an optional's value when the optional passes through a variable or a
/// conditional: cel-go takes the value out as Go's own and makes a CEL value of that again. A
/// nested optional is gone, a type is its name, a quantity is an error.
Value through_native(const Value& inner, Evaluation& evaluation);

/// Whether Go has no hash for the key: bytes, formats, versions.
bool is_unhashable(const Value& key);

/// The error where the API server panics: `function`'s cost cannot be told of these arguments
/// (costs::kPanics), or, without a function, of a key that is_unhashable. Final, as the limit's.
Value internal_error(std::string_view function, std::span<const Value> arguments,
                     Evaluation& evaluation);

}  // namespace seaworthy::cel
