#include "cel/eval/program.h"

#include <array>
#include <cstddef>
#include <memory>

#include "cel/eval/evaluator.h"

namespace seaworthy::cel {

namespace {

/// Room for the loop variables of most programs.
constexpr std::size_t kLocals = 16;

}  // namespace

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
