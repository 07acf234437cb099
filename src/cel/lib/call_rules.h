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

/// Functions of several overloads that are bound as one, of one number of arguments.
bool has_one_binding(std::string_view function);

/// The cost of a call of `arguments` that was not resolved to one overload: what goes by the
/// function's name. `of_overload`: what the first overload that may apply costs. Null: 1.
CallCost unresolved_cost(std::string_view function, std::size_t arguments, CallCost of_overload);

/// The implementation for a pattern that is constant; null where the function takes none.
using WithPattern = Value (*)(const Pattern& pattern, std::span<const Value> arguments,
                              Evaluation& evaluation);
WithPattern with_pattern(std::string_view function);

}  // namespace seaworthy::cel::call_rules
