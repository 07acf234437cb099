#pragma once

#include <string_view>
#include <vector>

#include "cel/syntax/ast.h"
#include "seaworthy/cel/environment.h"

namespace seaworthy::cel {

struct ParseResult {
  Ast ast;  ///< Meaningful where there are no issues.
  std::vector<Issue> issues;
  std::uint64_t more_issues = 0;  ///< As Compilation::more_issues.
  std::size_t syntax_issues = 0;  ///< The first so many are of the grammar, not of what it means.
};

/// Parses an expression and expands its macros (into kLoop, kOptMap and test_only selects).
/// Rule: cel-spec's grammar with cel-go 0.26's parser behaviour as Kubernetes configures it (cel.md
/// section 2, Parser and Macros). Limits: limits::kExpressionCodePointsMax, kExpressionDepthMax,
/// kExpressionErrorsMax. `bindings`: cel.bind is a macro, too (cel-go ext/bindings.go).
ParseResult parse(std::string_view expression, bool bindings = false);

}  // namespace seaworthy::cel
