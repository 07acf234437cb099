#pragma once

#include <span>
#include <string_view>

#include "cel/lib/pattern.h"
#include "cel/lib/pattern_cache.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/function.h"

namespace seaworthy::cel {

/// find and findAll (k8s.io/apiserver pkg/cel/library/regex.go).
Library regex_library();

/// A pattern that is no constant, from those that the running program's environment keeps.
PatternCache::Entry pattern_of(std::string_view expression, Evaluation& evaluation);

// The same with the second argument's pattern already compiled.
Value find_by_pattern(const Pattern& pattern, std::span<const Value> arguments,
                      Evaluation& evaluation);
Value find_all_by_pattern(const Pattern& pattern, std::span<const Value> arguments,
                          Evaluation& evaluation);

}  // namespace seaworthy::cel
