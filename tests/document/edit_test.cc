#include "seaworthy/document/edit.h"

#include <array>

#include <gtest/gtest.h>

#include "seaworthy/document/json.h"

namespace seaworthy::document {
namespace {

TEST(Edit, SetsAndRemovesMembersAndSharesTheRest) {
  Arena arena;
  const Node before = *parse_json(R"({"a":[1],"b":2})", arena);
  const Node after = with_member(before, "b", Node::null(), arena);
  EXPECT_EQ(print_json(after), R"({"a":[1],"b":null})");
  EXPECT_EQ(after["a"].items().data(), before["a"].items().data());
  EXPECT_EQ(print_json(before), R"({"a":[1],"b":2})");
  EXPECT_EQ(print_json(with_member(before, "c", Node::integer(3), arena)),
            R"({"a":[1],"b":2,"c":3})");
  EXPECT_EQ(print_json(with_member(Node::null(), "c", Node::integer(3), arena)), R"({"c":3})");
  EXPECT_EQ(print_json(without_member(before, "a", arena)), R"({"b":2})");
  EXPECT_EQ(without_member(before, "z", arena).members().data(), before.members().data());
}

TEST(Edit, ChangesLists) {
  Arena arena;
  const Node before = *parse_json("[1,2]", arena);
  EXPECT_EQ(print_json(with_item(before, 1, Node::boolean(true), arena)), "[1,true]");
  EXPECT_EQ(print_json(with_appended(before, Node::null(), arena)), "[1,2,null]");
  EXPECT_EQ(print_json(with_appended(Node::null(), Node::integer(1), arena)), "[1]");
}

TEST(Edit, SetsByPath) {
  struct Case {
    std::string_view path;
    std::string_view expected;  // the tree, or the error
  };

  constexpr std::array<Case, 9> kCases = {{
      {"", "9"},
      {"spec.list[1].a", R"({"spec":{"list":[1,{"a":9}],"text":"x"}})"},
      {"spec.new.deep", R"({"spec":{"list":[1,{"a":2}],"text":"x","new":{"deep":9}}})"},
      {"spec['x.y/z']", R"({"spec":{"list":[1,{"a":2}],"text":"x","x.y/z":9}})"},
      {"spec.list[2]", "cannot set spec.list[2]: spec.list has 2 items"},
      {"spec.list.a", "cannot set spec.list.a: spec.list is a list and has no member 'a'"},
      {"spec.text.a", "cannot set spec.text.a: spec.text is a string"},
      {"none[0]", "cannot set none[0]: none has no items"},
      {"spec[0]", R"({"spec":{"list":[1,{"a":2}],"text":"x","0":9}})"},
  }};
  for (const Case& each : kCases) {
    Arena arena;
    const Node before = *parse_json(R"({"spec":{"list":[1,{"a":2}],"text":"x"}})", arena);
    const auto after = with_value(before, *Path::parse(each.path), Node::integer(9), arena);
    EXPECT_EQ(after ? print_json(*after) : after.error().message, each.expected) << each.path;
  }
}

TEST(Edit, CopiesIntoAnotherArena) {
  Arena arena;
  constexpr std::string_view kText = R"({"a":[1,2.5,"text",null,true,{"b":{}}]})";
  Node copy;
  {
    Arena other;
    copy = deep_copy(*parse_json(kText, other), arena);
  }
  EXPECT_EQ(print_json(copy), kText);
}

}  // namespace
}  // namespace seaworthy::document
