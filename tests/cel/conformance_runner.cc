#include "cel/conformance_runner.h"

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cel/check/environment_state.h"
#include "cel/conformance_values.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/linker.h"

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

/// Both runs of a program linked with itself alone, everything shared.
json evaluate_shared(std::shared_ptr<const Program> program, std::span<Value> slots, Arena& arena) {
  std::vector<SlotIdentity> identities;
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    identities.push_back({"slot " + std::to_string(slot), 0});
  }
  Linker linker({.everything = true});
  linker.add(program, identities);
  const MemoLayout layout = linker.link();
  Memo memo(layout, arena);
  Evaluation evaluation(arena, slots, nullptr, &memo);
  json first = json::object();
  json second = json::object();
  evaluate(*program, evaluation, first);
  evaluate(*program, evaluation, second);
  return first == second ? second : json{{"differs", {first, second}}};
}

/// Errors of the checker come with their places, those of making the program without.
std::string compile_error(const std::string& expression, const Compilation& compiled) {
  const std::vector<Issue>& issues = compiled.issues;
  if (issues.size() == 1 && issues[0].position.line == 0 &&
      !issues[0].message.starts_with("expression ") &&
      !issues[0].message.starts_with("max recursion")) {
    return "program instantiation failed: " + issues[0].message;
  }
  return "compilation failed: " + format_issues(expression, issues, compiled.more_issues);
}

}  // namespace

json run_spec_test(const json& test, bool sharing) {
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
    const std::string text = compile_error(expression, compiled);
    answer["compileError"] = text.substr(text.find(": ") + 2);
    return answer;
  }
  if (is_checked) {
    answer["type"] = compiled.program->result_type().text();
  }
  if (!test["checkOnly"].get<bool>()) {
    if (sharing) {
      answer.update(evaluate_shared(compiled.program, slots, arena));
      return answer;
    }
    Evaluation evaluation(arena, slots);
    evaluate(*compiled.program, evaluation, answer);
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
