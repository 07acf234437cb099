#include "seaworthy/engine/mutation.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/json.h"

// Mutations with what kube-apiserver 1.36 makes of them: the object, or its error. The cases of
// mutations.json are part of the project; those of the conformance data are not, and
// SEAWORTHY_CEL_CONFORMANCE names their folder.

namespace seaworthy::engine {
namespace {

using nlohmann::json;

/// `variables.x`, each computed when it is first read.
class Variables final : public cel::LazySlots {
 public:
  void add(cel::Slot slot, std::string name, std::shared_ptr<const cel::Program> program) {
    entries_.push_back({slot, std::move(name), std::move(program)});
  }

  cel::Value resolve(std::uint32_t slot, cel::Evaluation& evaluation) override {
    for (const Entry& entry : entries_) {
      if (entry.slot != slot) {
        continue;
      }
      cel::Evaluation inner(evaluation.arena(), evaluation.slots(), this);
      inner.start();
      const cel::Value value = entry.program->evaluate(inner);
      return value.is_error() ? evaluation.error("composited variable \"" + entry.name +
                                                 "\" fails to evaluate: " +
                                                 std::string(value.as_error().message))
                              : value;
    }
    return {};
  }

 private:
  struct Entry {
    cel::Slot slot;
    std::string name;
    std::shared_ptr<const cel::Program> program;
  };

  std::vector<Entry> entries_;
};

/// A variable's type as the API server declares it.
cel::Type variable_type(const cel::Type& type) {
  const bool unknown = type.is(cel::TypeKind::kOptional) || type.is(cel::TypeKind::kOpaque) ||
                       type.is(cel::TypeKind::kStruct);
  return unknown ? cel::Type::dyn() : type;
}

json failure(std::string text) { return {{"error", std::move(text)}}; }

/// {"result": …} or {"error": …}.
json run(const json& test, const Mutator& mutator) {
  cel::Environment variables_environment = cel::Environment::kubernetes();
  variables_environment.declare("object", cel::Type::dyn());
  variables_environment.declare_composite("variables");
  Variables variables;
  for (const json& variable : test.value("variables", json::array())) {
    const std::string name = variable["name"];
    cel::Compilation compiled =
        variables_environment.compile(variable["expression"].get<std::string>());
    if (compiled.program == nullptr) {
      return failure("variable " + name + ": " + compiled.issues[0].message);
    }
    const cel::Slot slot = variables_environment.declare_field(
        "variables", name, variable_type(compiled.program->result_type()));
    variables.add(slot, name, std::move(compiled.program));
  }
  cel::Environment environment = variables_environment;
  environment.declare_patch_types();
  const std::string expression = test["expr"];
  const cel::Compilation compiled = environment.compile(expression);
  if (compiled.program == nullptr) {
    return failure("compilation failed: " + format_issues(expression, compiled.issues));
  }
  const PatchType type = patch_type_of(test["patchType"].get<std::string>()).value();
  if (auto fault = result_type_fault(type, compiled.program->result_type())) {
    return failure(*std::move(fault));
  }
  Arena arena;
  const auto object = document::parse_json(test["object"].dump(), arena);
  std::vector<cel::Value> slots(environment.slot_count());
  slots[0] = cel::Value::of(*object);
  cel::Evaluation evaluation(arena, slots, &variables);
  evaluation.start();
  const cel::Value value = compiled.program->evaluate(evaluation);
  const auto mutated =
      mutator.mutate(type, *compiled.program, value, *object, Decoding::kUntyped, arena);
  if (!mutated) {
    return failure(mutated.error().message);
  }
  return {{"result", json::parse(document::print_json(*mutated))}};
}

/// What the recorder saw: an error, or the API server's panic.
json expected_of(const json& test) {
  for (const char* fault : {"error", "panic"}) {
    if (test.contains(fault)) {
      return {{"error", test[fault]}};
    }
  }
  return {{"result", test["result"]}};
}

void expect_all(const json& tests) {
  const Mutator mutator;
  for (const json& test : tests) {
    EXPECT_EQ(expected_of(test), run(test, mutator))
        << test["patchType"] << " " << test["expr"].get<std::string>();
  }
}

TEST(MutationTest, DoesAsKubernetes) {
  std::ifstream file(std::filesystem::path(SEAWORTHY_SOURCE_DIR) / "tests/engine/mutations.json");
  const json tests = json::parse(file);
  EXPECT_GE(tests.size(), 250U);
  expect_all(tests);
}

TEST(MutationTest, DoesAsTheConformanceDataSays) {
  const char* named = std::getenv("SEAWORTHY_CEL_CONFORMANCE");
  const std::filesystem::path folder =
      named != nullptr ? std::filesystem::path(named)
                       : std::filesystem::path(SEAWORTHY_SOURCE_DIR) / "../shared/cel-conformance";
  std::ifstream file(folder / "kubernetes/map_patches.json");
  if (!file) {
    GTEST_SKIP() << "no conformance data at " << folder << " (set SEAWORTHY_CEL_CONFORMANCE)";
  }
  const json tests = json::parse(file)["tests"];
  EXPECT_EQ(tests.size(), 26U);
  expect_all(tests);
}

}  // namespace
}  // namespace seaworthy::engine
