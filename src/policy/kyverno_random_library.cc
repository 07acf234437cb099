// random: texts that a pattern matches (libs/random). The sequence begins with the request's seed,
// and each draw leaves the next state where the last was found.
#include <array>
#include <string>

#include "policy/kyverno_libraries.h"
#include "policy/pattern_sampler.h"

namespace seaworthy::policy {
namespace {

using cel::Evaluation;
using cel::FunctionRow;
using cel::Value;
using cel::ValueKind;

Value sample(std::span<const Value> arguments, Evaluation& evaluation) {
  constexpr std::string_view kDefault = "[0-9a-z]{8}";
  Value* const seed = kyverno_request_slot(evaluation, kKyvernoSeedSlot);
  if (seed == nullptr) {
    return evaluation.error("random: there is no request");  // while it is compiled
  }
  auto state = static_cast<std::uint64_t>(seed->is(ValueKind::kInt) ? seed->as_int() : 0);
  std::size_t steps = 0;
  const auto text =
      sample_pattern(arguments.empty() ? kDefault : arguments[0].as_text(), state, steps);
  *seed = Value::integer(static_cast<std::int64_t>(state));
  if (!evaluation.spend(steps / 10)) {
    return evaluation.limit_error();
  }
  return text ? Value::string(evaluation.arena().copy(*text))
              : evaluation.error("random: " + text.error().message);
}

constexpr std::array kRows{
    FunctionRow{"random", "random_string_non_prefixed", "(string) -> string", sample},
    FunctionRow{"random", "random_string_default_expr_non_prefixed", "() -> string", sample},
    FunctionRow{"random.random", "random_string_prefixed", "(string) -> string", sample},
    FunctionRow{"random.random", "random_string_default_expr_prefixed", "() -> string", sample},
};

}  // namespace

cel::Library kyverno_random_functions() { return {"kyverno.random", kRows}; }

}  // namespace seaworthy::policy
