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

bool ends_early(std::string_view overload) {
  constexpr std::array<std::string_view, 2> kEarly = {"string_format", "string_find_all_string"};
  return is_one_of(overload, kEarly);
}

CallCost unresolved_cost(std::string_view function) {
  constexpr std::array<std::string_view, 6> kTraversals = {"isSorted", "sum",     "min",
                                                           "max",      "indexOf", "lastIndexOf"};
  return is_one_of(function, kTraversals) ? costs::first_traversal : nullptr;
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
