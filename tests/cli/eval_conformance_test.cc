#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <ostream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cel/conformance_runner.h"
#include "cli/eval_batch.h"

// The API server's own expressions and probes of admission policies, with Kubernetes 1.36's answers
// as what is expected. The data is not part of the project: SEAWORTHY_CEL_CONFORMANCE names its
// folder. SEAWORTHY_CEL_DIFFERENCES=1 prints each difference. The numbers below are floors: they
// may be raised, never lowered.

namespace seaworthy::cli {
namespace {

using nlohmann::json;

struct Floor {
  std::string file;
  int tests;
  int agree;  ///< Type, value, whether there is an error.
  int exact;  ///< And the texts of errors, and the cost.

  friend void PrintTo(const Floor& floor, std::ostream* out) { *out << floor.file; }
};

std::filesystem::path folder() {
  const char* named = std::getenv("SEAWORTHY_CEL_CONFORMANCE");
  return named != nullptr
             ? std::filesystem::path(named)
             : std::filesystem::path(SEAWORTHY_SOURCE_DIR) / "../shared/cel-conformance";
}

class EvalConformanceTest : public testing::TestWithParam<Floor> {};

TEST_P(EvalConformanceTest, HoldsItsFloor) {
  const Floor& floor = GetParam();
  std::ifstream file(folder() / floor.file);
  if (!file) {
    GTEST_SKIP() << "no conformance data at " << folder() << " (set SEAWORTHY_CEL_CONFORMANCE)";
  }
  const bool print = std::getenv("SEAWORTHY_CEL_DIFFERENCES") != nullptr;
  int tests = 0;
  int agree = 0;
  int exact = 0;
  const json data = json::parse(file);
  BatchEvaluator evaluator;
  BatchEvaluator sharing(true);
  for (const json& test : data["tests"]) {
    ++tests;
    const auto answered = evaluator.answer(test.dump());
    ASSERT_TRUE(answered) << answered.error().message << " " << test;
    const json answer = json::parse(*answered);
    EXPECT_EQ(json::parse(sharing.answer(test.dump()).value()), answer) << test;
    const json& expected = test;
    const cel::Agreement agreement = cel::compare(expected, answer);
    agree += agreement.agrees ? 1 : 0;
    exact += agreement.exact ? 1 : 0;
    if (print && !agreement.exact) {
      std::cout << (agreement.agrees ? "inexact " : "differs ") << test["expr"] << "\n  want "
                << expected << "\n  got  " << answer << "\n";
    }
  }
  EXPECT_EQ(tests, floor.tests);
  EXPECT_GE(agree, floor.agree);
  EXPECT_GE(exact, floor.exact);
  RecordProperty("agree", agree);
  RecordProperty("exact", exact);
  if (agree > floor.agree || exact > floor.exact) {
    std::cout << floor.file << ": " << agree << " agree, " << exact
              << " exactly: raise the floor\n";
  }
}

INSTANTIATE_TEST_SUITE_P(Files, EvalConformanceTest,
                         testing::Values(Floor{"kubernetes/k8s_lib.json", 584, 584, 584},
                                         // object.map(k, k) there is answered in the order of a Go
                                         // map, which is random.
                                         Floor{"kubernetes/vap_semantics.json", 329, 328, 328}),
                         [](const testing::TestParamInfo<Floor>& floor) {
                           return std::filesystem::path(floor.param.file).stem().string();
                         });

// Expressions over the patch types with Kubernetes 1.36's answers (type, value, error, cost).
TEST(EvalPatchTypesTest, AnswersAsKubernetes) {
  std::ifstream file(std::filesystem::path(SEAWORTHY_SOURCE_DIR) / "tests/cli/patch_types.json");
  const json tests = json::parse(file);
  EXPECT_GE(tests.size(), 250U);
  BatchEvaluator evaluator;
  BatchEvaluator sharing(true);
  for (const json& test : tests) {
    const auto answered = evaluator.answer(test.dump());
    ASSERT_TRUE(answered) << answered.error().message << " " << test;
    const json answer = json::parse(*answered);
    EXPECT_EQ(json::parse(sharing.answer(test.dump()).value()), answer) << test;
    EXPECT_TRUE(cel::compare(test, answer).exact) << "want " << test << "\ngot  " << answer;
  }
}

}  // namespace
}  // namespace seaworthy::cli
