#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <ostream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cel/conformance_runner.h"

// cel-spec's conformance tests, with Kubernetes 1.36's answers as what is expected. The data is not
// part of the project: SEAWORTHY_CEL_CONFORMANCE names its folder. SEAWORTHY_CEL_DIFFERENCES=1
// prints each difference. The numbers below are floors: they may be raised, never lowered.

namespace seaworthy::cel {
namespace {

using nlohmann::json;

struct Floor {
  std::string file;
  int tests;  ///< That concern Kubernetes.
  int agree;  ///< Type, value, whether there is an error.
  int exact;  ///< And the texts of errors, and the cost.

  friend void PrintTo(const Floor& floor, std::ostream* out) { *out << floor.file; }
};

class ConformanceTest : public testing::TestWithParam<Floor> {};

TEST_P(ConformanceTest, HoldsItsFloor) {
  const Floor& floor = GetParam();
  std::ifstream file(conformance_folder() / floor.file);
  if (!file) {
    GTEST_SKIP() << "no conformance data at " << conformance_folder()
                 << " (set SEAWORTHY_CEL_CONFORMANCE)";
  }
  const bool print = std::getenv("SEAWORTHY_CEL_DIFFERENCES") != nullptr;
  int tests = 0;
  int agree = 0;
  int exact = 0;
  int exact_when_shared = 0;
  const json data = json::parse(file);
  for (const json& test : data["tests"]) {
    if (test.value("relevance", "") != "kubernetes") {
      continue;
    }
    ++tests;
    const json answer = run_spec_test(test);
    const json& expected = test["k8s"];
    const Agreement agreement = compare(expected, answer);
    agree += agreement.agrees ? 1 : 0;
    exact += agreement.exact ? 1 : 0;
    const json shared = run_spec_test(test, true);
    exact_when_shared += compare(expected, shared).exact ? 1 : 0;
    if (print && shared != answer) {
      std::cout << "shared  " << test["expr"] << "\n  alone  " << answer << "\n  shared " << shared
                << "\n";
    }
    if (print && !agreement.exact) {
      std::cout << (agreement.agrees ? "inexact " : "differs ") << test["expr"] << "\n  want "
                << expected << "\n  got  " << answer << "\n";
    }
  }
  EXPECT_EQ(tests, floor.tests);
  EXPECT_GE(agree, floor.agree);
  EXPECT_GE(exact, floor.exact);
  EXPECT_EQ(exact_when_shared, exact);
  RecordProperty("agree", agree);
  RecordProperty("exact", exact);
  if (agree > floor.agree || exact > floor.exact) {
    std::cout << floor.file << ": " << agree << " agree, " << exact
              << " exactly: raise the floor\n";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Files, ConformanceTest,
    testing::Values(
        Floor{"spec/basic.json", 43, 43, 43}, Floor{"spec/comparisons.json", 334, 334, 334},
        Floor{"spec/conversions.json", 109, 109, 109}, Floor{"spec/dynamic.json", 17, 17, 17},
        Floor{"spec/fields.json", 60, 60, 60}, Floor{"spec/fp_math.json", 30, 30, 30},
        Floor{"spec/integer_math.json", 64, 64, 64}, Floor{"spec/lists.json", 39, 39, 39},
        Floor{"spec/logic.json", 30, 30, 30}, Floor{"spec/macros.json", 44, 44, 44},
        Floor{"spec/macros2.json", 46, 46, 46}, Floor{"spec/namespace.json", 14, 14, 14},
        Floor{"spec/network_ext.json", 69, 69, 69}, Floor{"spec/optionals.json", 59, 59, 59},
        Floor{"spec/parse.json", 193, 193, 193}, Floor{"spec/plumbing.json", 5, 5, 5},
        Floor{"spec/string.json", 51, 51, 51}, Floor{"spec/string_ext.json", 213, 213, 213},
        Floor{"spec/timestamps.json", 78, 78, 78}, Floor{"spec/type_deduction.json", 26, 26, 26}),
    [](const testing::TestParamInfo<Floor>& floor) {
      return std::filesystem::path(floor.param.file).stem().string();
    });

}  // namespace
}  // namespace seaworthy::cel
