#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

#include "seaworthy/cel/function.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel::costs {

// Run-time costs of calls. Rules: cel-go interpreter/runtimecost.go, ext/lists.go, ext/sets.go and
// k8s.io/apiserver pkg/cel/library/cost.go, CallCost. Arguments may be errors (their size is 1): a
// call whose argument failed is paid for all the same.

/// What a cost rule answers where the API server's own panics: the expression ends with "internal
/// error: …", which nothing absorbs.
inline constexpr std::uint64_t kPanics = std::numeric_limits<std::uint64_t>::max();

/// Code points of a string, bytes, items, entries; a library's value by its type; 1 for the rest.
std::uint64_t size(const Value& value);
/// The cost of a whole traversal, as Kubernetes' list functions pay it.
std::uint64_t traversal(const Value& value);
/// ceil(units / 10).
std::uint64_t tenth(std::uint64_t units);

/// A tenth of the value's size. A text of one to ten bytes has one to ten code points: its tenth is
/// known without counting.
inline std::uint64_t tenth_of(const Value& value) {
  constexpr std::uint32_t kOneTenth = 10;
  if (value.is(ValueKind::kString) && value.size() <= kOneTenth) {
    return value.size() == 0 ? 0 : 1;
  }
  return tenth(size(value));
}

/// The lesser of both tenths.
inline std::uint64_t tenth_of_shorter(const Value& a, const Value& b) {
  if (a.is(ValueKind::kString) && b.is(ValueKind::kString)) {
    const Value& fewer_bytes = a.size() < b.size() ? a : b;
    if (const std::uint64_t least = tenth_of(fewer_bytes); least <= 1) {
      return least;
    }
  }
  return tenth(std::min(size(a), size(b)));
}

/// What each code point of a pattern costs a tenth of the text, as `regex` counts it.
std::uint64_t pattern_units(const Value& pattern);
/// ceil((1 + the text's size) / 10).
std::uint64_t text_units(const Value& text);

// CallCost rules, by what they traverse.
std::uint64_t first_tenth(std::span<const Value> arguments, const Value& result);
std::uint64_t first_fifth(std::span<const Value> arguments, const Value& result);
std::uint64_t result_fifth(std::span<const Value> arguments, const Value& result);
std::uint64_t product_of_tenths(std::span<const Value> arguments, const Value& result);
std::uint64_t regex(std::span<const Value> arguments, const Value& result);
std::uint64_t first_traversal(std::span<const Value> arguments, const Value& result);
std::uint64_t contains_ip(std::span<const Value> arguments, const Value& result);
std::uint64_t contains_cidr(std::span<const Value> arguments, const Value& result);
/// A selector: read once, then a list of one requirement for every two characters.
std::uint64_t selector(std::span<const Value> arguments, const Value& result);
/// `check`: two of them are all that an expression can pay for.
std::uint64_t authorization(std::span<const Value> arguments, const Value& result);
std::uint64_t list_result(std::span<const Value> arguments, const Value& result);
std::uint64_t list_flatten(std::span<const Value> arguments, const Value& result);
std::uint64_t list_self_compare(std::span<const Value> arguments, const Value& result);
std::uint64_t list_keys_compare(std::span<const Value> arguments, const Value& result);
std::uint64_t sets_once(std::span<const Value> arguments, const Value& result);
std::uint64_t sets_twice(std::span<const Value> arguments, const Value& result);

}  // namespace seaworthy::cel::costs
