// What an edit leaves alone, and what it looks like. Each case is a text, what is to change as a
// JSON patch, and the text that must come of it, to the byte.
#include "seaworthy/document/text_edit.h"

#include <string>

#include <gtest/gtest.h>

#include "seaworthy/document/json.h"
#include "seaworthy/document/patch.h"

namespace seaworthy::document {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* patch;
  const char* expected;
  const char* file = "f.yaml";
};

/// The text after the patch on its document `index`, or why it could not be written.
std::string edited(std::string_view text, std::string_view patch, std::string_view file,
                   std::size_t index = 0) {
  Arena arena;
  const auto read = read_source(text, file, arena);
  if (!read.diagnostics.empty()) {
    return "not read: " + render(read.diagnostics.front());
  }
  const auto operations = read_patch(*parse_json(patch, arena));
  const auto wanted = apply(*operations, (*read.value)[index].root(), arena);
  if (!wanted) {
    return "not applied: " + wanted.error().message;
  }
  const Rewrite rewrite{index, *wanted};
  const auto result = edit_source(text, file, *read.value, {&rewrite, 1});
  if (!result.unwritten.empty()) {
    EXPECT_EQ(result.text, text);
    return "unwritten";
  }
  return result.text;
}

class TextEditTest : public ::testing::TestWithParam<Case> {};

TEST_P(TextEditTest, ChangesOnlyWhatIsWanted) {
  const auto& test = GetParam();
  EXPECT_EQ(edited(test.text, test.patch, test.file), test.expected);
}

constexpr Case kBlockCases[] = {
    {"adds behind the last member's line and its comment",
     "# head\na:\n  b: 1   # one\n# tail\nc: 2\n", R"([{"op":"add","path":"/a/x","value":true}])",
     "# head\na:\n  b: 1   # one\n  x: true\n# tail\nc: 2\n"},
    {"adds a map, its lists as far in as the others", "a:\n  l:\n    - 1\nb:\n  c: 1\n",
     R"([{"op":"add","path":"/b/m","value":{"k":["v"]}}])",
     "a:\n  l:\n    - 1\nb:\n  c: 1\n  m:\n    k:\n      - v\n"},
    {"lists that are not indented", "a:\n  l:\n  - 1\nb:\n  c: 1\n",
     R"([{"op":"add","path":"/b/m","value":{"k":["v"]}}])",
     "a:\n  l:\n  - 1\nb:\n  c: 1\n  m:\n    k:\n    - v\n"},
    {"four blanks a level", "a:\n    b:\n        c: 1\n",
     R"([{"op":"add","path":"/a/m","value":{"k":{"z":1}}}])",
     "a:\n    b:\n        c: 1\n    m:\n        k:\n            z: 1\n"},
    {"behind comments that are about what stands before them",
     "s:\n  - n: a\n    i: x\n    # r: {}\n  # the second\n  - n: b\n",
     R"([{"op":"add","path":"/s/0/z","value":1}])",
     "s:\n  - n: a\n    i: x\n    # r: {}\n    z: 1\n  # the second\n  - n: b\n"},
    {"an item behind the last one", "l:\n- name: a   # first\n# what follows\nm: 1\n",
     R"([{"op":"add","path":"/l/-","value":{"name":"b","v":{"w":1}}}])",
     "l:\n- name: a   # first\n- name: b\n  v:\n    w: 1\n# what follows\nm: 1\n"},
    {"an item between named ones", "l:\n  - name: a\n  # c\n  - name: c\n",
     R"([{"op":"add","path":"/l/1","value":{"name":"b"}}])",
     "l:\n  - name: a\n  - name: b\n  # c\n  - name: c\n"},
    {"an item before the first", "l:\n  - name: b\n",
     R"([{"op":"add","path":"/l/0","value":{"name":"a"}}])", "l:\n  - name: a\n  - name: b\n"},
    {"wide dashes", "l:\n-   name: a\n    v: 1\n",
     R"([{"op":"add","path":"/l/-","value":{"name":"b","v":2}}])",
     "l:\n-   name: a\n    v: 1\n-   name: b\n    v: 2\n"},
    {"an empty map", "a: {}   # none\nb: 1\n", R"([{"op":"add","path":"/a/x","value":1}])",
     "a:   # none\n  x: 1\nb: 1\n"},
    {"an empty list", "a:\n  b: []\nc: 1\n", R"([{"op":"add","path":"/a/b/-","value":"x"}])",
     "a:\n  b:\n  - x\nc: 1\n"},
    {"a value that is left out", "a:   # later\nb: 1\n",
     R"([{"op":"replace","path":"/a","value":{"x":1}}])", "a:   # later\n  x: 1\nb: 1\n"},
    {"a null that is written", "a: ~\nb: 1\n", R"([{"op":"replace","path":"/a","value":{"x":1}}])",
     "a:\n  x: 1\nb: 1\n"},
    {"a null for a word", "a:\nb: null # c\n", R"([{"op":"replace","path":"/b","value":"x"}])",
     "a:\nb: x # c\n"},
    {"a null that nobody asked for stays", "a:\nb: 1\n", R"([{"op":"remove","path":"/a"}])",
     "a:\nb: 1\n"},
    {"an item that is left out", "l:\n- \n- a\n", R"([{"op":"replace","path":"/l/0","value":"x"}])",
     "l:\n- x \n- a\n"},
    {"comments between what goes and what stays",
     "l:\n  - a: {x: 1} # its own\n    # b's\n    b: 2\n", R"([{"op":"remove","path":"/l/0/a"}])",
     "l:\n  -\n    # b's\n    b: 2\n"},
    {"comments between more that goes", "l:\n- a: 1\n  b:\n    c: 1\n  # d's\n  d: 2\n",
     R"([{"op":"remove","path":"/l/0/a"},{"op":"remove","path":"/l/0/b"}])",
     "l:\n-\n  # d's\n  d: 2\n"},
    {"no comment is what stands in a text", "l:\n- a: 1\n  b: x#y\n  c: '# z'\n",
     R"([{"op":"remove","path":"/l/0/a"}])", "l:\n- b: x#y\n  c: '# z'\n"},
    {"what must be an escape is one", "a: 'x'\nb: \"y\"\n",
     "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":\"p\u0085\"},"
     "{\"op\":\"replace\",\"path\":\"/b\",\"value\":\"\uFEFFq\u2028\"}]",
     "a: \"p\\u0085\"\nb: \"\\uFEFFq\\u2028\"\n"},
    {"quotes stay", "a: 'it''s'\nb: \"x\\ty\"\nc: z\n",
     R"([{"op":"replace","path":"/a","value":"it's me"},{"op":"replace","path":"/b","value":"\"q\\"},{"op":"replace","path":"/c","value":"yes"}])",
     "a: 'it''s me'\nb: \"\\\"q\\\\\"\nc: \"yes\"\n"},
    {"a text over several lines", "a: one\n  two\n\n  three # c\nb: 1\n",
     R"([{"op":"replace","path":"/a","value":"x"}])", "a: x # c\nb: 1\n"},
    {"a literal block", "a: |\n  one\n\n    two\n# c\nb: 1\n",
     R"([{"op":"replace","path":"/a","value":"x"},{"op":"replace","path":"/b","value":2}])",
     "a: x\n# c\nb: 2\n"},
    {"behind a literal block", "m:\n  a: |-\n    one\n\n    # no comment\n\nb: 1\n",
     R"([{"op":"add","path":"/m/x","value":1}])",
     "m:\n  a: |-\n    one\n\n    # no comment\n  x: 1\n\nb: 1\n"},
    {"behind a literal block that keeps its line breaks", "m:\n  a: |+\n    one\n\n\nb: 1\n",
     R"([{"op":"add","path":"/m/x","value":1}])", "m:\n  a: |+\n    one\n\n\n  x: 1\nb: 1\n"},
    {"adds a text of several lines", "m:\n  a: 1\n",
     R"([{"op":"add","path":"/m/x","value":"p\nq\n"}])", "m:\n  a: 1\n  x: |\n    p\n    q\n"},
    {"a word for a map", "a:   # c\n  b: 1\n  d:\n    - 2\ne: 1\n",
     R"([{"op":"replace","path":"/a","value":3}])", "a: 3   # c\ne: 1\n"},
    {"a list for a map", "a:\n  b: 1\n  d: 2\ne: 1\n",
     R"([{"op":"replace","path":"/a","value":[1]}])", "a:\n- 1\ne: 1\n"},
    {"a map for a word", "a: b # c\ne: 1\n", R"([{"op":"replace","path":"/a","value":{"x":1}}])",
     "a: # c\n  x: 1\ne: 1\n"},
    {"a map for an item", "l:\n- b # c\n- c\n",
     R"([{"op":"replace","path":"/l/0","value":{"x":1,"v":2}}])", "l:\n- x: 1\n  v: 2 # c\n- c\n"},
    {"removes a member with its line", "a: 1\n# about b\nb:\n  c: 1\n  d: 2 # d\n# about e\ne: 1\n",
     R"([{"op":"remove","path":"/b"}])", "a: 1\n# about b\n# about e\ne: 1\n"},
    {"removes the first member of an item", "l:\n- a: 1\n  b: 2\n  c: 3\n",
     R"([{"op":"remove","path":"/l/0/a"},{"op":"remove","path":"/l/0/b"}])", "l:\n- c: 3\n"},
    {"removes the only member", "a:\n  b: 1\nc: 1\n", R"([{"op":"remove","path":"/a/b"}])",
     "a: {}\nc: 1\n"},
    {"removes an item", "l:\n- name: a\n  x: 1\n- name: b\n- name: c\n",
     R"([{"op":"remove","path":"/l/0"}])", "l:\n- name: b\n- name: c\n"},
    {"removes all items", "l:\n- a\n- b\nm: 1\n",
     R"([{"op":"remove","path":"/l/1"},{"op":"remove","path":"/l/0"}])", "l: []\nm: 1\n"},
    {"replaces the last and adds", "m:\n  a: 1\n  b: 2\n",
     R"([{"op":"remove","path":"/m/b"},{"op":"add","path":"/m/c","value":3},{"op":"replace","path":"/m/a","value":4}])",
     "m:\n  a: 4\n  c: 3\n"},
    {"another order of items", "l:\n- name: a\n- name: b\n",
     R"([{"op":"move","from":"/l/0","path":"/l/1"}])", "l:\n- name: b\n- name: a\n"},
    {"keys that are quoted", "\"a b\":\n  'c: d': 1\n",
     R"([{"op":"add","path":"/a b/e: f","value":1},{"op":"replace","path":"/a b/c: d","value":2}])",
     "\"a b\":\n  'c: d': 2\n  \"e: f\": 1\n"},
    {"no line break at the end", "a:\n  b: 1", R"([{"op":"add","path":"/a/c","value":{"d":2}}])",
     "a:\n  b: 1\n  c:\n    d: 2"},
    {"two edits at an end without a line break", "a:\n  b:\n    c: 1",
     R"([{"op":"add","path":"/a/b/d","value":2},{"op":"add","path":"/e","value":3}])",
     "a:\n  b:\n    c: 1\n    d: 2\ne: 3"},
    {"Windows line ends", "a:\r\n  b: 1 # c\r\nd: 'x'\r\n",
     R"([{"op":"add","path":"/a/c","value":{"d":2}},{"op":"replace","path":"/d","value":"y"}])",
     "a:\r\n  b: 1 # c\r\n  c:\r\n    d: 2\r\nd: 'y'\r\n"},
    {"a byte order mark",
     "\xEF\xBB\xBF"
     "a:\n  b: 1\nc: 1\n",
     R"([{"op":"add","path":"/a/c","value":2},{"op":"add","path":"/d","value":2}])",
     "\xEF\xBB\xBF"
     "a:\n  b: 1\n  c: 2\nc: 1\nd: 2\n"},
    {"a tag and an anchor", "a: !!map &x # c\n  b: 1\nd: &y {}\n",
     R"([{"op":"add","path":"/a/c","value":2},{"op":"add","path":"/d/e","value":2}])",
     "a: !!map &x # c\n  b: 1\n  c: 2\nd: &y\n  e: 2\n"},
};

constexpr Case kFlowCases[] = {
    {"comments beside the last that goes", "c: {\n  drop: [ALL], # required\n  add: [X]\n}\n",
     R"([{"op":"remove","path":"/c/add"}])", "c: {\n  drop: [ALL], # required\n}\n"},
    {"comments beside the first that goes", "c: {add: [X], # all\n  drop: [ALL] }\n",
     R"([{"op":"remove","path":"/c/add"}])", "c: { # all\n  drop: [ALL] }\n"},
    {"comments beside what goes and what comes", "c: {\n  add: [X], # x\n  drop: [ALL]\n}\n",
     R"([{"op":"remove","path":"/c/add"},{"op":"add","path":"/c/more","value":1}])",
     "c: {\n  # x\n  drop: [ALL],\n  more: 1\n}\n"},
    {"comments in a list that loses an item", "c: [a, # one\n  b, c]\n",
     R"([{"op":"remove","path":"/c/1"}])", "unwritten"},
    {"on its line", "a: {b: 1, c: [x]} # c\n",
     R"([{"op":"add","path":"/a/d","value":{"e":"f, g"}},{"op":"add","path":"/a/c/-","value":"z"}])",
     "a: {b: 1, c: [x, z], d: {e: \"f, g\"}} # c\n"},
    {"with a comma at the end", "a: {b: 1, }\n", R"([{"op":"add","path":"/a/c","value":2}])",
     "a: {b: 1, c: 2, }\n"},
    {"over lines", "a: {\n  b: 1, # one\n  c: 2 # two\n}\n",
     R"([{"op":"add","path":"/a/d","value":[3]},{"op":"replace","path":"/a/b","value":4}])",
     "a: {\n  b: 4, # one\n  c: 2, # two\n  d: [3]\n}\n"},
    {"over lines with a comma at the end", "a: [\n  x,\n  y,\n]\n",
     R"([{"op":"add","path":"/a/-","value":"z"}])", "a: [\n  x,\n  y,\n  z,\n]\n"},
    {"empty within another", "a: {b: {}, c: [], d: }\n",
     R"([{"op":"add","path":"/a/b/x","value":1},{"op":"add","path":"/a/c/-","value":2},{"op":"replace","path":"/a/d","value":3}])",
     "a: {b: {x: 1}, c: [2], d: 3 }\n"},
    {"removes", "a: {b: 1, c: 2, d: 3}\nl: [1, 2]\n",
     R"([{"op":"remove","path":"/a/c"},{"op":"remove","path":"/l/0"}])",
     "a: {b: 1, d: 3}\nl: [2]\n"},
    {"with JSON's quotes", "a: {\"b\": 'x, y', \"c\": \"}\"}\n",
     R"([{"op":"add","path":"/a/d","value":"e"},{"op":"replace","path":"/a/b","value":"z"}])",
     "a: {\"b\": 'z', \"c\": \"}\", \"d\": \"e\"}\n"},
    {"JSON on lines",
     "{\n    \"a\": {\n        \"b\": 1\n    },\n    \"c\": {},\n    \"l\": [\n        1\n    "
     "]\n}\n",
     R"([{"op":"add","path":"/a/x","value":{"y":["z"]}},{"op":"add","path":"/c/d","value":1},{"op":"add","path":"/l/-","value":2}])",
     "{\n    \"a\": {\n        \"b\": 1,\n        \"x\": {\n            \"y\": [\n                "
     "\"z\"\n            ]\n        }\n    },\n    \"c\": {\n        \"d\": 1\n    },\n    \"l\": "
     "[\n        1,\n        2\n    ]\n}\n",
     "f.json"},
    {"JSON on one line", R"({"a":{"b":"x"},"l":[]})",
     R"([{"op":"add","path":"/a/c","value":{"d":[1,true]}},{"op":"add","path":"/l/-","value":"y"},{"op":"replace","path":"/a/b","value":"z"}])",
     R"({"a":{"b":"z","c":{"d":[1,true]}},"l":["y"]})", "f.json"},
    {"JSON with blanks", R"({"a": {"b": 1}})",
     R"([{"op":"add","path":"/a/c","value":{"d":[1,2]}}])",
     R"({"a": {"b": 1, "c": {"d": [1, 2]}}})", "f.json"},
    {"JSON, a word for a map", "{\"a\": {\"b\": 1}}\n",
     R"([{"op":"replace","path":"/a","value":null},{"op":"add","path":"/c","value":1.5}])",
     "{\"a\": null, \"c\": 1.5}\n", "f.json"},
};

constexpr Case kAliasCases[] = {
    {"an alias of what changes alike stays", "a: &x\n  b: 1\nc: *x\n",
     R"([{"op":"add","path":"/a/z","value":2},{"op":"add","path":"/c/z","value":2}])",
     "a: &x\n  b: 1\n  z: 2\nc: *x\n"},
    {"an alias that changes alone is written out", "a: &x\n  b: 1\nc: *x # c\nd: *x\n",
     R"([{"op":"add","path":"/c/z","value":2}])", "a: &x\n  b: 1\nc: # c\n  b: 1\n  z: 2\nd: *x\n"},
    {"an alias of what changes alone is written out", "a: &x\n  b: 1\nc: *x\n",
     R"([{"op":"add","path":"/a/z","value":2}])", "a: &x\n  b: 1\n  z: 2\nc:\n  b: 1\n"},
    {"a word's alias", "a: &x 1\nb: *x\nc: [*x, 2]\n",
     R"([{"op":"replace","path":"/b","value":3},{"op":"replace","path":"/c/0","value":4}])",
     "a: &x 1\nb: 3\nc: [4, 2]\n"},
    {"a word's anchor", "a: &x 1\nb: *x\n", R"([{"op":"replace","path":"/a","value":3}])",
     "a: &x 3\nb: 1\n"},
    {"what was merged is overridden", "a: &x\n  b: 1\n  c: 2\nd:\n  <<: *x\n",
     R"([{"op":"replace","path":"/d/b","value":3}])",
     "a: &x\n  b: 1\n  c: 2\nd:\n  <<: *x\n  b: 3\n"},
    {"what was merged and changes alike", "a: &x\n  b: {c: 1}\nd:\n  <<: *x\n  e: 1\n",
     R"([{"op":"add","path":"/a/b/z","value":2},{"op":"add","path":"/d/b/z","value":2}])",
     "a: &x\n  b: {c: 1, z: 2}\nd:\n  <<: *x\n  e: 1\n"},
    {"what was merged cannot be removed", "a: &x\n  b: 1\nd:\n  <<: *x\n  e: 1\n",
     R"([{"op":"remove","path":"/d/b"}])", "unwritten"},
    {"an anchor that others need cannot be removed", "a: &x\n  b: 1\nd: *x\n",
     R"([{"op":"remove","path":"/a"}])", "unwritten"},
    {"a key of another kind", "? a\n: b\nc: 1\n", R"([{"op":"replace","path":"/c","value":2}])",
     "unwritten"},
};

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  std::string name;
  for (const char* byte = info.param.name; *byte != '\0'; ++byte) {
    name += std::isalnum(static_cast<unsigned char>(*byte)) != 0 ? *byte : '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Block, TextEditTest, ::testing::ValuesIn(kBlockCases), name_of);
INSTANTIATE_TEST_SUITE_P(Flow, TextEditTest, ::testing::ValuesIn(kFlowCases), name_of);
INSTANTIATE_TEST_SUITE_P(Alias, TextEditTest, ::testing::ValuesIn(kAliasCases), name_of);

TEST(TextEditStreamTest, OtherDocumentsStay) {
  EXPECT_EQ(edited("# one\n---\na: {}\n---\n# Source: x\nb:\n  c: 1\n---\n\n",
                   R"([{"op":"add","path":"/b/d","value":2}])", "f.yaml", 1),
            "# one\n---\na: {}\n---\n# Source: x\nb:\n  c: 1\n  d: 2\n---\n\n");
  EXPECT_EQ(
      edited("{\"a\":1}\n{\"b\":{}}\n", R"([{"op":"add","path":"/b/d","value":2}])", "f.json", 1),
      "{\"a\":1}\n{\"b\":{\"d\":2}}\n");
}

TEST(TextEditStreamTest, OneThatCannotBeWrittenDoesNotCostTheOthers) {
  Arena arena;
  const std::string text = "? a\n: b\nc: 1\n---\nd: 1\n";
  const auto read = read_source(text, "f.yaml", arena);
  const auto patch = read_patch(*parse_json(R"([{"op":"add","path":"/z","value":2}])", arena));
  const std::vector<Rewrite> rewrites{{0, *apply(*patch, (*read.value)[0].root(), arena)},
                                      {1, *apply(*patch, (*read.value)[1].root(), arena)}};
  const auto result = edit_source(text, "f.yaml", *read.value, rewrites);
  EXPECT_EQ(result.text, "? a\n: b\nc: 1\n---\nd: 1\nz: 2\n");
  EXPECT_EQ(result.unwritten, std::vector<std::size_t>{0});
}

/// In the order of the documents what each becomes, where one or another cannot be written.
TEST(TextEditStreamTest, EachIsTriedOnItsOwn) {
  const std::string bad = "? a\n: b\nc: 1\n";
  const std::string texts[] = {
      bad + "---\nd: 1\n--- # two\nx: 1\n---\n" + bad + "---\ne: |\n  ---\n",
      "d: 1\n...\n" + bad + "...\ne: 1\n---\n" + bad,
      "# c\r\n---\r\nd: 1\r\n---\r\n" + bad + "--- {e: 1}\n",
  };
  const std::string expected[] = {
      bad + "---\nd: 1\nz: 2\n--- # two\nx: 1\nz: 2\n---\n" + bad + "---\ne: |\n  ---\nz: 2\n",
      "d: 1\nz: 2\n...\n" + bad + "...\ne: 1\nz: 2\n---\n" + bad,
      "# c\r\n---\r\nd: 1\r\nz: 2\r\n---\r\n" + bad + "--- {e: 1, z: 2}\n",
  };
  for (std::size_t at = 0; at < std::size(texts); ++at) {
    Arena arena;
    const auto read = read_source(texts[at], "f.yaml", arena);
    ASSERT_TRUE(read.diagnostics.empty()) << texts[at];
    const auto patch = read_patch(*parse_json(R"([{"op":"add","path":"/z","value":2}])", arena));
    std::vector<Rewrite> rewrites;
    for (std::size_t document = 0; document < read.value->size(); ++document) {
      rewrites.push_back({document, *apply(*patch, (*read.value)[document].root(), arena)});
    }
    EXPECT_EQ(edit_source(texts[at], "f.yaml", *read.value, rewrites).text, expected[at]);
  }
}

}  // namespace
}  // namespace seaworthy::document
