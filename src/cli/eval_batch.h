#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "cli/streams.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/json.h"
#include "seaworthy/engine/mutation.h"
#include "seaworthy/policy/admission_environment.h"

namespace seaworthy::cli {

/// Answers requests that are a line of JSON each, as the protocol of docs/eval.md says.
class BatchEvaluator {
 public:
  /// `sharing`: EvalScope::share_everything, for tests.
  explicit BatchEvaluator(bool sharing = false);

  /// The answer to one request, without a line's end. Errors: kInvalid where `line` is no request:
  /// not JSON, a field of another type, no expression, a variable twice, a patch of what is no
  /// object; kOverLimit for too many variables.
  Result<std::string> answer(std::string_view line);

 private:
  Result<std::string> answer_expression(const document::Node& request);
  Result<std::string> answer_patch(const document::Node& request);

  bool sharing_;
  policy::AdmissionEnvironment environment_;
  policy::AdmissionEnvironment patch_environment_;
  std::optional<engine::Mutator> mutator_;  ///< Made for the first patch.
  document::JsonParser parser_;
  Arena arena_;
};

/// `seaworthy eval --batch`: a line of standard input, a line of output, until the input ends. What
/// is no request is answered with its line's number and the mistake; then the exit code is kUsage.
ExitCode eval_batch(const World& world);

}  // namespace seaworthy::cli
