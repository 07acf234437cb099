// What a load makes of the set in use: what is added, changed, removed, and what goes on although
// it is broken now.
#include "seaworthy/policy/succession.h"

#include <map>

#include <gtest/gtest.h>

#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using Files = std::map<std::string, std::string>;

std::string policy(const std::string& name, const std::string& require = "true") {
  return "    - {name: " + name + ", each: pod, require: '" + require + "', message: m}\n";
}

std::string bundle(const std::string& policies, const std::string& name = "b") {
  return "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: " + name +
         "}\nspec:\n  policies:\n" + policies;
}

std::shared_ptr<const PolicySet> load(const Files& files) {
  std::vector<SourceText> sources;
  for (const auto& [file, text] : files) {
    sources.push_back({file, text});
  }
  return load_policies(sources);
}

/// "+added ~changed -removed =kept: all in order".
std::string told(const Succession& succession) {
  std::string text;
  const auto add = [&text](char sign, const std::vector<std::string>& names) {
    for (const auto& name : names) {
      text += sign + name + " ";
    }
  };
  add('+', succession.added);
  add('~', succession.changed);
  add('-', succession.removed);
  add('=', succession.kept);
  text += ":";
  for (const auto& each : succession.set->policies()) {
    text += " " + each->name;
  }
  return text;
}

TEST(SuccessionTest, TellsWhatBecameOfEachPolicy) {
  struct Case {
    std::string what;
    Files next;
    std::vector<std::string> unreadable;
    std::string expected;
  };

  const std::string a = policy("a");
  const std::string b = policy("b");
  const std::string broken = "    - {name: b, each: pod, require: 'nothing', message: m}\n";
  const Files last{{"p/1.yaml", bundle(a + b)}, {"p/2.yaml", bundle(policy("c"))}};
  const std::string second = bundle(policy("c"));
  const std::vector<Case> cases{
      {"the same", last, {}, ": a b c"},
      {"comments and spaces",
       {{"p/1.yaml", "# new\n" + bundle(a + "\n\n" + b)}, {"p/2.yaml", second}},
       {},
       ": a b c"},
      {"another order", {{"p/1.yaml", bundle(b + a)}, {"p/2.yaml", second}}, {}, ": b a c"},
      {"added and changed",
       {{"p/1.yaml", bundle(a + policy("b", "1 < 2"))},
        {"p/2.yaml", second},
        {"p/3.yaml", bundle(policy("d"))}},
       {},
       "+d ~b : a b c d"},
      {"removed from a file", {{"p/1.yaml", bundle(a)}, {"p/2.yaml", second}}, {}, "-b : a c"},
      {"removed with its file", {{"p/1.yaml", bundle(a + b)}}, {}, "-c : a b"},
      {"moved to another file", {{"p/9.yaml", bundle(a + b + policy("c"))}}, {}, ": a b c"},
      {"does not compile",
       {{"p/1.yaml", bundle(a + broken)}, {"p/2.yaml", second}},
       {},
       "=b : a b c"},
      {"the first one does not compile",
       {{"p/1.yaml", bundle("    - {name: a, require: 'x', message: m}\n" + b)},
        {"p/2.yaml", second}},
       {},
       "=a : b a c"},
      {"is there twice", {{"p/1.yaml", bundle(a + b)}, {"p/2.yaml", second + b}}, {}, "=b : a b c"},
      {"its file is no YAML", {{"p/1.yaml", "{"}, {"p/2.yaml", second}}, {}, "=a =b : c a b"},
      {"its file is of another kind",
       {{"p/1.yaml", "kind: Pod\napiVersion: v1\n"}, {"p/2.yaml", second}},
       {},
       "=a =b : c a b"},
      {"it has lost its name",
       {{"p/1.yaml", bundle(a + "    - {require: 'true', message: m}\n")}, {"p/2.yaml", second}},
       {},
       "=b : a b c"},
      {"its file cannot be read", {{"p/2.yaml", second}}, {"p/1.yaml"}, "=a =b : c a b"},
      {"its folder cannot be read",
       {{"q/2.yaml", bundle(policy("d"))}},
       {"p/"},
       "+d =a =b =c : d a b c"},
      {"a path beside it cannot be read", {{"p/2.yaml", second}}, {"p/1"}, "-a -b : c"},
      {"nothing compiles", {{"p/1.yaml", bundle(broken)}}, {}, "=a =b =c : a b c"},
      {"nothing is there", {}, {"p"}, "=a =b =c : a b c"},
  };
  const auto before = load(last);
  ASSERT_EQ(before->policies().size(), 3U);
  for (const Case& c : cases) {
    EXPECT_EQ(told(succeed(before, load(c.next), c.unreadable)), c.expected) << c.what;
  }
}

TEST(SuccessionTest, AParameterOrAVersionIsAChange) {
  const auto with = [](const std::string& version, const std::string& value) {
    return load_policies(
        {{"p.yaml",
          "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: b, version: " +
              version + "}\nspec:\n  params: {most: {type: int, default: 1}}\n  policies:\n" +
              policy("a", "params.most > 0")}},
        {.parameters = {{"most", value}}});
  };
  const auto last = with("1.0.0", "5");
  EXPECT_EQ(told(succeed(last, with("1.0.0", "5"), {})), ": a");
  EXPECT_EQ(told(succeed(last, with("1.0.0", "6"), {})), "~a : a");
  EXPECT_EQ(told(succeed(last, with("1.0.1", "5"), {})), "~a : a");
}

TEST(SuccessionTest, WhatIsKeptOutlivesTheSetThatItCameFrom) {
  auto set = load({{"p.yaml", bundle(policy("a") + policy("b", "pod.hostNetwork == true"))}});
  for (int i = 0; i < 5; ++i) {
    set =
        succeed(
            set,
            load({{"p.yaml", bundle(policy("a", std::to_string(i) + " > 0") + policy("b", "("))}}),
            {})
            .set;
  }
  ASSERT_NE(set->find("b"), nullptr);
  EXPECT_EQ(set->find("b")->message.parts().front().text, "m");
  EXPECT_EQ(set->set_aside(), std::vector<std::string>{"b"});
  // Good again.
  const auto good =
      succeed(set, load({{"p.yaml", bundle(policy("a", "4 > 0") + policy("b"))}}), {});
  EXPECT_EQ(told(good), "~b : a b");
}

TEST(SuccessionTest, EnforcementGoesOnAsAWholeWhereOneDocumentIsBroken) {
  struct Case {
    std::string what;
    Files next;
    std::vector<std::string> unreadable;
    bool kept;
    bool changed;
  };

  const std::string head = "apiVersion: seaworthy.dev/v1\nkind: Enforcement\nmetadata: {name: ";
  const std::string first = head + "first}\nspec: {rules: [{mode: deny}]}\n";
  const std::string second = head + "second}\nspec: {rules: [{mode: warn}]}\n";
  const std::string policies = bundle(policy("a"));
  const Files last{{"e/1.yaml", first}, {"e/2.yaml", second}, {"p.yaml", policies}};
  const std::vector<Case> cases{
      {"the same", last, {}, false, false},
      {"changed",
       {{"e/1.yaml", head + "first}\nspec: {rules: [{mode: audit}]}\n"}, {"p.yaml", policies}},
       {},
       false,
       true},
      {"removed", {{"p.yaml", policies}}, {}, false, true},
      {"broken",
       {{"e/1.yaml", head + "first}\nspec: {rules: [{mode: x}]}\n"}, {"p.yaml", policies}},
       {},
       true,
       false},
      {"no YAML", {{"e/1.yaml", "{"}, {"e/2.yaml", second}, {"p.yaml", policies}}, {}, true, false},
      {"unreadable", {{"e/2.yaml", second}, {"p.yaml", policies}}, {"e/1.yaml"}, true, false},
      {"beside what is unreadable", {{"p.yaml", policies}}, {"f"}, false, true},
  };
  const auto before = load(last);
  ASSERT_NE(before->enforcement(), nullptr);
  for (const Case& c : cases) {
    const auto made = succeed(before, load(c.next), c.unreadable);
    EXPECT_EQ(made.enforcement_kept, c.kept) << c.what;
    EXPECT_EQ(made.enforcement_changed, c.changed) << c.what;
    if (c.kept) {
      ASSERT_NE(made.set->enforcement(), nullptr) << c.what;
      EXPECT_EQ(made.set->enforcement()->documents.size(), 2U) << c.what;
      // Rules find policies that were loaded later, by their names.
      const RequestRules rules(*made.set->enforcement(), {});
      EXPECT_EQ(rules.ruling_of(*made.set->policies().front()).mode, Mode::kDeny) << c.what;
    }
  }
}

TEST(SuccessionTest, NothingAfterNothingIsNothing) {
  const auto empty = load({});
  EXPECT_EQ(told(succeed(empty, load({}), {})), ":");
  EXPECT_EQ(told(succeed(empty, load({{"p.yaml", bundle(policy("a"))}}), {})), "+a : a");
}

}  // namespace
}  // namespace seaworthy::policy
