#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cel/syntax/ast.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/function.h"
#include "seaworthy/cel/type.h"

namespace seaworthy::cel {

/// What the checker found out about one node, by its ExprIndex.
struct NodeInfo {
  Type type;
  /// kIdent, or a kSelect that is a dotted variable's name or a composite's field: the slot that it
  /// reads.
  std::optional<Slot> slot;
  /// kIdent or kSelect that names a type (`int`, `google.protobuf.Timestamp`): its run-time name.
  std::string type_name;
  /// kIdent that names a loop's variable: the loop node that declares it, and which of its
  /// variables (0 or 1).
  ExprIndex loop = kNoExpr;
  std::uint8_t loop_variable = 0;
  /// kCall: the overloads that may apply, in declaration order; one where it is resolved. kSelect
  /// whose whole operand chain is a namespaced function's name has none: the kCall's name is the
  /// full one ("ip.isCanonical") and its operand is kNoExpr.
  std::vector<const FunctionRow*> overloads;
};

struct CheckResult {
  Ast ast;                      ///< With namespaced calls resolved.
  std::vector<NodeInfo> nodes;  ///< As long as ast.nodes.
  std::vector<Issue> issues;
  std::uint64_t more_issues = 0;  ///< As Compilation::more_issues.
  /// Null where the tree was checked; else what its names are looked up in when the expression is
  /// planned and run (unchecked.h). As long as the environment lives.
  const Environment::State* unchecked = nullptr;
};

/// Resolves names and overloads and infers types. Rule: cel-go 0.26's checker with Kubernetes'
/// options (cel.md section 2 and 4): dyn, type parameters, homogeneous aggregate literals,
/// validators for literal regexes, durations, timestamps.
CheckResult check(Ast ast, const Environment::State& environment);

}  // namespace seaworthy::cel
