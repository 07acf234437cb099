#include "seaworthy/document/path.h"

#include <array>

#include <gtest/gtest.h>

#include "seaworthy/document/json.h"

namespace seaworthy::document {
namespace {

TEST(Path, ReadsAndPrints) {
  struct Case {
    std::string_view text;
    std::string_view printed;
    std::string_view pointer;
  };

  constexpr std::array<Case, 8> kCases = {{
      {"", "", ""},
      {"spec.containers[0].image", "spec.containers[0].image", "/spec/containers/0/image"},
      {"metadata.annotations['a.b/c~d']", "metadata.annotations['a.b/c~d']",
       "/metadata/annotations/a.b~1c~0d"},
      {"[0][1].a", "[0][1].a", "/0/1/a"},
      {R"(a["it's"])", R"(a['it\'s'])", "/a/it's"},
      {R"(a['x\\y'])", R"(a['x\\y'])", R"(/a/x\y)"},
      {"a['']", "a['']", "/a/"},
      {"['spec'].x", "spec.x", "/spec/x"},
  }};
  for (const Case& each : kCases) {
    const auto path = Path::parse(each.text);
    ASSERT_TRUE(path) << path.error().message;
    EXPECT_EQ(path->text(), each.printed);
    EXPECT_EQ(path->pointer(), each.pointer);
    EXPECT_EQ(*Path::parse(path->text()), *path);
    EXPECT_EQ(*Path::parse_pointer(path->pointer()), *path);
  }
}

TEST(Path, RefusesWhatIsNone) {
  struct Case {
    std::string_view text;
    std::string_view message;
  };

  constexpr std::array<Case, 8> kCases = {{
      {"a..b", "path a..b: a name is missing"},
      {".a", "path .a: a name is missing"},
      {"a.", "path a.: a name is missing"},
      {"a[", "path a[: '[' without ']'"},
      {"a[0", "path a[0: '[' without ']'"},
      {"a[x]", "path a[x]: [x] is no index; a name is written ['name']"},
      {"a['x", "path a['x: ['name'] is not closed"},
      {"a[0]b", "path a[0]b: '.' expected before 'b'"},
  }};
  for (const Case& each : kCases) {
    const auto path = Path::parse(each.text);
    ASSERT_FALSE(path) << each.text;
    EXPECT_EQ(path.error().message, each.message);
  }
  EXPECT_EQ(Path::parse_pointer("a/b").error().message, "pointer a/b does not begin with '/'");
}

TEST(Path, PointerDigitsAreAnIndexOnlyAsRfc6901WritesOne) {
  EXPECT_EQ(*Path::parse_pointer("/0/01/-/1x"), Path() / 0 / "01" / "-" / "1x");
}

TEST(Path, Finds) {
  Arena arena;
  const Node root = *parse_json(R"({"a":[{"b":1}],"0":"digits"})", arena);
  auto at = [&](std::string_view text) {
    const Node* found = find(root, *Path::parse(text));
    return found == nullptr ? std::string("absent") : print_json(*found);
  };
  EXPECT_EQ(at("a[0].b"), "1");
  EXPECT_EQ(at("a[1]"), "absent");
  EXPECT_EQ(at("a.b"), "absent");
  EXPECT_EQ(at("a[0].b.c"), "absent");
  EXPECT_EQ(at("[0]"), R"("digits")");
  EXPECT_EQ(find(root, Path()), &root);
}

}  // namespace
}  // namespace seaworthy::document
