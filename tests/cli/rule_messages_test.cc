// What the bundle's rules say, word for word, and of which parts of a Pod: the rules' own tests
// know only that something failed. tests/testdata/rule_messages.yaml.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/policy_options.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/engine/evaluator.h"
#include "seaworthy/engine/manifest_review.h"
#include "seaworthy/engine/target.h"
#include "seaworthy/policy/policy_set.h"
#include "support/json.h"
#include "support/test_data.h"

namespace seaworthy::cli {
namespace {

using document::Node;

/// A Pod of the case's spec and annotations.
Node manifest_of(const Node& each, Arena& arena) {
  const Node metadata = document::MapBuilder(arena)
                            .add("name", Node::string("web"))
                            .add("annotations", each["annotations"])
                            .build();
  return document::MapBuilder(arena)
      .add("apiVersion", Node::string("v1"))
      .add("kind", Node::string("Pod"))
      .add("metadata", metadata)
      .add("spec", each["pod"])
      .build();
}

std::vector<std::string> said(const std::shared_ptr<const policy::Policy>& policy,
                              const Node& manifest, Arena& arena) {
  const auto review = engine::review_of_manifest(manifest, "default", arena);
  const auto target = engine::Target::make(*review, {}, arena);
  const auto findings = engine::evaluate(std::span(&policy, 1), *target, arena);
  std::vector<std::string> lines;
  for (const auto& finding : *findings) {
    if (finding.is_violation()) {
      lines.push_back(finding.item->text() + ": " + std::string(finding.message));
    }
  }
  return lines;
}

TEST(RuleMessagesTest, AreTheseAndNoOthers) {
  const auto set = policy::load_policies(
      production_bundle(),
      {.parameters = {{"allowedRegistries", "registry.example.com,docker.io/library"}}});
  const auto text = testing::test_data("rule_messages.yaml");
  Arena arena;
  const Node rules = testing::yaml(text, arena);
  EXPECT_GE(rules.size(), 14U);
  for (const auto& rule : rules.members()) {
    const std::string name(rule.key.text());
    const auto policy =
        std::ranges::find_if(set->policies(), [&](const auto& each) { return each->name == name; });
    ASSERT_NE(policy, set->policies().end()) << name;
    for (std::size_t at = 0; at < rule.value.size(); ++at) {
      const Node& each = rule.value.items()[at];
      std::vector<std::string> expected;
      for (const Node& line : each["says"].items()) {
        expected.emplace_back(line.as_string());
      }
      EXPECT_EQ(said(*policy, manifest_of(each, arena), arena), expected)
          << name << "[" << at << "]";
    }
  }
}

}  // namespace
}  // namespace seaworthy::cli
