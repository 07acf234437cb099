#include "cel/eval/program.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>

#include "cel/eval/evaluator.h"

namespace seaworthy::cel {

namespace {

/// Room for the loop variables of most programs.
constexpr std::size_t kLocals = 16;

/// Whether the steps lead to `path`, to what holds it, or perhaps there.
bool leads_to(std::span<const Qualifier> steps, std::span<const std::string_view> path) {
  for (std::size_t at = 0; at < path.size() && at < steps.size(); ++at) {
    const Qualifier& step = steps[at];
    const bool named = step.kind != Qualifier::Kind::kNode && step.key.is(ValueKind::kString);
    if (named && step.key.as_text() != path[at]) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool CompiledProgram::may_see(Slot slot, std::span<const std::string_view> path) const {
  // Of names with several meanings only the candidates are known.
  const auto names_slot = [&](const MaybeName& name) {
    return std::ranges::any_of(name.candidates, [&](const MaybeName::Candidate& candidate) {
      return candidate.kind == MaybeName::Candidate::Kind::kSlot && candidate.index == slot;
    });
  };
  return std::ranges::any_of(code_->maybe_names, names_slot) ||
         std::ranges::any_of(code_->nodes, [&](const Node& node) {
           return is_attribute(node.op) && node.base == BaseKind::kSlot && node.a == slot &&
                  leads_to({code_->qualifiers.data() + node.b, node.c}, path);
         });
}

Value CompiledProgram::evaluate(Evaluation& evaluation) const {
  alignas(Value) std::array<std::byte, kLocals * sizeof(Value)>
      room;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  auto* locals = reinterpret_cast<Value*>(room.data());
  if (code_->locals != 0) {
    if (code_->locals > kLocals) {
      locals = evaluation.arena().allocate_array<Value>(code_->locals);
    }
    std::uninitialized_default_construct_n(locals, code_->locals);
  }
  if (code_->kept_patterns != nullptr) {
    evaluation.set_patterns(code_->kept_patterns.get());
  }
  const Value value = Evaluator(*code_, nodes().data(), evaluation, locals).run();
  const bool limit_passed =
      evaluation.over_limit() && !(value.is_error() && value.as_error().is_limit);
  return limit_passed ? evaluation.limit_error() : value;
}

}  // namespace seaworthy::cel
