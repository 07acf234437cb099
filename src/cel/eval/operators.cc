// Arithmetic is checked as cel-go's common/types/overflow.go checks it, and never converts: int
// with int, double with double.

#include "cel/eval/operators.h"

#include <limits>
#include <string>

#include "cel/eval/civil_time.h"
#include "cel/eval/code_points.h"
#include "cel/eval/equality.h"

namespace seaworthy::cel {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

Value int_overflow(Evaluation& evaluation) { return evaluation.error("integer overflow"); }

Value uint_overflow(Evaluation& evaluation) {
  return evaluation.error("unsigned integer overflow");
}

/// Go's addTimeDurationChecked.
Value add_to_timestamp(const Value& timestamp, std::int64_t duration, Evaluation& evaluation) {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds =
      std::int64_t{timestamp.nanoseconds()} + duration % kNanosecondsPerSecond;
  if (__builtin_add_overflow(timestamp.as_int(), duration / kNanosecondsPerSecond, &seconds)) {
    return int_overflow(evaluation);
  }
  if (nanoseconds < 0) {
    nanoseconds += kNanosecondsPerSecond;
    --seconds;
  } else if (nanoseconds >= kNanosecondsPerSecond) {
    nanoseconds -= kNanosecondsPerSecond;
    ++seconds;
  }
  if (seconds < kTimestampSecondsMin || seconds > kTimestampSecondsMax) {
    return evaluation.error("timestamp overflow");
  }
  return Value::timestamp(seconds, static_cast<std::uint32_t>(nanoseconds),
                          timestamp.zone_minutes());
}

Value subtract_timestamps(const Value& a, const Value& b, Evaluation& evaluation) {
  std::int64_t result = 0;
  const std::int64_t rest = std::int64_t{a.nanoseconds()} - std::int64_t{b.nanoseconds()};
  if (__builtin_sub_overflow(a.as_int(), b.as_int(), &result) ||
      __builtin_mul_overflow(result, kNanosecondsPerSecond, &result) ||
      __builtin_add_overflow(result, rest, &result)) {
    return int_overflow(evaluation);
  }
  return Value::duration(result);
}

std::string_view joined(std::string_view a, std::string_view b, Evaluation& evaluation) {
  char* room = evaluation.arena().allocate_array<char>(a.size() + b.size());
  a.copy(room, a.size());
  b.copy(room + a.size(), b.size());
  return {room, a.size() + b.size()};
}

Value add_lists(const Value& a, const Value& b, Evaluation& evaluation) {
  if (a.size() == 0) {
    return b;
  }
  if (b.size() == 0) {
    return a;
  }
  const std::size_t count = std::size_t{a.size()} + b.size();
  Value* items = evaluation.arena().allocate_array<Value>(count);
  for (std::uint32_t i = 0; i < a.size(); ++i) {
    new (&items[i]) Value(a.item(i));
  }
  for (std::uint32_t i = 0; i < b.size(); ++i) {
    new (&items[a.size() + i]) Value(b.item(i));
  }
  return Value::concatenation({items, count});
}

}  // namespace

Value unsupported(std::string_view name, const Value& receiver, Evaluation& evaluation) {
  if (receiver.is(ValueKind::kString) || receiver.is(ValueKind::kTimestamp) ||
      receiver.is(ValueKind::kDuration)) {
    return evaluation.no_such_overload();
  }
  return evaluation.error("no such overload: " + std::string(name));
}

Value add(const Value& a, const Value& b, Evaluation& evaluation) {
  switch (a.kind()) {
    case ValueKind::kInt: {
      std::int64_t result = 0;
      if (!b.is(ValueKind::kInt)) {
        break;
      }
      if (__builtin_add_overflow(a.as_int(), b.as_int(), &result)) {
        return int_overflow(evaluation);
      }
      return Value::integer(result);
    }
    case ValueKind::kUint: {
      std::uint64_t result = 0;
      if (!b.is(ValueKind::kUint)) {
        break;
      }
      if (__builtin_add_overflow(a.as_uint(), b.as_uint(), &result)) {
        return uint_overflow(evaluation);
      }
      return Value::unsigned_integer(result);
    }
    case ValueKind::kDouble:
      if (!b.is(ValueKind::kDouble)) {
        break;
      }
      return Value::number(a.as_double() + b.as_double());
    case ValueKind::kString:
      if (!b.is(ValueKind::kString)) {
        break;
      }
      return Value::string(joined(a.as_text(), b.as_text(), evaluation));
    case ValueKind::kBytes:
      if (!b.is(ValueKind::kBytes)) {
        break;
      }
      return Value::bytes(joined(a.as_text(), b.as_text(), evaluation));
    case ValueKind::kList:
      if (!b.is(ValueKind::kList)) {
        break;
      }
      return add_lists(a, b, evaluation);
    case ValueKind::kDuration: {
      if (b.is(ValueKind::kTimestamp)) {
        return add_to_timestamp(b, a.as_int(), evaluation);
      }
      std::int64_t result = 0;
      if (!b.is(ValueKind::kDuration)) {
        break;
      }
      if (__builtin_add_overflow(a.as_int(), b.as_int(), &result)) {
        return int_overflow(evaluation);
      }
      return Value::duration(result);
    }
    case ValueKind::kTimestamp:
      if (!b.is(ValueKind::kDuration)) {
        break;
      }
      return add_to_timestamp(a, b.as_int(), evaluation);
    default:
      return unsupported("_+_", a, evaluation);
  }
  return evaluation.no_such_overload();
}

Value subtract(const Value& a, const Value& b, Evaluation& evaluation) {
  switch (a.kind()) {
    case ValueKind::kInt: {
      std::int64_t result = 0;
      if (!b.is(ValueKind::kInt)) {
        break;
      }
      if (__builtin_sub_overflow(a.as_int(), b.as_int(), &result)) {
        return int_overflow(evaluation);
      }
      return Value::integer(result);
    }
    case ValueKind::kUint:
      if (!b.is(ValueKind::kUint)) {
        break;
      }
      if (b.as_uint() > a.as_uint()) {
        return uint_overflow(evaluation);
      }
      return Value::unsigned_integer(a.as_uint() - b.as_uint());
    case ValueKind::kDouble:
      if (!b.is(ValueKind::kDouble)) {
        break;
      }
      return Value::number(a.as_double() - b.as_double());
    case ValueKind::kDuration: {
      std::int64_t result = 0;
      if (!b.is(ValueKind::kDuration)) {
        break;
      }
      if (__builtin_sub_overflow(a.as_int(), b.as_int(), &result)) {
        return int_overflow(evaluation);
      }
      return Value::duration(result);
    }
    case ValueKind::kTimestamp:
      if (b.is(ValueKind::kTimestamp)) {
        return subtract_timestamps(a, b, evaluation);
      }
      if (!b.is(ValueKind::kDuration)) {
        break;
      }
      if (b.as_int() == std::numeric_limits<std::int64_t>::min()) {
        return int_overflow(evaluation);
      }
      return add_to_timestamp(a, -b.as_int(), evaluation);
    default:
      return unsupported("_-_", a, evaluation);
  }
  return evaluation.no_such_overload();
}

Value multiply(const Value& a, const Value& b, Evaluation& evaluation) {
  switch (a.kind()) {
    case ValueKind::kInt: {
      std::int64_t result = 0;
      if (!b.is(ValueKind::kInt)) {
        break;
      }
      if (__builtin_mul_overflow(a.as_int(), b.as_int(), &result)) {
        return int_overflow(evaluation);
      }
      return Value::integer(result);
    }
    case ValueKind::kUint: {
      std::uint64_t result = 0;
      if (!b.is(ValueKind::kUint)) {
        break;
      }
      if (__builtin_mul_overflow(a.as_uint(), b.as_uint(), &result)) {
        return uint_overflow(evaluation);
      }
      return Value::unsigned_integer(result);
    }
    case ValueKind::kDouble:
      if (!b.is(ValueKind::kDouble)) {
        break;
      }
      return Value::number(a.as_double() * b.as_double());
    default:
      return unsupported("_*_", a, evaluation);
  }
  return evaluation.no_such_overload();
}

Value divide(const Value& a, const Value& b, Evaluation& evaluation) {
  switch (a.kind()) {
    case ValueKind::kInt:
      if (!b.is(ValueKind::kInt)) {
        break;
      }
      if (b.as_int() == 0) {
        return evaluation.error("division by zero");
      }
      if (a.as_int() == std::numeric_limits<std::int64_t>::min() && b.as_int() == -1) {
        return int_overflow(evaluation);
      }
      return Value::integer(a.as_int() / b.as_int());
    case ValueKind::kUint:
      if (!b.is(ValueKind::kUint)) {
        break;
      }
      if (b.as_uint() == 0) {
        return evaluation.error("division by zero");
      }
      return Value::unsigned_integer(a.as_uint() / b.as_uint());
    case ValueKind::kDouble:
      if (!b.is(ValueKind::kDouble)) {
        break;
      }
      return Value::number(a.as_double() / b.as_double());
    default:
      return unsupported("_/_", a, evaluation);
  }
  return evaluation.no_such_overload();
}

Value modulo(const Value& a, const Value& b, Evaluation& evaluation) {
  switch (a.kind()) {
    case ValueKind::kInt:
      if (!b.is(ValueKind::kInt)) {
        break;
      }
      if (b.as_int() == 0) {
        return evaluation.error("modulus by zero");
      }
      if (a.as_int() == std::numeric_limits<std::int64_t>::min() && b.as_int() == -1) {
        return int_overflow(evaluation);
      }
      return Value::integer(a.as_int() % b.as_int());
    case ValueKind::kUint:
      if (!b.is(ValueKind::kUint)) {
        break;
      }
      if (b.as_uint() == 0) {
        return evaluation.error("modulus by zero");
      }
      return Value::unsigned_integer(a.as_uint() % b.as_uint());
    default:
      return unsupported("_%_", a, evaluation);
  }
  return evaluation.no_such_overload();
}

Value negate(const Value& value, Evaluation& evaluation) {
  switch (value.kind()) {
    case ValueKind::kDouble:
      return Value::number(-value.as_double());
    case ValueKind::kInt:
    case ValueKind::kDuration:
      if (value.as_int() == std::numeric_limits<std::int64_t>::min()) {
        return int_overflow(evaluation);
      }
      return value.is(ValueKind::kInt) ? Value::integer(-value.as_int())
                                       : Value::duration(-value.as_int());
    case ValueKind::kBool:  // Bool has the trait; the operator refuses it (stdlib/standard.go)
      return evaluation.no_such_overload();
    default:
      return unsupported("-_", value, evaluation);
  }
}

Value logical_not(const Value& value, Evaluation& evaluation) {
  if (value.is(ValueKind::kBool)) {
    return Value::boolean(!value.as_bool());
  }
  return evaluation.no_such_overload();
}

Value contained_in(const Value& item, const Value& container, Evaluation& evaluation) {
  if (container.is(ValueKind::kMap)) {
    return Value::boolean(find_in_map(container, item).has_value());
  }
  if (!container.is(ValueKind::kList)) {
    return evaluation.no_such_overload();
  }
  for (std::uint32_t i = 0; i < container.size(); ++i) {
    if (method_equals(item, container.item(i), evaluation).is_true()) {
      return Value::boolean(true);
    }
  }
  return Value::boolean(false);
}

Value size_of(const Value& value, Evaluation& evaluation) {
  switch (value.kind()) {
    case ValueKind::kString:
      return Value::integer(static_cast<std::int64_t>(code_points(value.as_text())));
    case ValueKind::kBytes:
    case ValueKind::kList:
    case ValueKind::kMap:
      return Value::integer(value.size());
    default:
      return unsupported("size", value, evaluation);
  }
}

}  // namespace seaworthy::cel
