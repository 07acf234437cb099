// Nodes that the Linker shares, when they run.

#include "cel/eval/evaluator.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::cel {

/// What the memo has, paid for as if it were computed here; else computed, and kept if nothing
/// ended it.
Value Evaluator::shared(const Node& node) {
  Memo* const memo = evaluation_->memo();
  if (memo == nullptr) {
    return evaluate(node.a);
  }
  std::uint32_t element = 0;
  std::uint32_t elements = 0;
  if (node.op == Op::kSharedElement) {
    const std::uint64_t both = locals_[node.c + kElementOffset].as_uint();
    element = static_cast<std::uint32_t>(both);
    elements = static_cast<std::uint32_t>(both >> 32);
    if (elements > limits::kMemoElementsMax) {
      return evaluate(node.a);
    }
  }
  Memo::Cell& cell = node.op == Op::kShared ? memo->cell(node.flags, node.b)
                                            : memo->element(node.flags, node.b, element, elements);
  if (!cell.value.is(ValueKind::kUnset)) {
    return evaluation_->spend_if_left(cell.cost) ? cell.value : evaluate(node.a);
  }
  const std::uint64_t before = evaluation_->cost();
  const Value value = evaluate(node.a);
  if (!is_final(value) && !evaluation_->over_limit()) {
    cell = {value, evaluation_->cost() - before};
  }
  return value;
}

}  // namespace seaworthy::cel
