#include "seaworthy/admission/match.h"

#include <gtest/gtest.h>

#include "support/json.h"

namespace seaworthy::admission {
namespace {

Review review_of(std::string_view resource, std::string_view sub_resource,
                 Operation operation = Operation::kCreate) {
  Review review;
  review.resource = {"", "v1", resource};
  review.sub_resource = sub_resource;
  review.namespace_name = "shop";
  review.operation = operation;
  return review;
}

TEST(ResourceRuleTest, MatchesResourcesAndSubResources) {
  struct Case {
    std::string pattern;
    std::string resource;
    std::string sub_resource;
    bool expected;
  };

  const Case cases[] = {
      {"pods", "pods", "", true},
      {"pods", "pods", "status", false},
      {"pods/status", "pods", "status", true},
      {"pods/*", "pods", "status", true},
      {"pods/*", "pods", "", true},
      {"*", "pods", "", true},
      {"*", "pods", "status", false},
      {"*/*", "pods", "status", true},
      {"*/*", "pods", "", true},
      {"*/scale", "deployments", "scale", true},
      {"services", "pods", "", false},
  };
  for (const auto& each : cases) {
    const ResourceRule rule{.api_groups = {""},
                            .api_versions = {"v1"},
                            .operations = {"CREATE"},
                            .resources = {each.pattern},
                            .resource_names = {},
                            .scope = "*"};
    EXPECT_EQ(rule.matches(review_of(each.resource, each.sub_resource)), each.expected)
        << each.pattern << " on " << each.resource << "/" << each.sub_resource;
  }
  const ResourceRule deletes{.api_groups = {"*"},
                             .api_versions = {"*"},
                             .operations = {"DELETE"},
                             .resources = {"*"},
                             .resource_names = {},
                             .scope = "*"};
  EXPECT_FALSE(deletes.matches(review_of("pods", "")));
  EXPECT_TRUE(deletes.matches(review_of("pods", "", Operation::kDelete)));
  const ResourceRule cluster{.api_groups = {"*"},
                             .api_versions = {"*"},
                             .operations = {"*"},
                             .resources = {"*"},
                             .resource_names = {},
                             .scope = "Cluster"};
  EXPECT_FALSE(cluster.matches(review_of("pods", "")));
}

TEST(LabelSelectorTest, AllRequirementsHold) {
  using Operator = LabelSelector::Requirement::Operator;
  Arena arena;
  const auto labels = testing::json(R"({"team":"a","tier":"web"})", arena);
  auto matches = [&](std::string key, Operator op, std::vector<std::string> values) {
    const LabelSelector selector{{{std::move(key), op, std::move(values)}}};
    return selector.matches(labels);
  };
  EXPECT_TRUE(matches("team", Operator::kIn, {"a", "b"}));
  EXPECT_FALSE(matches("team", Operator::kIn, {"b"}));
  EXPECT_TRUE(matches("team", Operator::kNotIn, {"b"}));
  EXPECT_TRUE(matches("absent", Operator::kNotIn, {"b"}));
  EXPECT_TRUE(matches("tier", Operator::kExists, {}));
  EXPECT_FALSE(matches("absent", Operator::kExists, {}));
  EXPECT_TRUE(matches("absent", Operator::kDoesNotExist, {}));
}

TEST(MatchConstraintsTest, ExclusionWinsAndUnknownLabelsDoNotMatch) {
  Arena arena;
  MatchConstraints constraints;
  constraints.exclude_resource_rules = {{.api_groups = {"*"},
                                         .api_versions = {"*"},
                                         .operations = {"*"},
                                         .resources = {"secrets"},
                                         .resource_names = {},
                                         .scope = "*"}};
  EXPECT_TRUE(constraints.matches(review_of("pods", ""), {}));
  EXPECT_FALSE(constraints.matches(review_of("secrets", ""), {}));
  constraints.namespace_selector =
      LabelSelector{{{"team", LabelSelector::Requirement::Operator::kNotIn, {"a"}}}};
  EXPECT_FALSE(constraints.matches(review_of("pods", ""), {}));
  EXPECT_TRUE(constraints.matches(review_of("pods", ""), testing::json("{}", arena)));
  EXPECT_FALSE(constraints.matches(review_of("pods", ""), testing::json(R"({"team":"a"})", arena)));
}

}  // namespace
}  // namespace seaworthy::admission
