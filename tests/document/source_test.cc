#include "seaworthy/document/source.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/document/json.h"

namespace seaworthy::document {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

std::string shown(SourcePosition position) {
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

const Node& at(const SourceDocument& document, std::string_view path) {
  const Node* found = find(document.root(), *Path::parse(path));
  EXPECT_NE(found, nullptr) << path;
  return *found;
}

/// The documents as JSON, one a line, then the diagnostics as people see them.
std::string outcome(std::string_view text, std::string_view file = "f.yaml") {
  Arena arena;
  const auto parsed = read_source(text, file, arena);
  std::string out;
  for (const SourceDocument& document : *parsed.value) {
    out += print_json(document.root()) + "\n";
  }
  for (const Diagnostic& each : parsed.diagnostics) {
    out += render(each) + "\n";
  }
  return out;
}

constexpr std::string_view kPod =
    "# a Pod\n"
    "apiVersion: v1\n"
    "metadata:\n"
    "  name: &n web\n"
    "  labels: {app: \"wéb\", tier: 'x', \"k\": !!str 1}\n"
    "spec:\n"
    "  containers:\n"
    "  - name: *n\n"
    "    image:\n"
    "    args: [ -c,\n"
    "      'é', ~]\n"
    "  -  {name: b}\n"
    "---\n"
    "second: 2\n";

TEST(Source, KnowsWhereKeysAndValuesBegin) {
  Arena arena;
  const auto parsed = read_source(kPod, "pod.yaml", arena);
  ASSERT_TRUE(parsed.diagnostics.empty());
  ASSERT_EQ(parsed.value->size(), 2U);
  const SourceDocument& pod = parsed.value->front();
  constexpr std::array<std::array<std::string_view, 3>, 13> kCases = {{
      // path, its value, its key (or item)
      {"apiVersion", "2:13", "2:1"},
      {"metadata", "4:3", "3:1"},
      {"metadata.name", "4:12", "4:3"},
      {"metadata.labels", "5:11", "5:3"},
      {"metadata.labels.app", "5:17", "5:12"},
      {"metadata.labels.tier", "5:30", "5:24"},
      {"metadata.labels.k", "5:46", "5:35"},
      {"spec.containers", "8:3", "7:3"},
      {"spec.containers[0]", "8:5", "8:5"},
      {"spec.containers[0].name", "8:11", "8:5"},
      {"spec.containers[0].image", "9:5", "9:5"},  // a value that is left out is where its key is
      {"spec.containers[0].args[2]", "11:12", "11:12"},
      {"spec.containers[1].name", "12:13", "12:7"},
  }};
  for (const auto& [path, value, key] : kCases) {
    EXPECT_EQ(shown(pod.position_of(at(pod, path))), value) << path;
    EXPECT_EQ(shown(pod.position_of_path(path)), key) << path;
  }
  EXPECT_EQ(shown(pod.position_of_path("")), "2:1");
  EXPECT_EQ(shown(pod.position_of_path("spec.containers[0].securityContext.privileged")), "8:5");
  EXPECT_EQ(shown(pod.position_of_path("spec.containers[7].name")), "7:3");
  EXPECT_EQ(shown(pod.position_of_path("status.phase")), "2:1");
  EXPECT_EQ(shown(pod.position_of(pod.root().members()[1])), "3:1");
  const Node elsewhere = pod.root();
  EXPECT_EQ(pod.position_of(elsewhere).line, 0U);
  EXPECT_EQ(shown(parsed.value->back().position_of_path("second")), "14:1");
  EXPECT_EQ(render(pod.error_at({8, 11}, "no")),
            "pod.yaml:8:11: error: no\n |   - name: *n\n | ..........^");
}

TEST(Source, CountsColumnsOfLongLines) {
  // A first line, one of ten thousand items of two code points of text each, and one behind it.
  constexpr int kItems = 10'000;
  const std::string text =
      "{\n\"list\": [" + repeated("\"\u00e9x\",", kItems) + "0],\n\"last\": 1}";
  Arena arena;
  const auto parsed = read_source(text, "f.json", arena);
  ASSERT_EQ(parsed.value->size(), 1U);
  const SourceDocument& document = parsed.value->front();
  for (const int item : {0, 1, 3'000, 9'999, kItems}) {
    const auto position = document.position_of_path("list[" + std::to_string(item) + "]");
    EXPECT_EQ(shown(position), "2:" + std::to_string(10 + 5 * item)) << item;
  }
  EXPECT_EQ(shown(document.position_of_path("last")), "3:1");
}

TEST(Source, KnowsWhereMergedMembersComeFrom) {
  Arena arena;
  const auto parsed =
      read_source("base: &b\n  k: 1\n  j: 2\nuse:\n  <<: *b\n  j: 3\n", "f.yaml", arena);
  const SourceDocument& document = parsed.value->front();
  EXPECT_EQ(shown(document.position_of_path("use.k")), "2:3");
  EXPECT_EQ(shown(document.position_of(at(document, "use.k"))), "2:6");
  EXPECT_EQ(shown(document.position_of_path("use.j")), "6:3");
}

TEST(Source, MapsContentIntoTheFile) {
  struct Case {
    std::string_view text;
    std::string_view content;  // where it begins, and how far it is indented
    std::string_view word;     // what is looked for in the content
    std::string_view place;    // where that stands
  };

  constexpr std::array<Case, 18> kCases = {{
      {"a: one two", "1:4+0", "two", "1:8"},
      {"a: 'one two'", "1:5+0", "two", "1:9"},
      {"a: \"one two\"", "1:5+0", "two", "1:9"},
      {"a: 'it''s two'", "0:0+0", "two", "1:11"},
      {"a: \"\\u0041\\n\\x41 two\"", "0:0+0", "two", "1:18"},
      {"{\"a\": \"\\ud83d\\ude00 two\"}", "0:0+0", "two", "1:21"},
      {"a: one\n  two", "0:0+0", "two", "2:3"},
      {"a: \"one\n\n  two\"", "0:0+0", "two", "3:3"},
      {"a: \"one\\\n  two\"", "0:0+0", "two", "2:3"},
      {"a: |\n  one\n  \u00e9 two\n", "2:3+2", "two", "3:5"},
      {"a: |-\n\n    one\n      two\n", "2:5+4", "two", "4:7"},
      {"a: |2 # c\n    one\n  two\n", "2:3+2", "two", "3:3"},
      {"a: |\r\n  one\r\n  two\r\n", "2:3+2", "two", "3:3"},
      {"a: &x !!str |\n  one\n  two\n", "2:3+2", "two", "3:3"},
      {"a: >-\n  one two\n", "2:3+2", "two", "2:7"},
      {"a: >-\n  one\n  two\n", "0:0+2", "two", "3:3"},
      {"a: >-\n  one\n\n    more\n  two\n", "0:0+2", "two", "5:3"},
      {"- x\n- a: &x\n    'one two'\n", "3:6+0", "two", "3:10"},
  }};
  for (const Case& each : kCases) {
    Arena arena;
    const auto parsed = read_source(each.text, "f.yaml", arena);
    ASSERT_EQ(parsed.value->size(), 1U) << each.text;
    const SourceDocument& document = parsed.value->front();
    const Node& node = document.root().is_list() ? at(document, "[1].a") : at(document, "a");
    EXPECT_EQ(shown(document.content_position_of(node)) + "+" +
                  std::to_string(document.content_indent_of(node)),
              each.content)
        << each.text;
    EXPECT_EQ(shown(document.position_in(node, node.as_string().find(each.word))), each.place)
        << each.text;
  }
}

TEST(Source, TellsMistakesWithTheirPlace) {
  constexpr std::array<std::array<std::string_view, 2>, 20> kCases = {{
      {"a: [1\n", "f.yaml:2:1: error: not YAML: a '[' before this is not closed by a ']'\n"},
      {"a: {b: 1\n", "f.yaml:2:1: error: not YAML: a '{' before this is not closed by a '}'\n"},
      {"a: b: c\n",
       "f.yaml:1:5: error: not YAML: a ':' cannot stand here: quote the text if it is part of a "
       "value, or check the indentation\n | a: b: c\n | ....^\n"},
      {"a:\n\tb: 1\n",
       "f.yaml:2:3: error: not YAML: a tab cannot indent, write blanks\n | \tb: 1\n | \t.^\n"},
      {"a: \"x\n", "f.yaml:1:4: error: not YAML: a quote that is not closed\n | a: \"x\n | ...^\n"},
      {"a: @x\n",
       "f.yaml:1:4: error: not YAML: a value cannot begin with @: quote it if it is text\n | a: "
       "@x\n | ...^\n"},
      {"- a\nb: 1\n",
       "f.yaml:2:1: error: not YAML: this stands behind the end of the document\n | b: 1\n | ^\n"},
      {",a\n",
       "f.yaml:1:1: error: not YAML: this stands behind the end of the document\n | ,a\n | ^\n"},
      {"{a: 1}\n]\n", "f.yaml:2:1: error: not YAML: illegal flow end\n | ]\n | ^\n"},
      {"a: |\n  x\n y\n",
       "f.yaml:3:2: error: not YAML: this line's indentation is that of no map or list above, or a "
       "':' or '-' is missing\n |  y\n | .^\n"},
      {"a: 1\nb: \x01\n",
       "f.yaml:2:4: error: not YAML: a control character; in a double-quoted text it is written as "
       "an escape\n | b:  \n | ...^\n"},
      {"a: 1\nb: \xFF\n", "f.yaml:2:4: error: not UTF-8: byte 8\n"},
      {"a: 1\n---\nb: [\n---\nc: 3\n",
       "{\"a\":1}\n{\"c\":3}\nf.yaml:4:1: error: not YAML: a '[' before this is not closed by a "
       "']'\n | ---\n | ^\n"},
      // Documents
      {"", ""},
      {"# only\n---\n---\n# comments\n--- ~\n", ""},
      {"%YAML 1.1\n# c\n---\na: 1\n...\nb: 2\n", "{\"a\":1}\n{\"b\":2}\n"},
      {"\xEF\xBB\xBF"
       "a: 1\r\n---\r\nb:\r\n- x\r\n",
       "{\"a\":1}\n{\"b\":[\"x\"]}\n"},
      {"a: |\n  x\n  ---\n--- {b: 1}\n", "{\"a\":\"x\\n---\\n\"}\n{\"b\":1}\n"},
      {"--- text\n", "\"text\"\n"},
      {"{\"a\": 1} {\"b\": 1.0}\n[2]", "{\"a\":1}\n{\"b\":1}\n[2]\n"},
  }};
  for (const auto& [text, expected] : kCases) {
    EXPECT_EQ(outcome(text), expected) << text;
  }
}

// go-yaml begins a line behind each of these: what is a comment here, or a text, is none there.
TEST(Source, RefusesLineBreaksThatOnlyKubectlKnows) {
  for (const std::string line_break : {"\r", "\u0085", "\u2028", "\u2029"}) {
    for (const std::string before : {"a: 1 # x", "a: \"x", "a: x", "# x"}) {
      const auto place = std::to_string(before.size() + 1);
      EXPECT_TRUE(outcome(before + line_break + "b: 2\n")
                      .starts_with("f.yaml:1:" + place +
                                   ": error: not YAML as kubectl reads it: a line break that is "
                                   "neither LF nor CR and LF; in a double-quoted text it is "
                                   "written as an escape\n"))
          << before;
    }
  }
  Arena arena;
  const auto read =
      read_source("a: \"\\N\\L\\P\\r\" # \u00e9\u2026\r\nb: \u20ac\n", "f.yaml", arena);
  ASSERT_EQ(read.value->size(), 1U);
  EXPECT_EQ(read.value->front().root()["a"].as_string(), "\u0085\u2028\u2029\r");
  // JSON knows no such lines.
  const auto json = read_source("{\"a\": \"\u2028\u0085\"}\r", "f.yaml", arena);
  ASSERT_EQ(json.value->size(), 1U);
  EXPECT_EQ(json.value->front().root()["a"].as_string(), "\u2028\u0085");
}

TEST(Source, ReadsJsonAsJson) {
  Arena arena;
  const auto parsed = read_source("{\"a\": [1.0, 08]}", "f.yaml", arena);
  EXPECT_EQ(print_json(parsed.value->front().root()), R"({"a":[1,8]})");  // YAML, because of 08
  const auto json = read_source(" {\"a\": [1.0, \"\\ud83d\"]}", "f.yaml", arena);
  const SourceDocument& document = json.value->front();
  EXPECT_TRUE(at(document, "a[0]").is_double());
  EXPECT_EQ(at(document, "a[1]").as_string(), "\uFFFD");
  EXPECT_EQ(shown(document.position_of(at(document, "a[1]"))), "1:14");
  EXPECT_EQ(shown(document.position_of_path("a")), "1:3");
  EXPECT_EQ(
      outcome("{\"a\": tru}", "f.json"),
      "f.json:1:10: error: not JSON: 'true' expected, found '}'\n | {\"a\": tru}\n | .........^\n");
  EXPECT_EQ(outcome("{\"a\": 1,\n \"a\": 2}", "f.json"),
            "f.json:2:2: error: the key 'a' is already there (line 1, column 2): keep one of "
            "them\n |  \"a\": 2}\n | .^\n");
}

TEST(Source, KeepsItsLimits) {
  const int depth = static_cast<int>(limits::kDocumentDepthMax);
  EXPECT_EQ(outcome(repeated("- ", depth) + "x").substr(0, 2), "[[");

  struct Case {
    std::string text;
    std::string_view message;
  };

  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1) + ",";
    bomb +=
        "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(alias, 10) + "]\n";
  }
  std::string merges = "a0: &a0 {";
  for (int i = 0; i < 1000; ++i) {
    merges += "k" + std::to_string(i) + ": 1, ";
  }
  merges += "}\n";
  for (int i = 1; i < 200; ++i) {
    merges += "a" + std::to_string(i) + ":\n  <<: *a0\n";
  }
  std::string chain = "- &a0 [x]\n";
  for (int i = 1; i < 300; ++i) {
    chain += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  const std::array<Case, 9> cases = {{
      {repeated("- ", depth + 1) + "x", "more than 200 levels"},
      {repeated("[", 100'000), "more than 200 levels"},
      {repeated("{a: ", 100'000) + repeated("}", 100'000), "more than 200 levels"},
      {repeated("[", 100'000) + repeated("]", 100'000), "more than 200 levels"},
      {chain, "more than 200 levels"},
      {bomb, "aliases and merges add more than 100000 values"},
      {merges, "aliases and merges add more than 100000 values"},
      {std::string(limits::kFileBytesMax + 1, ' '), "larger than 33554432 bytes"},
      {repeated("a: 1\n", 10'000),
       "the key 'a' is already there (line 1, column 1): keep one of them"},
  }};
  for (const Case& each : cases) {
    Arena arena;
    const auto parsed = read_source(each.text, "f.yaml", arena);
    EXPECT_TRUE(parsed.value->empty());
    ASSERT_FALSE(parsed.diagnostics.empty()) << each.message;
    EXPECT_EQ(parsed.diagnostics.front().message, each.message);
    EXPECT_LE(parsed.diagnostics.size(), limits::kDiagnosticsPerFileMax);
  }
}

}  // namespace
}  // namespace seaworthy::document
