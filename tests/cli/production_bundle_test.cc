// The built-in bundle: it loads without a word, its remedies are proven, and its own tests pass
// through the code path of `check`.
#include <gtest/gtest.h>

#include "cli/policy_options.h"
#include "seaworthy/engine/self_test.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::cli {
namespace {

TEST(ProductionBundleTest, LoadsWithoutDiagnostics) {
  const auto set = engine::prove_remedies(policy::load_policies(production_bundle()));
  for (const auto& diagnostic : set->diagnostics()) {
    ADD_FAILURE() << render(diagnostic);
  }
  EXPECT_EQ(set->policies().size(), production_bundle().size());
  EXPECT_GE(set->policies().size(), 30U);
}

TEST(ProductionBundleTest, LetsReviewsBeReadWithoutManagedFields) {
  const auto set = policy::load_policies(production_bundle());
  for (const auto& policy : set->policies()) {
    EXPECT_FALSE(policy->sees_managed_fields) << policy->name;
  }
}

TEST(ProductionBundleTest, EveryRuleIsComplete) {
  const auto set = policy::load_policies(production_bundle());
  for (const auto& policy : set->policies()) {
    EXPECT_FALSE(policy->title.empty() || policy->title == policy->name) << policy->name;
    EXPECT_FALSE(policy->description.empty()) << policy->name;
    EXPECT_FALSE(policy->category.empty()) << policy->name;
    EXPECT_FALSE(policy->since.empty()) << policy->name;
    EXPECT_FALSE(policy->references.empty()) << policy->name;
    EXPECT_TRUE(policy->file.ends_with("/" + policy->name + ".yaml")) << policy->name;
    EXPECT_GE(policy->tests.size(), 5U) << policy->name;
  }
}

TEST(ProductionBundleTest, ItsOwnTestsPass) {
  const auto set = policy::load_policies(production_bundle());
  const auto results = engine::run_tests(*set);
  EXPECT_GT(results.size(), 100U);
  for (const auto& result : results) {
    EXPECT_TRUE(result.passed) << result.policy->file << ":" << result.test->position.line << ": "
                               << result.policy->name << " / " << result.test->name << ": expected "
                               << policy::word_of(result.test->expect) << ", got "
                               << policy::word_of(result.got) << ": " << result.detail;
  }
}

}  // namespace
}  // namespace seaworthy::cli
