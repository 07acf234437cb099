#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cel/check/checker.h"

namespace seaworthy::cel {

struct Validation {
  std::vector<Issue> issues;      ///< By place.
  std::uint64_t more_issues = 0;  ///< As Compilation::more_issues.
};

/// What is wrong with a tree whose types are right: literals of mixed types, and literal regular
/// expressions, durations, timestamps and format strings that can never work. Rule: cel-go
/// cel/validator.go and ext/formatting.go with the validators that Kubernetes enables (cel.md
/// section 2).
Validation validate(const CheckResult& checked);

/// The validator of `'…'.format([…])`; part of validate().
std::optional<Issue> validate_format(const CheckResult& checked, const Expr& call);

}  // namespace seaworthy::cel
