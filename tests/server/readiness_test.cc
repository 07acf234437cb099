#include "seaworthy/server/readiness.h"

#include <vector>

#include <gtest/gtest.h>

namespace seaworthy::server {
namespace {

TEST(ReadinessTest, NeedsEveryCondition) {
  Readiness readiness;
  EXPECT_TRUE(readiness.ready());
  readiness.block("policies", "not loaded yet");
  readiness.allow("certificate");
  EXPECT_FALSE(readiness.ready());
  const std::vector<Readiness::Condition> expected{{"certificate", ""},
                                                   {"policies", "not loaded yet"}};
  EXPECT_EQ(readiness.conditions(), expected);
  readiness.allow("policies");
  EXPECT_TRUE(readiness.ready());
  readiness.block("policies", "");
  EXPECT_FALSE(readiness.ready());
  EXPECT_EQ(readiness.conditions().at(1).reason, "no reason given");
}

}  // namespace
}  // namespace seaworthy::server
