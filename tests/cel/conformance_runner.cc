#include "cel/conformance_runner.h"

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "cel/admission_environment.h"
#include "cel/check/environment_state.h"
#include "cel/conformance_values.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/json.h"

namespace seaworthy::cel {
namespace {

using nlohmann::json;

/// Reads a printed type by way of the signature reader. `storage` keeps what a row points to.
class Declarations {
 public:
  Type type(const std::string& text) {
    signatures_.push_back("() -> " + (text == "any" ? "dyn" : text));
    FunctionRow row;
    row.signature = signatures_.back();
    return read_signature(row).result;
  }

  void add(Environment& environment, const json& declared) {
    for (const json& overload : declared["overloads"]) {
      std::string parameters;
      std::string receiver;
      for (const json& parameter : overload["params"]) {
        const bool is_receiver = overload["member"].get<bool>() && receiver.empty();
        std::string& into = is_receiver ? receiver : parameters;
        into += (into.empty() ? "" : ", ") + parameter.get<std::string>();
      }
      signatures_.push_back((receiver.empty() ? "(" : receiver + ".(") + parameters + ") -> " +
                            overload["result"].get<std::string>());
      names_.push_back(declared["name"].get<std::string>());
      names_.push_back(overload["id"].get<std::string>());
      FunctionRow row;
      row.name = names_[names_.size() - 2];
      row.overload = names_.back();
      row.signature = signatures_.back();
      row.run = [](std::span<const Value> arguments, Evaluation& evaluation) {
        return evaluation.no_such_overload("", arguments);
      };
      rows_.push_back(row);
      environment.add({"test", std::span(&rows_.back(), 1)});
    }
  }

 private:
  std::deque<std::string> signatures_;
  std::deque<std::string> names_;
  std::deque<FunctionRow> rows_;
};

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

/// A variable's type as Kubernetes declares it: what it has no declaration for is dyn (apiserver
/// pkg/admission/plugin/cel/composition.go).
Type variable_type(const Type& type) {
  return type.is(TypeKind::kOptional) || type.is(TypeKind::kOpaque) || type.is(TypeKind::kStruct)
             ? Type::dyn()
             : type;
}

void declare_variables(const json& test, Environment& environment, Variables& variables,
                       json& answer) {
  for (const json& variable : test.value("variables", json::array())) {
    const std::string name = variable["name"];
    const std::string expression = variable["expression"];
    Compilation compiled = environment.compile(expression);
    std::string error;
    Type type;
    if (compiled.program != nullptr) {
      type = variable_type(compiled.program->result_type());
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

json run_spec_test(const json& test) {
  json answer = json::object();
  Environment environment = Environment::kubernetes();
  environment.set_container(test["container"]);
  Declarations declarations;
  Arena arena;
  std::vector<Value> slots;
  const bool is_checked = !test["disableCheck"].get<bool>();
  for (const json& declared : test["typeEnv"]) {
    if (declared.contains("overloads") && !declared["overloads"].empty()) {
      declarations.add(environment, declared);
      continue;
    }
    environment.declare(declared["name"], declarations.type(declared["type"]));
    const auto bound = test["bindings"].find(declared["name"].get<std::string>());
    slots.push_back(bound == test["bindings"].end() ? Value() : decode(*bound, arena));
  }
  for (const auto& [name, value] : test["bindings"].items()) {
    if (!is_checked && !environment.state().variables.contains(name)) {
      environment.declare(name, Type::dyn());
      slots.push_back(decode(value, arena));
    }
  }
  const std::string expression = test["expr"];
  const Compilation compiled =
      is_checked ? environment.compile(expression) : environment.compile_unchecked(expression);
  if (compiled.program == nullptr) {
    const std::string text = compile_error(expression, compiled.issues);
    answer["compileError"] = text.substr(text.find(": ") + 2);
    return answer;
  }
  if (is_checked) {
    answer["type"] = compiled.program->result_type().text();
  }
  if (!test["checkOnly"].get<bool>()) {
    Evaluation evaluation(arena, slots);
    evaluate(*compiled.program, evaluation, answer);
  }
  return answer;
}

json run_admission_test(const json& test) {
  json answer = json::object();
  Environment environment = admission_environment();
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
  constexpr std::string_view kNames[] = {"object", "oldObject", "params", "request",
                                         "namespaceObject"};
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

Agreement compare(const json& expected, const json& answer) {
  const bool fails = expected.contains("compileError") || expected.contains("programError");
  if (fails || answer.contains("compileError")) {
    Agreement result;
    result.agrees = fails && answer.contains("compileError");
    result.exact =
        result.agrees &&
        answer["compileError"] ==
            expected[expected.contains("compileError") ? "compileError" : "programError"];
    return result;
  }
  Agreement result;
  result.agrees = (!expected.contains("type") || expected["type"] == answer["type"]) &&
                  expected.contains("error") == answer.contains("error") &&
                  (!expected.contains("value") ||
                   (answer.contains("value") && same_value(expected["value"], answer["value"])));
  result.exact =
      result.agrees && expected.value("error", "") == answer.value("error", "") &&
      (!expected.contains("cost") || expected["cost"] == answer.value("cost", json(nullptr))) &&
      expected.value("variablesCost", 0) == answer.value("variablesCost", 0);
  return result;
}

bool agrees_with_specification(const json& expect, const json& answer) {
  if (expect.contains("error")) {
    return answer.contains("error");
  }
  const bool same_type = !expect.contains("type") || expect["type"] == answer.value("type", "");
  const bool evaluated = answer.contains("value") || answer.contains("error");
  return !answer.contains("compileError") && same_type &&
         (!expect.contains("value") || !evaluated ||
          (answer.contains("value") && same_value(expect["value"], answer["value"])));
}

std::filesystem::path conformance_folder() {
  const char* named = std::getenv("SEAWORTHY_CEL_CONFORMANCE");
  return named != nullptr
             ? std::filesystem::path(named)
             : std::filesystem::path(SEAWORTHY_SOURCE_DIR) / "../shared/cel-conformance";
}

}  // namespace seaworthy::cel
