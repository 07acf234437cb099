// math.* (cel-go ext/math.go). greatest and least are macros there, over any number of arguments;
// here they take up to six, or a list.
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "seaworthy/cel/extensions.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

bool is_number(const Value& value) {
  return value.is(ValueKind::kInt) || value.is(ValueKind::kUint) || value.is(ValueKind::kDouble);
}

long double as_real(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kInt:
      return static_cast<long double>(value.as_int());
    case ValueKind::kUint:
      return static_cast<long double>(value.as_uint());
    default:
      return value.as_double();
  }
}

/// The greatest (sign 1) or the least (-1) of numbers, which may be one list of them.
template <int sign>
Value extreme(Arguments arguments, Evaluation& evaluation) {
  const bool is_list = arguments.size() == 1 && arguments[0].is(ValueKind::kList);
  const std::uint32_t count =
      is_list ? arguments[0].size() : static_cast<std::uint32_t>(arguments.size());
  if (count == 0) {
    return evaluation.error("math.@max(list) argument must not be empty");
  }
  Value best;
  for (std::uint32_t at = 0; at < count; ++at) {
    const Value value = is_list ? arguments[0].item(at) : arguments[at];
    if (!is_number(value)) {
      return evaluation.no_such_overload();
    }
    if (at == 0 || sign * as_real(value) > sign * as_real(best)) {
      best = value;
    }
  }
  return best;
}

template <double (*function)(double)>
Value of_double(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::number(function(arguments[0].as_double()));
}

double ceil(double value) { return std::ceil(value); }

double floor(double value) { return std::floor(value); }

double round(double value) { return std::round(value); }

double trunc(double value) { return std::trunc(value); }

Value sqrt(Arguments arguments, Evaluation& evaluation) {
  return is_number(arguments[0])
             ? Value::number(std::sqrt(static_cast<double>(as_real(arguments[0]))))
             : evaluation.no_such_overload();
}

Value absolute(Arguments arguments, Evaluation& evaluation) {
  const Value& value = arguments[0];
  if (value.is(ValueKind::kDouble)) {
    return Value::number(std::abs(value.as_double()));
  }
  if (value.is(ValueKind::kInt) && value.as_int() < 0) {
    return value.as_int() == std::numeric_limits<std::int64_t>::min()
               ? evaluation.error("integer overflow")
               : Value::integer(-value.as_int());
  }
  return is_number(value) ? value : evaluation.no_such_overload();
}

Value sign_of(Arguments arguments, Evaluation& evaluation) {
  const Value& value = arguments[0];
  const int sign = as_real(value) > 0 ? 1 : as_real(value) < 0 ? -1 : 0;
  switch (value.kind()) {
    case ValueKind::kInt:
      return Value::integer(sign);
    case ValueKind::kUint:
      return Value::unsigned_integer(sign == 0 ? 0 : 1);
    case ValueKind::kDouble:
      return Value::number(std::isnan(value.as_double()) ? value.as_double() : sign);
    default:
      return evaluation.no_such_overload();
  }
}

Value is_nan(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(std::isnan(arguments[0].as_double()));
}

Value is_infinite(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(std::isinf(arguments[0].as_double()));
}

Value is_finite(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(std::isfinite(arguments[0].as_double()));
}

using Bits = std::uint64_t (*)(std::uint64_t, std::uint64_t);

/// On the bits of ints and of uints alike.
template <Bits function>
Value bitwise(Arguments arguments, Evaluation& evaluation) {
  const Value& a = arguments[0];
  const Value& b = arguments[arguments.size() - 1];
  if (a.is(ValueKind::kInt) && b.is(ValueKind::kInt)) {
    return Value::integer(std::bit_cast<std::int64_t>(function(
        std::bit_cast<std::uint64_t>(a.as_int()), std::bit_cast<std::uint64_t>(b.as_int()))));
  }
  return a.is(ValueKind::kUint) && b.is(ValueKind::kUint)
             ? Value::unsigned_integer(function(a.as_uint(), b.as_uint()))
             : evaluation.no_such_overload();
}

std::uint64_t both(std::uint64_t a, std::uint64_t b) { return a & b; }

std::uint64_t either(std::uint64_t a, std::uint64_t b) { return a | b; }

std::uint64_t one(std::uint64_t a, std::uint64_t b) { return a ^ b; }

std::uint64_t none(std::uint64_t a, std::uint64_t /*b*/) { return ~a; }

template <bool left>
Value shift(Arguments arguments, Evaluation& evaluation) {
  constexpr std::int64_t kBits = 64;
  const std::int64_t by = arguments[1].as_int();
  if (by < 0) {
    return evaluation.error("math.bitShift() negative offset: " + std::to_string(by));
  }
  const Value& value = arguments[0];
  const auto moved = [&](std::uint64_t bits) {
    return by >= kBits ? 0 : left ? bits << by : bits >> by;
  };
  if (value.is(ValueKind::kInt)) {
    return Value::integer(
        std::bit_cast<std::int64_t>(moved(std::bit_cast<std::uint64_t>(value.as_int()))));
  }
  return value.is(ValueKind::kUint) ? Value::unsigned_integer(moved(value.as_uint()))
                                    : evaluation.no_such_overload();
}

constexpr std::array kRows{
    FunctionRow{"math.greatest", "math_@max_1", "(dyn) -> dyn", extreme<1>},
    FunctionRow{"math.greatest", "math_@max_2", "(dyn, dyn) -> dyn", extreme<1>},
    FunctionRow{"math.greatest", "math_@max_3", "(dyn, dyn, dyn) -> dyn", extreme<1>},
    FunctionRow{"math.greatest", "math_@max_4", "(dyn, dyn, dyn, dyn) -> dyn", extreme<1>},
    FunctionRow{"math.greatest", "math_@max_5", "(dyn, dyn, dyn, dyn, dyn) -> dyn", extreme<1>},
    FunctionRow{"math.greatest", "math_@max_6", "(dyn, dyn, dyn, dyn, dyn, dyn) -> dyn",
                extreme<1>},
    FunctionRow{"math.least", "math_@min_1", "(dyn) -> dyn", extreme<-1>},
    FunctionRow{"math.least", "math_@min_2", "(dyn, dyn) -> dyn", extreme<-1>},
    FunctionRow{"math.least", "math_@min_3", "(dyn, dyn, dyn) -> dyn", extreme<-1>},
    FunctionRow{"math.least", "math_@min_4", "(dyn, dyn, dyn, dyn) -> dyn", extreme<-1>},
    FunctionRow{"math.least", "math_@min_5", "(dyn, dyn, dyn, dyn, dyn) -> dyn", extreme<-1>},
    FunctionRow{"math.least", "math_@min_6", "(dyn, dyn, dyn, dyn, dyn, dyn) -> dyn", extreme<-1>},
    FunctionRow{"math.ceil", "math_ceil_double", "(double) -> double", of_double<ceil>},
    FunctionRow{"math.floor", "math_floor_double", "(double) -> double", of_double<floor>},
    FunctionRow{"math.round", "math_round_double", "(double) -> double", of_double<round>},
    FunctionRow{"math.trunc", "math_trunc_double", "(double) -> double", of_double<trunc>},
    FunctionRow{"math.sqrt", "math_sqrt_dyn", "(dyn) -> double", sqrt},
    FunctionRow{"math.abs", "math_abs_dyn", "(T) -> T", absolute},
    FunctionRow{"math.sign", "math_sign_dyn", "(T) -> T", sign_of},
    FunctionRow{"math.isNaN", "math_isNaN_double", "(double) -> bool", is_nan},
    FunctionRow{"math.isInf", "math_isInf_double", "(double) -> bool", is_infinite},
    FunctionRow{"math.isFinite", "math_isFinite_double", "(double) -> bool", is_finite},
    FunctionRow{"math.bitAnd", "math_bitAnd_T_T", "(T, T) -> T", bitwise<both>},
    FunctionRow{"math.bitOr", "math_bitOr_T_T", "(T, T) -> T", bitwise<either>},
    FunctionRow{"math.bitXor", "math_bitXor_T_T", "(T, T) -> T", bitwise<one>},
    FunctionRow{"math.bitNot", "math_bitNot_T", "(T) -> T", bitwise<none>},
    FunctionRow{"math.bitShiftLeft", "math_bitShiftLeft_T_int", "(T, int) -> T", shift<true>},
    FunctionRow{"math.bitShiftRight", "math_bitShiftRight_T_int", "(T, int) -> T", shift<false>},
};

}  // namespace

Library math_extension() { return {"cel.lib.ext.math", kRows}; }

}  // namespace seaworthy::cel
