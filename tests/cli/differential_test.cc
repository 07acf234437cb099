// Questions that fuzz/differential made, with the answers of kube-apiserver 1.36's own CEL: those
// that once differed, and a sample of the others. Recorded with `fuzz/differential --record`.
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/eval_batch.h"

namespace seaworthy::cli {
namespace {

using nlohmann::json;

/// Formats, and what mutations make, have no text outside the API server's process.
void forget_formats(json& value) {
  if (value.is_object() && value.contains("go")) {
    const std::string type = value["type"];
    if (type == "kubernetes.NamedFormat" || type == "JSONPatch" || type.starts_with("Object")) {
      value.erase("go");
    }
  }
  for (json& inner : value) {
    if (inner.is_structured()) {
      forget_formats(inner);
    }
  }
}

TEST(DifferentialTest, AnswersAsTheApiServer) {
  std::ifstream file(std::filesystem::path(SEAWORTHY_SOURCE_DIR) /
                     "tests/testdata/differential.jsonl");
  BatchEvaluator evaluator;
  int count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    json recorded = json::parse(line);
    const auto answered = evaluator.answer(recorded["request"].dump());
    ASSERT_TRUE(answered) << answered.error().message << " " << line;
    json answer = json::parse(*answered);
    forget_formats(answer);
    forget_formats(recorded["answer"]);
    EXPECT_EQ(answer, recorded["answer"]) << recorded["request"]["expr"];
  }
  EXPECT_GE(count, 500);
}

}  // namespace
}  // namespace seaworthy::cli
