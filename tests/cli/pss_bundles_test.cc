// The bundles of the Pod Security Standards: each loads without a word at every version and beside
// the others, its own tests pass, and what is Baseline in Restricted is word for word Baseline.
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cli/policy_options.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/document/json.h"
#include "seaworthy/engine/self_test.h"
#include "seaworthy/policy/policy_set.h"
#include "support/json.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

using document::Node;

constexpr int kNewest = 36;
const std::vector<std::string> kLevels{"baseline", "restricted"};

LoadedPolicies loaded(const std::vector<std::string>& bundles,
                      const std::vector<std::string>& parameters = {}) {
  const testing::MemoryFileSystem files;
  PolicyOptions options;
  options.policies = bundles;
  options.parameters = parameters;
  return load(options, files);
}

std::string diagnostics_of(const LoadedPolicies& policies) {
  std::string text;
  for (const auto& reason : policies.unreadable) {
    text += reason + '\n';
  }
  for (const auto& diagnostic : policies.set->diagnostics()) {
    text += render(diagnostic) + '\n';
  }
  return text;
}

TEST(PssBundlesTest, LoadWithoutAWordAtEveryVersion) {
  for (const auto& level : kLevels) {
    for (int minor = 0; minor <= kNewest; ++minor) {
      const auto policies = loaded({"builtin:pss-" + level}, {fmt::format("version=v1.{}", minor)});
      EXPECT_EQ(diagnostics_of(policies), "") << level << " v1." << minor;
      EXPECT_EQ(policies.set->policies().size(), level == "baseline" ? 12U : 15U);
    }
  }
}

TEST(PssBundlesTest, StandBesideEachOther) {
  const auto policies =
      loaded({"builtin:pss-restricted", "builtin:production", "builtin:pss-baseline"});
  EXPECT_EQ(diagnostics_of(policies), "");
  EXPECT_FALSE(policies.is_broken());
  EXPECT_GE(policies.set->policies().size(), 12U + 15U + 30U);
}

TEST(PssBundlesTest, ALaterVersionIsTheNewestAndAMalformedOneIsRefused) {
  const auto later = loaded({"builtin:pss-baseline"}, {"version=v1.99"});
  EXPECT_EQ(diagnostics_of(later),
            "<flags>: warning: --param version: v1.99 is later than v1.36, the newest that this "
            "bundle knows, which holds instead\n");
  EXPECT_FALSE(later.is_broken());
  const auto malformed =
      loaded({"builtin:pss-baseline", "builtin:pss-restricted"}, {"version=1.29"});
  EXPECT_EQ(diagnostics_of(malformed),
            "<flags>: error: --param version: '1.29' is no version; write v1.36 or latest\n");
  EXPECT_TRUE(malformed.is_broken());
}

TEST(PssBundlesTest, EnforcementSetsTheVersionOfANamespace) {
  const testing::MemoryFileSystem files{
      {"e.yaml",
       "apiVersion: seaworthy.dev/v1\nkind: Enforcement\nmetadata: {name: e}\nspec: {rules: "
       "[{namespaces: {names: [old]}, params: {version: v1.18}}, {namespaces: {names: [new]}, "
       "params: {version: v1.37}}]}\n"}};
  PolicyOptions options;
  options.policies = {"builtin:pss-baseline", "builtin:pss-restricted"};
  options.enforcement = {"e.yaml"};
  const auto policies = load(options, files);
  EXPECT_FALSE(policies.is_broken());
  // Once, though each of the bundles declares the parameter.
  ASSERT_EQ(policies.set->diagnostics().size(), 1U) << diagnostics_of(policies);
  for (const auto& diagnostic : policies.set->diagnostics()) {
    EXPECT_EQ(diagnostic.severity, Diagnostic::Severity::kWarning);
    EXPECT_EQ(
        diagnostic.message,
        "spec.rules[1].params.version: v1.37 is later than v1.36, the newest that this bundle "
        "knows, which holds instead");
  }
}

TEST(PssBundlesTest, EveryRuleIsComplete) {
  for (const auto& level : kLevels) {
    const auto set = loaded({"builtin:pss-" + level}).set;
    for (const auto& policy : set->policies()) {
      EXPECT_TRUE(policy->name.starts_with("pss-" + level + "-")) << policy->name;
      EXPECT_FALSE(policy->title.empty() || policy->title == policy->name) << policy->name;
      EXPECT_FALSE(policy->description.empty()) << policy->name;
      EXPECT_FALSE(policy->category.empty()) << policy->name;
      EXPECT_FALSE(policy->since.empty()) << policy->name;
      EXPECT_GE(policy->references.size(), 2U) << policy->name;
      EXPECT_NE(policy->severity, policy::Severity::kLow) << policy->name;
      EXPECT_GE(policy->tests.size(), 5U) << policy->name;
      EXPECT_FALSE(policy->sees_managed_fields) << policy->name;
      const auto is = [](policy::Expectation expected) {
        return [expected](const policy::PolicyTest& test) { return test.expect == expected; };
      };
      EXPECT_TRUE(std::ranges::any_of(policy->tests, is(policy::Expectation::kDeny)))
          << policy->name;
      EXPECT_TRUE(std::ranges::any_of(policy->tests, is(policy::Expectation::kAllow)))
          << policy->name;
    }
  }
}

TEST(PssBundlesTest, TheirOwnTestsPass) {
  const auto set = loaded({"builtin:pss-baseline", "builtin:pss-restricted"}).set;
  const auto results = engine::run_tests(*set);
  EXPECT_GT(results.size(), 200U);
  for (const auto& result : results) {
    EXPECT_TRUE(result.passed) << result.policy->file << ":" << result.test->position.line << ": "
                               << result.policy->name << " / " << result.test->name << ": expected "
                               << policy::word_of(result.test->expect) << ", got "
                               << policy::word_of(result.got) << ": " << result.detail;
  }
}

/// The bundle's policies, by name without the level.
std::map<std::string, std::string> texts_of(const std::string& level, Arena& arena) {
  const auto sources = builtin_bundle("builtin:pss-" + level);
  const Node bundle = testing::yaml(sources->front().text, arena);
  std::map<std::string, std::string> texts;
  for (const auto& policy : bundle["spec"]["policies"].items()) {
    const auto name = policy["name"].as_string().substr(("pss-" + level + "-").size());
    texts.emplace(name, document::print_json(
                            document::with_member(policy, "name", Node::string(name), arena)));
  }
  return texts;
}

TEST(PssBundlesTest, RestrictedHasBaselineWordForWord) {
  Arena arena;
  const auto baseline = texts_of("baseline", arena);
  const auto restricted = texts_of("restricted", arena);
  // What Restricted replaces by checks that are as strict (OverrideCheckIDs of the platform).
  const std::map<std::string, std::string> replaced{{"host-path-volumes", "volume-types"},
                                                    {"capabilities", "capabilities"},
                                                    {"proc-mount", "proc-mount"},
                                                    {"seccomp", "seccomp"}};
  for (const auto& [name, text] : baseline) {
    const auto other = replaced.find(name);
    if (other != replaced.end()) {
      EXPECT_TRUE(restricted.contains(other->second)) << name;
    } else {
      ASSERT_TRUE(restricted.contains(name)) << name;
      EXPECT_EQ(restricted.at(name), text);
    }
  }
}

TEST(BuiltinTest, NamesWhatThereIs) {
  EXPECT_EQ(builtin_bundles(),
            (std::vector<std::string>{"builtin:production", "builtin:pss-baseline",
                                      "builtin:pss-restricted"}));
  EXPECT_TRUE(is_builtin("builtin:x"));
  EXPECT_FALSE(is_builtin("./builtin:x"));
  const auto near = loaded({"builtin:pss-restrict"});
  EXPECT_EQ(diagnostics_of(near),
            "builtin:pss-restrict: no bundle of this name is built in; did you mean "
            "'builtin:pss-restricted'?\n");
  EXPECT_TRUE(near.is_broken());
  EXPECT_EQ(diagnostics_of(loaded({"builtin:"})),
            "builtin:: no bundle of this name is built in; there are builtin:production, "
            "builtin:pss-baseline, builtin:pss-restricted\n");
}

TEST(BuiltinTest, ABundleOfItsNameIsTheOneThatHoldsByDefault) {
  EXPECT_EQ(loaded({}).set->policies().size(),
            loaded({"builtin:production"}).set->policies().size());
}

}  // namespace
}  // namespace seaworthy::cli
