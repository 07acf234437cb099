#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cel/check/checker.h"

namespace seaworthy::cel {

/// A tree as it is, without types: every call has all overloads of its function, names are left to
/// the planner, nothing is validated. The only issues come from planning. The result points to
/// `environment`.
CheckResult leave_unchecked(Ast ast, const Environment::State& environment);

/// What `name` may mean inside `container`, innermost first.
std::vector<std::string> candidate_names(std::string_view name, bool absolute,
                                         std::string_view container);

/// Whether `name` names a type that has a value (`int`, `net.IP`; not `duration`, which only the
/// checker knows).
bool is_type_name(std::string_view name);

}  // namespace seaworthy::cel
