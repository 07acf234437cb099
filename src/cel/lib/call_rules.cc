#include "cel/lib/call_rules.h"

#include <algorithm>
#include <array>

#include "cel/lib/costs.h"
#include "cel/lib/regex.h"

namespace seaworthy::cel::call_rules {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool is_guarded(std::string_view function) {
  constexpr std::array<std::string_view, 4> kUnguarded = {"matches", "flatten", "sort", "type"};
  return !is_one_of(function, kUnguarded);
}

bool ends_early(std::string_view overload) { return overload == "string_format"; }

bool has_one_binding(std::string_view function) {
  constexpr std::array<std::string_view, 4> kSingletons = {"dyn", "matches", "size", "sort"};
  return is_one_of(function, kSingletons);
}

// Rule: k8s.io/apiserver pkg/cel/library/cost.go, CallCost, which asks for the function's name.
CallCost unresolved_cost(std::string_view function, std::size_t arguments, CallCost of_overload) {
  constexpr std::array<std::string_view, 6> kTraversals = {"isSorted", "sum",     "min",
                                                           "max",      "indexOf", "lastIndexOf"};
  constexpr std::array<std::string_view, 15> kOfOne = {
      "cidr",     "ip.isCanonical", "isCIDR",     "isIP",     "isQuantity",
      "isSemver", "join",           "lowerAscii", "quantity", "replace",
      "semver",   "split",          "substring",  "trim",     "upperAscii"};
  constexpr std::array<std::string_view, 5> kOfTwo = {"fieldSelector", "find", "findAll",
                                                      "labelSelector", "validate"};
  if (arguments == 0) {
    return nullptr;
  }
  if (function == "check") {
    return costs::authorization;
  }
  if (is_one_of(function, kTraversals)) {
    return costs::first_traversal;
  }
  if (function == "ip") {
    return costs::first_tenth;
  }
  if (is_one_of(function, kOfOne) || function == "url") {
    return of_overload;
  }
  if (arguments == 1) {
    return nullptr;
  }
  if (function == "containsIP") {
    return costs::contains_ip;
  }
  if (function == "containsCIDR") {
    return costs::contains_cidr;
  }
  return is_one_of(function, kOfTwo) ? of_overload : nullptr;
}

WithPattern with_pattern(std::string_view function) {
  if (function == "find") {
    return find_by_pattern;
  }
  if (function == "findAll") {
    return find_all_by_pattern;
  }
  return nullptr;
}

}  // namespace seaworthy::cel::call_rules
