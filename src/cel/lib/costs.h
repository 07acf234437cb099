#pragma once

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

// CallCost rules, by what they traverse.
std::uint64_t first_tenth(std::span<const Value> arguments, const Value& result);
std::uint64_t first_fifth(std::span<const Value> arguments, const Value& result);
std::uint64_t result_fifth(std::span<const Value> arguments, const Value& result);
std::uint64_t product_of_tenths(std::span<const Value> arguments, const Value& result);
std::uint64_t regex(std::span<const Value> arguments, const Value& result);
std::uint64_t first_traversal(std::span<const Value> arguments, const Value& result);
std::uint64_t list_result(std::span<const Value> arguments, const Value& result);
std::uint64_t list_flatten(std::span<const Value> arguments, const Value& result);
std::uint64_t list_self_compare(std::span<const Value> arguments, const Value& result);
std::uint64_t list_keys_compare(std::span<const Value> arguments, const Value& result);
std::uint64_t sets_once(std::span<const Value> arguments, const Value& result);
std::uint64_t sets_twice(std::span<const Value> arguments, const Value& result);

}  // namespace seaworthy::cel::costs
