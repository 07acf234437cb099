#pragma once

#include <span>
#include <string_view>

#include "cel/lib/pattern.h"
#include "seaworthy/cel/function.h"

namespace seaworthy::cel::call_rules {

// What cel-go knows about a function beyond its overloads' rows.

/// Whether arguments are held against the signature before the call. Not where the implementation
/// looks itself and has words of its own (cel-go DisableTypeGuards, singleton bindings).
bool is_guarded(std::string_view function);

/// Overloads of two arguments that are bound as functions of any number: their first failing
/// argument ends the call.
bool ends_early(std::string_view overload);

/// The cost of a call that the checker could not resolve to one overload. Null: 1.
CallCost unresolved_cost(std::string_view function);

/// The implementation for a pattern that is constant; null where the function takes none.
using WithPattern = Value (*)(const Pattern& pattern, std::span<const Value> arguments,
                              Evaluation& evaluation);
WithPattern with_pattern(std::string_view function);

}  // namespace seaworthy::cel::call_rules
