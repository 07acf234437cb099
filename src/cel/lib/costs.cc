#include "cel/lib/costs.h"

#include <cmath>

#include "cel/eval/code_points.h"

namespace seaworthy::cel::costs {
namespace {

constexpr double kTraversalFactor = 0.1;
constexpr double kRegexFactor = 0.25;
constexpr std::uint64_t kCall = 1;
constexpr std::uint64_t kListCreation = 10;

std::uint64_t round_up(double units) { return static_cast<std::uint64_t>(std::ceil(units)); }

std::uint64_t allocating_list(double factor, std::uint64_t size) {
  return static_cast<std::uint64_t>(static_cast<double>(size) * factor) + kCall + kListCreation;
}

std::uint64_t self_compare(const Value& list) {
  if (!list.is(ValueKind::kList)) {
    return kPanics;
  }
  const std::uint64_t count = list.size();
  if (count == 0) {
    return allocating_list(2.0, 0);
  }
  const ValueKind first = list.item(0).kind();
  const bool is_text = first == ValueKind::kString || first == ValueKind::kBytes;
  return allocating_list(is_text ? 2.0 + kTraversalFactor : 2.0, count * count);
}

std::uint64_t sets(std::span<const Value> arguments, double factor) {
  return kCall + static_cast<std::uint64_t>(
                     static_cast<double>(size(arguments[0]) * size(arguments[1])) * factor);
}

}  // namespace

std::uint64_t size(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kString:
      return code_points(value.as_text());
    case ValueKind::kBytes:
    case ValueKind::kList:
    case ValueKind::kMap:
      return value.size();
    case ValueKind::kOptional:
      return value.as_optional() == nullptr ? 1 : size(*value.as_optional());
    case ValueKind::kOpaque: {
      const RuntimeType& type = value.as_opaque().type();
      return type.size == nullptr ? 1 : type.size(value.as_opaque());
    }
    default:
      return 1;
  }
}

std::uint64_t traversal(const Value& value) {
  switch (value.kind()) {
    case ValueKind::kString:
    case ValueKind::kBytes:
      return static_cast<std::uint64_t>(static_cast<double>(value.size()) * kTraversalFactor);
    case ValueKind::kList: {
      std::uint64_t sum = 0;
      for (std::uint32_t i = 0; i < value.size(); ++i) {
        sum += traversal(value.item(i));
      }
      return sum;
    }
    case ValueKind::kMap: {
      std::uint64_t sum = 0;
      for (std::uint32_t i = 0; i < value.size(); ++i) {
        sum += traversal(value.key_at(i)) + traversal(value.value_at(i));
      }
      return sum;
    }
    default:
      return 1;
  }
}

std::uint64_t tenth(std::uint64_t units) {
  // The product of doubles is what counts; up to here it rounds up to the same (all were compared).
  constexpr std::uint64_t kSame = 10'000'000;
  if (units < kSame) {
    return (units + 9) / 10;
  }
  return round_up(static_cast<double>(units) * kTraversalFactor);
}

std::uint64_t first_tenth(std::span<const Value> arguments, const Value& /*result*/) {
  return tenth(size(arguments[0]));
}

std::uint64_t first_fifth(std::span<const Value> arguments, const Value& /*result*/) {
  return round_up(static_cast<double>(size(arguments[0])) * 2 * kTraversalFactor);
}

std::uint64_t result_fifth(std::span<const Value> /*arguments*/, const Value& result) {
  return round_up(static_cast<double>(size(result)) * 2 * kTraversalFactor);
}

std::uint64_t product_of_tenths(std::span<const Value> arguments, const Value& /*result*/) {
  return tenth(size(arguments[0])) * tenth(size(arguments[1]));
}

std::uint64_t pattern_units(const Value& pattern) {
  return round_up(static_cast<double>(size(pattern)) * kRegexFactor);
}

std::uint64_t text_units(const Value& text) {
  return round_up((1.0 + static_cast<double>(size(text))) * kTraversalFactor);
}

std::uint64_t regex(std::span<const Value> arguments, const Value& /*result*/) {
  return text_units(arguments[0]) * pattern_units(arguments[1]);
}

std::uint64_t first_traversal(std::span<const Value> arguments, const Value& /*result*/) {
  return traversal(arguments[0]);
}

std::uint64_t contains_ip(std::span<const Value> arguments, const Value& /*result*/) {
  const std::uint64_t network = size(arguments[0]);
  return tenth(network + network);
}

std::uint64_t contains_cidr(std::span<const Value> arguments, const Value& result) {
  return contains_ip(arguments, result) + tenth(size(arguments[0])) + 1;
}

std::uint64_t selector(std::span<const Value> arguments, const Value& /*result*/) {
  constexpr std::uint64_t kRequirement = 50;
  const std::uint64_t length = size(arguments[1]);
  return kListCreation + tenth(length) + kRequirement * (length / 2 + length % 2);
}

std::uint64_t authorization(std::span<const Value> /*arguments*/, const Value& /*result*/) {
  return 350'000;
}

std::uint64_t list_result(std::span<const Value> /*arguments*/, const Value& result) {
  return allocating_list(1, size(result));
}

std::uint64_t list_flatten(std::span<const Value> arguments, const Value& /*result*/) {
  double depth = 1;
  if (arguments.size() == 2) {
    if (!arguments[1].is(ValueKind::kInt)) {
      return kPanics;
    }
    depth = static_cast<double>(arguments[1].as_int());
  }
  const double units = static_cast<double>(size(arguments[0])) * depth;
  // Go's conversion of a negative float to uint64 wraps, so that a negative depth costs less.
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (units >= kTwoTo63) {
    return kPanics - 1;
  }
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(units)) + kCall + kListCreation;
}

std::uint64_t list_self_compare(std::span<const Value> arguments, const Value& /*result*/) {
  return self_compare(arguments[0]);
}

std::uint64_t list_keys_compare(std::span<const Value> arguments, const Value& /*result*/) {
  return self_compare(arguments[1]);
}

std::uint64_t sets_once(std::span<const Value> arguments, const Value& /*result*/) {
  return sets(arguments, 1);
}

std::uint64_t sets_twice(std::span<const Value> arguments, const Value& /*result*/) {
  return sets(arguments, 2);
}

}  // namespace seaworthy::cel::costs
