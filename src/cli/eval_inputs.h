#pragma once

#include "cli/eval.h"
#include "cli/eval_scope.h"
#include "cli/streams.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"

namespace seaworthy::cli {

/// Reads the files that the options name; of --review what no other option gives. Everything lies
/// in `arena`. Errors: of the files; kInvalid with what is wrong in one (not YAML, more than one
/// document, no AdmissionReview), and where standard input is to be read twice.
Result<EvalInputs> read_inputs(const EvalOptions& options, const World& world, Arena& arena);

/// The expression, or the text of the file that holds it. Errors: kInvalid where there is none or
/// both.
Result<std::string> read_expression(const EvalOptions& options, const World& world);

/// NAME=EXPR of each --variable. Errors: kInvalid where one is not of that form.
Result<std::vector<EvalVariable>> read_variables(const EvalOptions& options);

}  // namespace seaworthy::cli
