#include "seaworthy/document/patch.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "document/trees.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/document/json.h"

namespace seaworthy::document {
namespace {

/// What comes of the patch, or the error's message.
std::string applied(std::string_view document, std::string_view patch) {
  Arena arena;
  const auto operations = read_patch(*parse_json(patch, arena));
  if (!operations) {
    return operations.error().message;
  }
  const auto after = apply(*operations, *parse_json(document, arena), arena);
  return after ? print_json(*after) : after.error().message;
}

// Rule: gopkg.in/evanphx/json-patch.v4 v4.13.0, patch.go.
TEST(Patch, AppliesAsTheApiServerDoes) {
  struct Case {
    std::string_view document;
    std::string_view patch;
    std::string_view expected;
  };

  constexpr std::array<Case, 37> kCases = {{
      {R"({})", R"([{"op":"add","path":"/a","value":1}])", R"({"a":1})"},
      {R"({"a":1})", R"([{"op":"add","path":"/a","value":null}])", R"({"a":null})"},
      {R"({"l":[1,2]})", R"([{"op":"add","path":"/l/1","value":9}])", R"({"l":[1,9,2]})"},
      {R"({"l":[1,2]})", R"([{"op":"add","path":"/l/2","value":9}])", R"({"l":[1,2,9]})"},
      {R"({"l":[1,2]})", R"([{"op":"add","path":"/l/-","value":9}])", R"({"l":[1,2,9]})"},
      {R"({"l":[1,2]})", R"([{"op":"add","path":"/l/-1","value":9}])", R"({"l":[1,2,9]})"},
      {R"({"l":[1,2]})", R"([{"op":"add","path":"/l/-3","value":9}])", R"({"l":[9,1,2]})"},
      {R"({"l":[1,2]})", R"([{"op":"add","path":"/l/-4","value":9}])",
       "patch operation 1, add /l/-4: the list has 2 items"},
      {R"({"l":[1,2]})", R"([{"op":"add","path":"/l/3","value":9}])",
       "patch operation 1, add /l/3: the list has 2 items"},
      {R"({"l":[1,2]})", R"([{"op":"add","path":"/l/x","value":9}])",
       "patch operation 1, add /l/x: 'x' is no index of a list"},
      {R"({})", R"([{"op":"add","path":"/a/b","value":9}])",
       "patch operation 1, add /a/b: its parent does not exist"},
      {R"({"a":null})", R"([{"op":"add","path":"/a/b","value":9}])",
       "patch operation 1, add /a/b: its parent is no map or list"},
      {R"({"a":1})", R"([{"op":"add","path":"/a/b","value":9}])",
       "patch operation 1, add /a/b: its parent is no map or list"},
      {R"({})", R"([{"op":"add","path":"","value":{}}])",
       "patch operation 1, add the root: it does not address a value inside the document"},
      {R"({"a/b":{"~":1}})", R"([{"op":"replace","path":"/a~1b/~0","value":2}])",
       R"({"a/b":{"~":2}})"},
      {R"({"a":1})", R"([{"op":"remove","path":"/a"}])", "{}"},
      {R"({"a":null})", R"([{"op":"remove","path":"/a"}])", "{}"},
      {R"({})", R"([{"op":"remove","path":"/a"}])",
       "patch operation 1, remove /a: it does not exist"},
      {R"({"l":[1,2]})", R"([{"op":"remove","path":"/l/-1"}])", R"({"l":[1]})"},
      {R"({"l":[1,2]})", R"([{"op":"remove","path":"/l/2"}])",
       "patch operation 1, remove /l/2: the list has 2 items"},
      {R"({"l":[1,2]})", R"([{"op":"replace","path":"/l/-2","value":9}])", R"({"l":[9,2]})"},
      {R"({"l":[1,2]})", R"([{"op":"replace","path":"/l/-","value":9}])",
       "patch operation 1, replace /l/-: '-' is no index of a list"},
      {R"({})", R"([{"op":"replace","path":"/a","value":9}])",
       R"({"a":9})"},  // a map's absent member is no error there
      {R"({"a":1})", R"([{"op":"replace","path":"","value":{"b":2}}])", R"({"b":2})"},
      {R"({"a":{"b":1}})", R"([{"op":"move","from":"/a/b","path":"/c"}])", R"({"a":{},"c":1})"},
      {R"({"l":[1,2,3]})", R"([{"op":"move","from":"/l/0","path":"/l/2"}])", R"({"l":[2,3,1]})"},
      {R"({"a":{}})", R"([{"op":"move","from":"/a/b","path":"/c"}])",
       "patch operation 1, move /c: from /a/b: it does not exist"},
      {R"({"a":{"b":1}})",
       R"([{"op":"copy","from":"/a","path":"/c"},{"op":"add","path":"/c/b","value":2}])",
       R"({"a":{"b":1},"c":{"b":2}})"},
      {R"({})", R"([{"op":"copy","from":"/a","path":"/c"}])", R"({"c":null})"},
      {R"({"a":{"x":1,"y":[2]}})", R"([{"op":"test","path":"/a","value":{"y":[2],"x":1}}])",
       R"({"a":{"x":1,"y":[2]}})"},
      {R"({"a":1})", R"([{"op":"test","path":"/a","value":"1"}])",
       "patch operation 1, test /a: the value is another"},
      {R"({"a":1})", R"([{"op":"test","path":"/b","value":null}])", R"({"a":1})"},
      {R"({"a":1})", R"([{"op":"test","path":"/b","value":0}])",
       "patch operation 1, test /b: the value is another"},
      {R"({"a":1})", R"([{"op":"test","path":"","value":{"a":1}}])", R"({"a":1})"},
      {R"({"a":1})", R"([{"op":"add","path":"/b","value":1},{"op":"remove","path":"/c"}])",
       "patch operation 2, remove /c: it does not exist"},
      {R"({"a":{"b":{"c":1}},"z":2})",
       R"([{"op":"add","path":"/a/b/d","value":[]},{"op":"add","path":"/a/b/d/-","value":3}])",
       R"({"a":{"b":{"c":1,"d":[3]}},"z":2})"},
      {R"({"a":1})", "[]", R"({"a":1})"},
  }};
  for (const Case& each : kCases) {
    EXPECT_EQ(applied(each.document, each.patch), each.expected) << each.patch;
  }
}

TEST(Patch, ReadsOnlyWholeOperations) {
  constexpr std::array<std::array<std::string_view, 2>, 8> kCases = {{
      {R"({})", "a patch is a list of operations"},
      {R"([1])", "patch operation 1 is no map"},
      {R"([{"path":"/a"}])", "patch operation 1 has no 'op' that is a string"},
      {R"([{"op":"merge","path":"/a"}])", "patch operation 1 'merge' is no operation"},
      {R"([{"op":"remove","path":"/a"},{"op":"add","value":1}])",
       "patch operation 2 has no 'path' that is a string"},
      {R"([{"op":"add","path":"/a"}])", "patch operation 1 has no 'value'"},
      {R"([{"op":"test","path":"/a"}])", "patch operation 1 has no 'value'"},
      {R"([{"op":"move","path":"/a"}])", "patch operation 1 has no 'from' that is a string"},
  }};
  for (const auto& [patch, message] : kCases) {
    EXPECT_EQ(applied("{}", patch), message) << patch;
  }
}

TEST(Patch, KeepsItsLimits) {
  Arena arena;
  const Patch many(limits::kPatchOperationsMax + 1, {PatchOperation::Op::kTest, "", "", Node()});
  const auto over = apply(many, Node(), arena);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, ErrorCode::kOverLimit);
  EXPECT_EQ(over.error().message, "a patch of 10001 operations: 10000 are the limit");

  const Node root = MapBuilder(arena).add("a", make_string(std::string(1000, 'x'), arena)).build();
  Patch lists = {{PatchOperation::Op::kAdd, "/l", "", make_list({}, arena)}};
  for (int i = 0; i < 5000; ++i) {
    lists.push_back({PatchOperation::Op::kCopy, "/l/-", "/a", {}});
  }
  const auto copied = apply(lists, root, arena);
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, ErrorCode::kOverLimit);
  EXPECT_EQ(copied.error().message,
            "patch operation 3141, copy /l/-: the patch copies more than 3145728 bytes");
}

TEST(Patch, DiffsPairNamedItemsAndGiveIndicesInTheirTurn) {
  constexpr std::array<std::array<std::string_view, 3>, 9> kCases = {{
      {R"({"a":1})", R"({"a":1})", "[]"},
      {R"({"a":1,"b":{"c":2}})", R"({"b":{"c":3},"d":null})",
       R"([{"op":"remove","path":"/a"},{"op":"replace","path":"/b/c","value":3},{"op":"add","path":"/d","value":null}])"},
      {R"({"a":1})", R"({"a":1.0})", "[]"},
      {"[1,2,3]", "[1]", R"([{"op":"remove","path":"/2"},{"op":"remove","path":"/1"}])"},
      {"[1]", "[2,3]",
       R"([{"op":"replace","path":"/0","value":2},{"op":"add","path":"/-","value":3}])"},
      {R"([{"name":"a","v":1},{"name":"b","v":2}])", R"([{"name":"new"},{"name":"b","v":3}])",
       R"([{"op":"remove","path":"/0"},{"op":"add","path":"/0","value":{"name":"new"}},{"op":"replace","path":"/1/v","value":3}])"},
      // Changed order: item by item.
      {R"([{"name":"a"},{"name":"b"}])", R"([{"name":"b"},{"name":"a"}])",
       R"([{"op":"replace","path":"/0/name","value":"b"},{"op":"replace","path":"/1/name","value":"a"}])"},
      {R"({"x":{"a/b~":1}})", R"({"x":{"a/b~":2}})",
       R"([{"op":"replace","path":"/x/a~1b~0","value":2}])"},
      {"{}", "[]", R"([{"op":"replace","path":"","value":[]}])"},
  }};
  for (const auto& [before, after, patch] : kCases) {
    Arena arena;
    EXPECT_EQ(print_patch(diff(*parse_json(before, arena), *parse_json(after, arena))), patch);
  }
}

TEST(Patch, WhatADiffSaysComesToTheOtherTree) {
  std::size_t operations = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    Arena arena;
    Trees trees(seed, arena);
    const Node before = trees.tree(5);
    const Node after = seed % 4 == 0 ? trees.tree(5) : trees.changed(before, 5);
    const Patch patch = diff(before, after);
    operations += patch.size();
    const auto again =
        read_patch(*parse_json(print_patch(patch), arena));  // As it goes over the wire.
    ASSERT_TRUE(again) << again.error().message;
    const auto result = apply(*again, before, arena);
    ASSERT_TRUE(result) << result.error().message << "\n"
                        << print_json(before) << "\n"
                        << print_json(after);
    ASSERT_TRUE(equal(*result, after)) << print_json(before) << "\n"
                                       << print_json(after) << "\n"
                                       << print_patch(patch);
  }
  EXPECT_GT(operations, 500U);
}

}  // namespace
}  // namespace seaworthy::document
