// What scalars, keys, merges and styles mean, and the YAML that is printed. The expectations are
// what sigs.k8s.io/yaml v1.6 (YAMLToJSON) answers.
#include <array>
#include <string>

#include <gtest/gtest.h>

#include "document/trees.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/source.h"

namespace seaworthy::document {
namespace {

/// The documents as JSON, one a line, then the diagnostics as `line:column message`.
std::string outcome(std::string_view text, std::string_view file = "f.yaml") {
  Arena arena;
  const auto parsed = read_source(text, file, arena);
  std::string out;
  for (const SourceDocument& document : *parsed.value) {
    out += (out.empty() ? "" : "\n") + print_json(document.root());
  }
  for (const Diagnostic& each : parsed.diagnostics) {
    EXPECT_EQ(each.file, file);
    out += (out.empty() ? "" : "\n") + std::to_string(each.position.line) + ":" +
           std::to_string(each.position.column) + " " + each.message;
  }
  return out;
}

TEST(Yaml, PlainScalars) {
  constexpr std::array<std::array<std::string_view, 2>, 66> kCases = {{
      {"y", "true"},
      {"Y", "true"},
      {"yes", "true"},
      {"Yes", "true"},
      {"YES", "true"},
      {"yEs", R"("yEs")"},
      {"on", "true"},
      {"True", "true"},
      {"n", "false"},
      {"no", "false"},
      {"Off", "false"},
      {"FALSE", "false"},
      {"~", "null"},
      {"null", "null"},
      {"Null", "null"},
      {"nUll", R"("nUll")"},
      {"", "null"},
      {"0", "0"},
      {"-1", "-1"},
      {"+1", "1"},
      {"0777", "511"},
      {"0o17", "15"},
      {"0O17", "15"},
      {"0o8", R"("0o8")"},
      {"08", "8"},
      {"0b11", "3"},
      {"-0b11", "-3"},
      {"0b-1", "-1"},
      {"0b12", R"("0b12")"},
      {"0x1F", "31"},
      {"-0x1f", "-31"},
      {"0xg", R"("0xg")"},
      {"1_000", "1000"},
      {"_1", R"("_1")"},
      {"1__2.5_5", "12.55"},
      {"1.5", "1.5"},
      {"1.", "1"},
      {".5", "0.5"},
      {"-.5", "-0.5"},
      {".5_5", "0.55"},
      {"._5", R"("._5")"},
      {"1.0", "1"},
      {"1e3", "1000"},
      {"1e-3", "0.001"},
      {"-0.0", "0"},
      {"1e21", "1e+21"},
      {"1e400", R"("1e400")"},
      {"9223372036854775807", "9223372036854775807"},
      {"9223372036854775808", "9223372036854776000"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"18446744073709551616", "18446744073709552000"},
      {"2001-01-01", R"("2001-01-01")"},
      {"2001-12-14T21:59:43Z", R"("2001-12-14T21:59:43Z")"},
      {"12:30:45", R"("12:30:45")"},
      {"100m", R"("100m")"},
      {"1Gi", R"("1Gi")"},
      {"1.2.3", R"("1.2.3")"},
      {"inf", R"("inf")"},
      {"=", R"("=")"},
      {"a b  c", R"("a b  c")"},
      {"a#b", R"("a#b")"},
      {"a #b", R"("a")"},
      {"\"0x1F\"", R"("0x1F")"},
      {"'yes'", R"("yes")"},
      {"'it''s'", R"("it's")"},
      {R"("\x41\u00e9\U0001F600\n\N\_\L\e\0")",
       "\"A\u00e9\U0001F600\\n\u0085\u00A0\u2028\\u001b\\u0000\""},
  }};
  for (const auto& [text, printed] : kCases) {
    EXPECT_EQ(outcome("a: " + std::string(text) + "\n"), "{\"a\":" + std::string(printed) + "}");
  }
}

TEST(Yaml, TagsAndWhatHasNoJson) {
  constexpr std::array<std::array<std::string_view, 2>, 15> kCases = {{
      {"a: !!str 1", R"({"a":"1"})"},
      {"a: !!str", R"({"a":""})"},
      {"a: ! 12", R"({"a":"12"})"},
      {"a: !custom 12", R"({"a":"12"})"},
      {"a: !!int \"3\"", R"({"a":3})"},
      {"a: !!float 1", R"({"a":1})"},
      {"a: !!float 1.5", R"({"a":1.5})"},
      {"a: !!map {x: 1}", R"({"a":{"x":1}})"},
      {"a: !!int x", "1:10 'x' is no !!int"},
      {"a: !!bool 1", "1:11 '1' is no !!bool"},
      {"a: !!binary aGVsbG8=",
       "1:13 !!binary is not supported: write the text, or base64 as a string"},
      {"a: .inf", "1:4 the number .inf cannot be written in JSON"},
      {"a: -.Inf", "1:4 the number -.Inf cannot be written in JSON"},
      {"a: .nan", "1:4 the number .nan cannot be written in JSON"},
      {"a: !!set {x, z}", R"({"a":{"x":null,"z":null}})"},
  }};
  for (const auto& [text, expected] : kCases) {
    EXPECT_EQ(outcome(text), expected) << text;
  }
}

TEST(Yaml, Keys) {
  constexpr std::array<std::array<std::string_view, 2>, 10> kCases = {{
      {"8080: a\ntrue: b\nyes: c",
       "3:1 the key 'true' is already there (line 2, column 1): keep one of them"},
      {"8080: a\n0x10: b\non: c", R"({"8080":"a","16":"b","true":"c"})"},
      {"1.5: a\n1000000.0: b\n0.00001: c\n1e100: d",
       R"({"1.5":"a","1e+06":"b","1e-05":"c",".inf":"d"})"},
      {"? a\n: b", R"({"a":"b"})"},
      {"{\"a\":1, 'b': 2, c}", R"({"a":1,"b":2,"c":null})"},
      {"~: a", "1:1 a key is missing, or null: quote it if it is meant as text"},
      {": a", "1:1 a key is missing, or null: quote it if it is meant as text"},
      {"? [a]\n: b", "1:3 a key is text, and this is a list"},
      {"x: {{ .Values.x }}",
       "1:5 a key is text, and this is a map: quote the text if '{{' belongs to it"},
      {"a: 1\nb:\n  c: 1\n  c: 2\na: 3",
       "4:3 the key 'c' is already there (line 3, column 3): keep one of them\n5:1 the key 'a' is "
       "already there (line 1, column 1): keep one of them"},
  }};
  for (const auto& [text, expected] : kCases) {
    EXPECT_EQ(outcome(text), expected) << text;
  }
}

TEST(Yaml, AnchorsAndMerges) {
  constexpr std::array<std::array<std::string_view, 2>, 13> kCases = {{
      {"a: &x {k: 1}\nb: *x", R"({"a":{"k":1},"b":{"k":1}})"},
      {"a: &x one\n*x : 2", R"({"a":"one","one":2})"},
      {"a: &x {k: 1, j: 2}\nb:\n  <<: *x\n  j: 3", R"({"a":{"k":1,"j":2},"b":{"k":1,"j":3}})"},
      // What stands before a merge is overridden: go.yaml.in/yaml/v2 does so, and with it kubectl.
      {"a: &x {k: 1, j: 2}\nb:\n  j: 3\n  <<: *x", R"({"a":{"k":1,"j":2},"b":{"j":2,"k":1}})"},
      {"a: &x {k: 1}\nc: &y {k: 2, z: 3}\nb:\n  <<: [*x, *y]",
       R"({"a":{"k":1},"c":{"k":2,"z":3},"b":{"k":1,"z":3}})"},
      {"b:\n  <<: {k: 1}\n  a: 2", R"({"b":{"k":1,"a":2}})"},
      {"b:\n  \"<<\": 5", R"({"b":{"<<":5}})"},
      {"b:\n  <<: 5", "2:7 '<<' takes a map or a list of maps, not this int"},
      {"b:\n  <<: [{a: 1}, 2]", "2:16 '<<' takes a map or a list of maps, not this int"},
      {"a: &x [{k: 1}]\nb:\n  <<: *x", "3:7 '<<' takes a map or a list of maps, not this list"},
      {"a: &x {k: 1}\nb:\n  <<: *x\n  <<: *x",
       "4:3 the key '<<' is already there (line 3, column 3): keep one of them"},
      {"a: *x", "1:4 not YAML: the referenced anchor is not defined"},
      {"a: &x [*x]", "1:8 the anchor contains itself"},
  }};
  for (const auto& [text, expected] : kCases) {
    EXPECT_EQ(outcome(text), expected) << text;
  }
}

TEST(Yaml, Styles) {
  constexpr std::array<std::array<std::string_view, 2>, 13> kCases = {{
      {"a: |\n  x\n   y\n\n  z\n", R"({"a":"x\n y\n\nz\n"})"},
      {"a: |-\n  x\n\n", R"({"a":"x"})"},
      {"a: |+\n  x\n\nb: 1\n", R"({"a":"x\n\n","b":1})"},
      {"a: >\n  x\n  y\n\n  z\n   w\n  q\n", R"({"a":"x y\nz\n w\nq\n"})"},
      {"a: >-\n  x\n  y\n", R"({"a":"x y"})"},
      {"a: |2\n    x\n  y\n", R"({"a":"  x\ny\n"})"},
      {"a: x\n  y\n  z\n", R"({"a":"x y z"})"},
      {"a: \"x\n\n  y\"\n", R"({"a":"x\ny"})"},
      {"- a\n-\n- - b\n  - c\n", R"(["a",null,["b","c"]])"},
      {"a:\nb: 1\n", R"({"a":null,"b":1})"},
      {"[a, b: c, {d}, ]", R"(["a",{"b":"c"},{"d":null}])"},
      {"a: |\r\n  x\r\n  y\r\nb: 1\r\n", R"({"a":"x\ny\n","b":1})"},
      {"a:\t1\t# c\n", R"({"a":1})"},
  }};
  for (const auto& [text, expected] : kCases) {
    EXPECT_EQ(outcome(text), expected) << text;
  }
}

TEST(Yaml, PrintsForPeople) {
  Arena arena;
  const Node node = *parse_json(
      R"({"kind":"Pod","metadata":{"annotations":{"a.b/c":"true","n":"12:30"},"labels":{}},)"
      R"("spec":{"containers":[{"name":"a","args":["-c","run: it","l1\nl2\n"],"ports":[{"containerPort":80}]}],"list":[[1,[]],null]}})",
      arena);
  EXPECT_EQ(print_yaml(node),
            "kind: Pod\n"
            "metadata:\n"
            "  annotations:\n"
            "    a.b/c: \"true\"\n"
            "    \"n\": \"12:30\"\n"
            "  labels: {}\n"
            "spec:\n"
            "  containers:\n"
            "  - name: a\n"
            "    args:\n"
            "    - \"-c\"\n"
            "    - \"run: it\"\n"
            "    - |\n"
            "      l1\n"
            "      l2\n"
            "    ports:\n"
            "    - containerPort: 80\n"
            "  list:\n"
            "  - - 1\n"
            "    - []\n"
            "  - null\n");
  EXPECT_EQ(print_yaml(*parse_json(R"({"a":[{"b":1}]})", arena), 4), "    a:\n    - b: 1\n");
  EXPECT_EQ(print_yaml(Node::string("x\ny"), 2), "  |-\n    x\n    y\n");
  EXPECT_EQ(print_yaml(*parse_json("{}", arena)), "{}\n");
}

TEST(Yaml, QuotesOnlyWhatMayBeReadOtherwise) {
  for (const std::string_view plain : {"nginx:1.25", "a b", "100m", "1Gi", "/bin/sh", "x=y", "a#b",
                                       "true-ish", "é", "v1.2.3", "a.b/c", "it's", "x-1", "e2e"}) {
    EXPECT_EQ(print_yaml(Node::string(plain)), std::string(plain) + "\n");
  }
  for (const std::string_view quoted :
       {"",           "y",    "No",   "on", "null", "~",  "1",   "1.5", "0o7", "1e3",
        "2001-01-01", "1:20", "a: b", "a:", "a #b", " a", "a ",  "- a", "-",   "@a",
        "`a",         "%a",   "&a",   "*a", "!a",   "|",  ">",   "{a",  "[a",  "'a",
        "\"a",        "#a",   "?a",   ",a", "<<",   "=",  "---", "...", "\t",  ".inf"}) {
    std::string json;
    print_json_string(quoted, json);
    EXPECT_EQ(print_yaml(Node::string(quoted)), json + "\n");
  }
  EXPECT_EQ(print_yaml(Node::string("\u0085\u2028\uFEFF\x7F")),
            "\"\\u0085\\u2028\\uFEFF\\u007F\"\n");
}

TEST(Yaml, WhatIsPrintedReadsAsTheSame) {
  std::size_t documents = 0;
  for (unsigned seed = 0; seed < 600; ++seed) {
    Arena arena;
    const Node node = Trees(seed, arena).tree(5);
    if (node.is_null()) {
      continue;
    }
    const std::string text = print_yaml(node);
    const auto again = read_source(text, "f.yaml", arena);
    ASSERT_EQ(again.value->size(), 1U)
        << text << (again.diagnostics.empty() ? "" : render(again.diagnostics.front()));
    ASSERT_TRUE(equal(again.value->front().root(), node)) << text << "\n" << print_json(node);
    ++documents;
  }
  EXPECT_GT(documents, 400U);
}

}  // namespace
}  // namespace seaworthy::document
