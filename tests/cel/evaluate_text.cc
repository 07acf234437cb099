#include "evaluate_text.h"

#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/json.h"

namespace seaworthy::cel {

namespace {

std::string run(std::string_view expression, std::string_view object, bool is_checked) {
  static const Environment environment = [] {
    Environment made = Environment::kubernetes();
    made.declare("object", Type::dyn());
    return made;
  }();
  const Compilation compilation =
      is_checked ? environment.compile(expression) : environment.compile_unchecked(expression);
  if (compilation.program == nullptr) {
    return "refused: " + compilation.issues.front().message;
  }
  Arena arena;
  const Result<document::Node> node = document::parse_json(object, arena);
  if (!node) {
    return "not JSON: " + node.error().message;
  }
  std::vector<Value> slots = {Value::of(*node)};
  Evaluation evaluation(arena, slots);
  evaluation.start();
  const Value value = compilation.program->evaluate(evaluation);
  const std::string cost = " for " + std::to_string(evaluation.cost());
  if (value.is_error()) {
    return "error " + std::string(value.as_error().message) + cost;
  }
  return std::string(runtime_type(value).name) + " " + std::string(to_text(value, arena)) + cost;
}

}  // namespace

std::string evaluate_text(std::string_view expression, std::string_view object) {
  return run(expression, object, true);
}

std::string evaluate_unchecked_text(std::string_view expression, std::string_view object) {
  return run(expression, object, false);
}

}  // namespace seaworthy::cel
