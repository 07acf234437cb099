#pragma once

#include <vector>

#include "cel/check/checker.h"

namespace seaworthy::cel {

/// What is wrong with a tree whose types are right: literals of mixed types, and literal regular
/// expressions, durations, timestamps and format strings that can never work. Rule: cel-go
/// cel/validator.go and ext/formatting.go with the validators that Kubernetes enables (cel.md
/// section 2).
std::vector<Issue> validate(const CheckResult& checked);

/// The validator of `'…'.format([…])`; part of validate().
void validate_format(const CheckResult& checked, const Expr& call, std::vector<Issue>& issues);

}  // namespace seaworthy::cel
