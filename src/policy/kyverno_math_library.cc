// math.round (libs/math): to so many digits behind the point, or before it. The rest of math.* is
// cel-go's.
#include <array>
#include <cmath>

#include "policy/kyverno_libraries.h"

namespace seaworthy::policy {
namespace {

using cel::FunctionRow;
using cel::Value;

Value round(std::span<const Value> arguments, cel::Evaluation& /*evaluation*/) {
  const double shift = std::pow(10.0, static_cast<double>(arguments[1].as_int()));
  return Value::number(std::round(arguments[0].as_double() * shift) / shift);
}

constexpr std::array kRows{
    FunctionRow{"math.round", "math_round_float_int", "(double, int) -> double", round},
};

}  // namespace

cel::Library kyverno_math_functions() { return {"kyverno.math", kRows}; }

}  // namespace seaworthy::policy
