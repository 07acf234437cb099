#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/eval.h"
#include "cli/eval_scope.h"
#include "seaworthy/cel/explain.h"

namespace seaworthy::cli {

/// What one `seaworthy eval` found out.
struct EvalReport {
  std::string expression;
  EvalOutcome outcome;
  std::vector<std::pair<std::string, std::string>> broken_variables;  ///< Name, compile error.
  std::vector<EvalScope::Read> variables_read;
  std::uint64_t variables_cost = 0;
  const cel::Explanation* explanation = nullptr;  ///< Null: not asked for.
  std::string json;                               ///< The value as plain JSON.
};

/// The value as CEL, over several lines where it is long, and what the options ask for besides.
std::string print_eval_text(const EvalReport& report, const EvalOptions& options);
/// The fields of a batch answer, the value as plain JSON, and the explanation as a tree.
std::string print_eval_json(const EvalReport& report);

}  // namespace seaworthy::cli
