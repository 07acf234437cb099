#pragma once

#include <span>

#include "cel/lib/pattern.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/function.h"

namespace seaworthy::cel {

/// find and findAll (k8s.io/apiserver pkg/cel/library/regex.go).
Library regex_library();

// The same with the second argument's pattern already compiled.
Value find_by_pattern(const Pattern& pattern, std::span<const Value> arguments,
                      Evaluation& evaluation);
Value find_all_by_pattern(const Pattern& pattern, std::span<const Value> arguments,
                          Evaluation& evaluation);

}  // namespace seaworthy::cel
