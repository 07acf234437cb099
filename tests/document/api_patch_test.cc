#include "seaworthy/document/api_patch.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/document/json.h"

// The operations one by one are tested with Kubernetes' own answers in
// tests/engine/mutation_test.cc.

namespace seaworthy::document {
namespace {

std::string applied(std::string_view document, const std::vector<ApiPatchOperation>& operations) {
  Arena arena;
  const auto after = apply_verbatim(operations, *parse_json(document, arena), arena);
  return after ? print_json(*after) : after.error().message;
}

TEST(ApiPatch, AppliesInTheWordsOfTheApiServer) {
  struct Case {
    std::string_view document;
    std::vector<ApiPatchOperation> operations;
    std::string_view expected;
  };

  const std::array<Case, 8> cases = {{
      {R"({"a":1})", {{"add", "/b", "", Node::integer(2)}}, R"({"a":1,"b":2})"},
      {R"({"a":1})",
       {{"remove", "/b", "", std::nullopt}},
       "error in remove for path: '/b': Unable to remove nonexistent key: b: missing value"},
      {R"({"a":1})",
       {{"remove", "/a", "", std::nullopt}, {"test", "/a", "", Node::integer(1)}},
       R"({"a":1})"},
      {R"({"l":[1]})",
       {{"add", "/l/5", "", Node::integer(1)}},
       "error in add for path: '/l/5': Unable to access invalid index: 5: invalid index "
       "referenced"},
      {R"({"l":[1]})", {{"copy", "/l/-", "/l/-1", std::nullopt}}, R"({"l":[1,1]})"},
      {R"({"n":null})",
       {{"test", "/n", "", Node::null()}, {"remove", "/n", "", {}}},
       R"({"n":null})"},
      {R"({"n":1})",
       {{"replace", "", "", std::nullopt}},
       "runtime error: invalid memory address or nil pointer dereference"},
      {R"({"n":1})", {{"paint", "/n", "", std::nullopt}}, "Unexpected kind: paint"},
  }};
  for (const Case& test : cases) {
    EXPECT_EQ(applied(test.document, test.operations), test.expected) << test.document;
  }
}

TEST(ApiPatch, IsLimited) {
  const std::vector<ApiPatchOperation> many(limits::kPatchOperationsMax + 1,
                                            {"add", "/a", "", Node::null()});
  Arena arena;
  const auto refused = apply_verbatim(many, Node::map({}), arena);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kOverLimit);

  const std::string text(limits::kPatchCopyBytesMax / 2, 'x');
  EXPECT_EQ(applied(R"({"a":")" + text + R"("})",
                    {{"copy", "/b", "/a", std::nullopt}, {"copy", "/c", "/a", std::nullopt}}),
            "Unable to complete the copy, the accumulated size increase of copy is 3145732, "
            "exceeding the limit 3145728");
}

}  // namespace
}  // namespace seaworthy::document
