#include "translate/features.h"

#include <gtest/gtest.h>

namespace seaworthy::translate {
namespace {

struct FeatureCase {
  std::set<std::string> features;
  std::int64_t minor;
  std::string why;
};

TEST(FeaturesTest, AreTakenOneVersionAfterTheyCame) {
  const std::vector<FeatureCase> cases{
      {{}, 30, ""},
      {{"quantity", "isLessThan", ".?", "[?]", "orValue", "optMap", "sets.contains", "join"},
       30,
       ""},
      {{"ip"}, 30, "uses ip, which new policies may from Kubernetes 1.31 on"},
      {{"ip"}, 31, ""},
      {{"transformList"}, 32, "uses transformList, which new policies may from Kubernetes 1.33 on"},
      {{"transformList"}, 33, ""},
      {{"all"}, 30, ""},
      {{"all/2"}, 30, "uses all/2, which new policies may from Kubernetes 1.33 on"},
      {{"semver"}, 33, "uses semver, which new policies may from Kubernetes 1.34 on"},
      // Of several the one that came last.
      {{"ip", "flatten", "all/2"},
       30,
       "uses flatten, which new policies may from Kubernetes 1.35 on"},
      {{"ip", "flatten", "all/2"}, 35, ""},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(unavailable(each.features, each.minor), each.why);
  }
}

}  // namespace
}  // namespace seaworthy::translate
