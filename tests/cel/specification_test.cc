#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cel/conformance_runner.h"

// cel-spec's conformance tests with the specification's own answers as what is expected. Kubernetes
// differs from it on purpose and by its age: specification_differences.txt lists where, and why.

namespace seaworthy::cel {
namespace {

using nlohmann::json;

std::set<std::string> known_differences() {
  std::ifstream file(std::filesystem::path(SEAWORTHY_SOURCE_DIR) /
                     "tests/cel/specification_differences.txt");
  std::set<std::string> out;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') {
      EXPECT_TRUE(out.insert(line).second) << "twice: " << line;
    }
  }
  return out;
}

TEST(SpecificationTest, IsLeftOnlyWhereAReasonIsKnown) {
  const std::filesystem::path folder = conformance_folder() / "spec";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "no conformance data at " << folder << " (set SEAWORTHY_CEL_CONFORMANCE)";
  }
  std::set<std::string> differences;
  int tests = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    const json data = json::parse(file);
    for (const json& test : data["tests"]) {
      if (test.value("relevance", "") != "kubernetes") {
        continue;
      }
      ++tests;
      if (!agrees_with_specification(test["expect"], run_spec_test(test))) {
        differences.insert(entry.path().stem().string() + ": " +
                           test["section"].get<std::string>() + "/" +
                           test["name"].get<std::string>());
      }
    }
  }
  EXPECT_EQ(tests, 1524);
  EXPECT_THAT(differences, testing::ContainerEq(known_differences()));
}

}  // namespace
}  // namespace seaworthy::cel
