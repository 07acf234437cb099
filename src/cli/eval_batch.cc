// The batch protocol (docs/eval.md): each line is a question of its own, nothing is kept from one
// to the next, so that memory is bounded by the longest line. Output is flushed before waiting for
// input, so that a program can ask line by line over a pipe, and many lines at once are cheap.
#include "cli/eval_batch.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/eval_scope.h"
#include "cli/json_fields.h"
#include "cli/line_reader.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/engine/manifest_review.h"

namespace seaworthy::cli {
namespace {

using document::Node;

Result<std::string> text_of(const Node& map, std::string_view field, std::string_view where) {
  const Node& value = map[field];
  if (!value.is_string()) {
    return fail(ErrorCode::kInvalid, fmt::format("{}{} is not a string", where, field));
  }
  return std::string(value.as_string());
}

Result<std::vector<EvalVariable>> read_variables(const Node& request) {
  std::vector<EvalVariable> variables;
  const Node& list = request["variables"];
  if (!list.is_null() && !list.is_list()) {
    return fail(ErrorCode::kInvalid, "variables is not a list");
  }
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    const std::string where = fmt::format("variables[{}].", i);
    SEAWORTHY_TRY(auto name, text_of(list.items()[i], "name", where));
    SEAWORTHY_TRY(auto expression, text_of(list.items()[i], "expression", where));
    variables.push_back({std::move(name), std::move(expression)});
  }
  return variables;
}

Result<EvalInputs> read_inputs(const Node& request) {
  const Node& vars = request["vars"];
  if (!vars.is_null() && !vars.is_map()) {
    return fail(ErrorCode::kInvalid, "vars is not an object");
  }
  return EvalInputs{.object = vars["object"],
                    .old_object = vars["oldObject"],
                    .request = vars["request"],
                    .namespace_object = vars["namespaceObject"],
                    .params = vars["params"]};
}

Result<std::string> too_long() {
  return fail(ErrorCode::kOverLimit,
              fmt::format("longer than {} MiB", limits::kBatchLineBytesMax >> 20U));
}

}  // namespace

BatchEvaluator::BatchEvaluator(bool sharing)
    : sharing_(sharing),
      environment_(eval_environment()),
      patch_environment_(policy::make_admission_environment(cel::Environment::kubernetes(),
                                                            policy::AdmissionParams::kNone)) {}

Result<std::string> BatchEvaluator::answer(std::string_view line) {
  arena_.reset();
  SEAWORTHY_TRY(const Node request, parser_.parse(line, arena_));
  if (!request.is_map()) {
    return fail(ErrorCode::kInvalid, "not an object");
  }
  return request.has("patchType") ? answer_patch(request) : answer_expression(request);
}

/// A mutation of a MutatingAdmissionPolicy, of an object that is being created by nobody. Its
/// variables have neither the patch types nor params (apiserver
/// pkg/admission/plugin/policy/mutating/compilation.go).
Result<std::string> BatchEvaluator::answer_patch(const Node& request) {
  SEAWORTHY_TRY(const std::string name, text_of(request, "patchType", ""));
  const auto type = engine::patch_type_of(name);
  if (!type) {
    return fail(ErrorCode::kInvalid, "patchType is neither ApplyConfiguration nor JSONPatch");
  }
  SEAWORTHY_TRY(const std::string expression, text_of(request, "expr", ""));
  SEAWORTHY_TRY(const auto variables, read_variables(request));
  EvalInputs inputs;
  inputs.object = request["object"];
  auto review = engine::review_of_manifest(inputs.object, "", arena_);
  if (!review) {
    return std::unexpected(review.error().in("object"));
  }
  inputs.request = admission::request_variable(*review, arena_);
  EvalScope scope(patch_environment_, inputs, arena_);
  for (const auto& variable : variables) {
    SEAWORTHY_TRY([[maybe_unused]] const auto mistake, scope.add(variable));
  }
  scope.declare_patch_types();
  if (!mutator_) {
    mutator_.emplace();
  }
  JsonFields answer;
  answer.add("expr", expression);
  answer.add("patchType", name);
  const EvalOutcome outcome = scope.evaluate(expression, engine::result_type(*type).text());
  if (!outcome.compile_error.empty()) {
    answer.add("error", outcome.compile_error);
    return answer.print();
  }
  const auto mutated = mutator_->mutate(*type, *outcome.program, outcome.value, inputs.object,
                                        engine::Decoding::kUntyped, arena_);
  if (mutated) {
    answer.add_json("result", document::print_json(*mutated));
  } else {
    answer.add("error", mutated.error().message);
  }
  return answer.print();
}

Result<std::string> BatchEvaluator::answer_expression(const Node& request) {
  SEAWORTHY_TRY(const std::string expression, text_of(request, "expr", ""));
  std::string returns;
  if (request.has("returns")) {
    SEAWORTHY_TRY(returns, text_of(request, "returns", ""));
  }
  SEAWORTHY_TRY(const auto variables, read_variables(request));
  SEAWORTHY_TRY(const auto inputs, read_inputs(request));
  EvalScope scope(environment_, inputs, arena_);
  if (sharing_) {
    scope.share_everything();
  }
  JsonFields answer;
  answer.add("expr", expression);
  for (const auto& variable : variables) {
    SEAWORTHY_TRY(const std::string mistake, scope.add(variable));
    if (!mistake.empty()) {
      answer.add("var:" + variable.name, mistake);
    }
  }
  const EvalOutcome outcome = scope.evaluate(expression, returns);
  if (!outcome.compile_error.empty()) {
    answer.add("compileError", outcome.compile_error);
    return answer.print();
  }
  answer.add("type", outcome.type.text());
  answer.add("cost", outcome.cost);
  if (outcome.value.is_error()) {
    answer.add("error", outcome.value.as_error().message);
  } else {
    answer.add("value", outcome.value);
  }
  if (scope.variables_cost() != 0) {
    answer.add("variablesCost", scope.variables_cost());
  }
  return answer.print();
}

ExitCode eval_batch(const World& world) {
  BatchEvaluator evaluator;
  LineReader lines(world, limits::kBatchLineBytesMax);
  ExitCode code = ExitCode::kOk;
  std::string line;
  for (;;) {
    if (!lines.has_line()) {
      world.flush();
    }
    const auto kind = lines.next(line);
    if (!kind) {
      world.err(fmt::format("seaworthy: {}\n", kind.error().message));
      return ExitCode::kUsage;
    }
    if (*kind == LineReader::Kind::kEnd) {
      world.flush();
      return code;
    }
    const std::string_view text = trim(line);
    if (*kind == LineReader::Kind::kLine && (text.empty() || text.starts_with('#'))) {
      continue;
    }
    auto answer = *kind == LineReader::Kind::kTooLong ? too_long() : evaluator.answer(text);
    if (answer) {
      world.out(*answer + '\n');
      continue;
    }
    std::string error = "{\"error\":";
    document::print_json_string(answer.error().message, error);
    world.out(fmt::format("{},\"line\":{}}}\n", error, lines.number()));
    code = ExitCode::kUsage;
  }
}

}  // namespace seaworthy::cli
