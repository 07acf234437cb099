#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cel/conformance_runner.h"
#include "evaluate_text.h"

// Expressions over the patch types with Kubernetes 1.36's answers (type, value, error, cost), which
// patch_types.json holds.

namespace seaworthy::cel {
namespace {

using nlohmann::json;

TEST(PatchTypesTest, AnswersAsKubernetes) {
  std::ifstream file(std::filesystem::path(SEAWORTHY_SOURCE_DIR) / "tests/cel/patch_types.json");
  const json tests = json::parse(file);
  EXPECT_GE(tests.size(), 250U);
  for (const json& test : tests) {
    const json answer = run_admission_test(test);
    EXPECT_TRUE(compare(test, answer).exact) << "want " << test << "\ngot  " << answer;
  }
}

TEST(PatchTypesTest, AreUnknownWhereTheyAreNotDeclared) {
  EXPECT_EQ(evaluate_text("Object{a: 1}", "{}"),
            "refused: undeclared reference to 'Object' (in container '')");
  EXPECT_EQ(evaluate_text("JSONPatch{op: 'add'}", "{}"),
            "refused: undeclared reference to 'JSONPatch' (in container '')");
  EXPECT_EQ(evaluate_text("jsonpatch.escapeKey('a')", "{}"),
            "refused: undeclared reference to 'jsonpatch' (in container '')");
}

}  // namespace
}  // namespace seaworthy::cel
