#include "policy/admission_runner.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "cel/conformance_values.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/json.h"
#include "seaworthy/policy/admission_environment.h"

namespace seaworthy::cel {
namespace {

using nlohmann::json;

void evaluate(const Program& program, Evaluation& evaluation, json& answer) {
  evaluation.start();
  const Value value = program.evaluate(evaluation);
  answer["cost"] = evaluation.cost();
  if (value.is_error()) {
    answer["error"] = std::string(value.as_error().message);
  } else {
    answer["value"] = encode(value);
  }
}

/// `variables.x`: each evaluated when first read.
class Variables final : public LazySlots {
 public:
  /// `error`: why there is no program.
  void add(Slot slot, std::shared_ptr<const Program> program, std::string name, std::string error) {
    programs_.push_back({slot, std::move(program), std::move(name), std::move(error)});
  }

  Value resolve(std::uint32_t slot, Evaluation& evaluation) override {
    for (const Entry& entry : programs_) {
      if (entry.slot != slot) {
        continue;
      }
      if (entry.program == nullptr) {
        return evaluation.error("composited variable \"" + entry.name +
                                "\" fails to compile: " + entry.error);
      }
      Evaluation inner(evaluation.arena(), evaluation.slots(), this);
      inner.start();
      const Value value = entry.program->evaluate(inner);
      cost_ += inner.cost();
      if (value.is_error()) {
        return evaluation.error("composited variable \"" + entry.name +
                                "\" fails to evaluate: " + std::string(value.as_error().message));
      }
      return value;
    }
    return {};
  }

  [[nodiscard]] std::uint64_t cost() const { return cost_; }

 private:
  struct Entry {
    Slot slot;
    std::shared_ptr<const Program> program;
    std::string name;
    std::string error;
  };

  std::vector<Entry> programs_;
  std::uint64_t cost_ = 0;
};

void declare_variables(const json& test, Environment& environment, Variables& variables,
                       json& answer) {
  for (const json& variable : test.value("variables", json::array())) {
    const std::string name = variable["name"];
    const std::string expression = variable["expression"];
    Compilation compiled = environment.compile(expression);
    std::string error;
    Type type;
    if (compiled.program != nullptr) {
      type = policy::variable_type(compiled.program->result_type());
    } else {
      error = "compilation failed: " + format_issues(expression, compiled.issues);
      answer["var:" + name] = error;
    }
    variables.add(environment.declare_field("variables", name, type), std::move(compiled.program),
                  name, error);
  }
}

/// Errors of the checker come with their places, those of making the program without.
std::string compile_error(const std::string& expression, const std::vector<Issue>& issues) {
  if (issues.size() == 1 && issues[0].position.line == 0 &&
      !issues[0].message.starts_with("expression ") &&
      !issues[0].message.starts_with("max recursion")) {
    return "program instantiation failed: " + issues[0].message;
  }
  return "compilation failed: " + format_issues(expression, issues);
}

}  // namespace

json run_admission_test(const json& test) {
  json answer = json::object();
  Environment environment = policy::make_admission_environment(Environment::kubernetes(),
                                                               policy::AdmissionParams::kDeclared)
                                .environment;
  environment.declare_patch_types();
  Variables variables;
  declare_variables(test, environment, variables, answer);
  const std::string expression = test["expr"];
  const Compilation compiled = environment.compile(expression);
  if (compiled.program == nullptr) {
    answer["compileError"] = compile_error(expression, compiled.issues);
    return answer;
  }
  const std::string type = compiled.program->result_type().text();
  if (const auto wanted = test.find("returns"); wanted != test.end() && *wanted != type) {
    answer["compileError"] = "must evaluate to " + wanted->get<std::string>() + " but got " + type;
    return answer;
  }
  answer["type"] = type;
  Arena arena;
  std::vector<Value> slots(environment.slot_count());
  constexpr std::string_view kNames[] = {"object", "oldObject", "request", "namespaceObject",
                                         "params"};
  for (std::size_t slot = 0; slot < std::size(kNames); ++slot) {
    const json vars = test.value("vars", json::object());
    const auto bound = vars.find(std::string(kNames[slot]));
    const auto node = document::parse_json(bound == vars.end() ? "null" : bound->dump(), arena);
    slots[slot] = node ? Value::of(*node) : Value();
  }
  Evaluation evaluation(arena, slots, &variables);
  evaluate(*compiled.program, evaluation, answer);
  if (variables.cost() != 0) {
    answer["variablesCost"] = variables.cost();
  }
  return answer;
}

}  // namespace seaworthy::cel
