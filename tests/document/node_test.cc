#include "seaworthy/document/node.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "seaworthy/document/edit.h"
#include "seaworthy/document/json.h"

namespace seaworthy::document {
namespace {

Node read(std::string_view json, Arena& arena) {
  const auto node = parse_json(json, arena);
  EXPECT_TRUE(node) << json << ": " << node.error().message;
  return node.value_or(Node());
}

TEST(Node, AnswersNeutralValuesForAnotherKind) {
  Arena arena;
  const Node node = Node::integer(7);
  EXPECT_EQ(node.as_int(), 7);
  EXPECT_EQ(node.as_double(), 0);
  EXPECT_EQ(node.as_string(), "");
  EXPECT_FALSE(node.as_bool());
  EXPECT_TRUE(node.items().empty());
  EXPECT_TRUE(node.members().empty());
  EXPECT_EQ(node.find("a"), nullptr);
  EXPECT_TRUE(node["a"]["b"].is_null());
}

TEST(Node, FindsMembers) {
  Arena arena;
  const Node node = read(R"({"a":1,"b":null,"longer-than-eight":2})", arena);
  EXPECT_EQ(node["a"].as_int(), 1);
  EXPECT_EQ(node["longer-than-eight"].as_int(), 2);
  ASSERT_NE(node.find("b"), nullptr);
  EXPECT_TRUE(node.has("a"));
  EXPECT_FALSE(node.has("b"));  // null
  EXPECT_FALSE(node.has("c"));
}

TEST(Node, HashesTheSameAtCompileTime) {
  constexpr std::array<std::string_view, 8> kTexts = {
      "", "a", "ab", "abc", "abcd", "abcdefgh", "abcdefghi", "securityContext"};
  constexpr std::array<std::uint32_t, 8> kHashes = [&] {
    std::array<std::uint32_t, 8> hashes{};
    for (std::size_t i = 0; i < kTexts.size(); ++i) {
      hashes[i] = hash_key(kTexts[i]);
    }
    return hashes;
  }();
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    EXPECT_EQ(hash_key(std::string(kTexts[i])), kHashes[i]) << kTexts[i];
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_NE(kHashes[i], kHashes[j]);
    }
  }
}

TEST(Node, Equality) {
  struct Case {
    std::string_view a;
    std::string_view b;
    bool equal;
    bool semantically;
  };

  constexpr std::array<Case, 17> kCases = {{
      {"1", "1.0", true, true},
      {"9007199254740993", "9007199254740992.0", false, false},
      {"9223372036854775807", "9223372036854775808", false, false},
      {"1", "true", false, false},
      {R"("1")", "1", false, false},
      {R"({"a":1,"b":2})", R"({"b":2,"a":1})", true, true},
      {"[1,2]", "[2,1]", false, false},
      {"[1]", "[1,2]", false, false},
      {R"({"a":null})", "{}", false, true},
      {R"({"a":{}})", R"({"a":[]})", false, true},
      {R"({"a":{"b":{"c":null}}})", "{}", false, true},
      {R"({"a":{"b":{"c":0}}})", "{}", false, false},
      {"null", "{}", false, true},
      {"null", "[]", false, true},
      {R"({"a":""})", "{}", false, false},
      {R"([{"a":null}])", "[{}]", false, true},
      {"[null]", "[]", false, false},
  }};
  for (const Case& each : kCases) {
    Arena arena;
    const Node a = read(each.a, arena);
    const Node b = read(each.b, arena);
    EXPECT_EQ(equal(a, b), each.equal) << each.a << " " << each.b;
    EXPECT_EQ(equal(b, a), each.equal) << each.b << " " << each.a;
    EXPECT_EQ(semantically_equal(a, b), each.semantically) << each.a << " " << each.b;
    EXPECT_EQ(semantically_equal(b, a), each.semantically) << each.b << " " << each.a;
  }
}

TEST(Node, ComparesLargeMapsOfAnyOrder) {
  Arena arena;
  std::string forward = "{";
  std::string backward = "{";
  constexpr int kCount = 100'000;
  for (int i = 0; i < kCount; ++i) {
    forward += "\"k" + std::to_string(i) + "\":0,";
    backward += "\"k" + std::to_string(kCount - 1 - i) + "\":0,";
  }
  forward.back() = backward.back() = '}';
  const Node a = read(forward, arena);
  const Node b = read(backward, arena);
  EXPECT_EQ(a.size(), static_cast<std::size_t>(kCount));
  EXPECT_TRUE(equal(a, b));
  EXPECT_TRUE(semantically_equal(a, b));
  EXPECT_FALSE(equal(a, with_member(b, "k5", Node::integer(1), arena)));
}

}  // namespace
}  // namespace seaworthy::document
