#include "seaworthy/document/json.h"

#include <array>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "document/trees.h"

namespace seaworthy::document {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

/// What was read, printed, or the error's message.
std::string reprint(std::string_view text) {
  Arena arena;
  const auto node = parse_json(text, arena);
  return node ? print_json(*node) : node.error().message;
}

// Rule for numbers: sigs.k8s.io/json, decodeState.convertNumber; for their text: Go's
// encoding/json, floatEncoder.
TEST(Json, NumbersAreGos) {
  struct Case {
    std::string_view text;
    Kind kind;
    std::string_view printed;
  };

  constexpr std::array<Case, 25> kCases = {{
      {"0", Kind::kInt, "0"},
      {"-0", Kind::kInt, "0"},
      {"-0.0", Kind::kDouble, "-0"},
      {"9223372036854775807", Kind::kInt, "9223372036854775807"},
      {"-9223372036854775808", Kind::kInt, "-9223372036854775808"},
      {"9223372036854775808", Kind::kDouble, "9223372036854776000"},
      {"18446744073709551615", Kind::kDouble, "18446744073709552000"},
      {"18446744073709551616", Kind::kDouble,
       "18446744073709552000"},  // over uint64: the slower reader
      {"123456789012345678901234567890", Kind::kDouble, "1.2345678901234568e+29"},
      {"123456789012345678901", Kind::kDouble, "123456789012345680000"},
      {"1.0", Kind::kDouble, "1"},
      {"1e2", Kind::kDouble, "100"},
      {"1E+2", Kind::kDouble, "100"},
      {"0.1", Kind::kDouble, "0.1"},
      {"1e20", Kind::kDouble, "100000000000000000000"},
      {"1e21", Kind::kDouble, "1e+21"},
      {"0.000001", Kind::kDouble, "0.000001"},
      {"0.0000001", Kind::kDouble, "1e-7"},
      {"1.5e-10", Kind::kDouble, "1.5e-10"},
      {"1e100", Kind::kDouble, "1e+100"},
      {"5e-324", Kind::kDouble, "5e-324"},
      {"1e-400", Kind::kDouble, "0"},
      {"-123.456", Kind::kDouble, "-123.456"},
      {"1.7976931348623157e308", Kind::kDouble, "1.7976931348623157e+308"},
      {"12345678.9", Kind::kDouble, "12345678.9"},
  }};
  for (const Case& each : kCases) {
    Arena arena;
    // Twice: as it is, and beside an integer that makes simdjson refuse the document.
    for (const std::string rest : {"0", "99999999999999999999"}) {
      const auto node = parse_json("[" + std::string(each.text) + "," + rest + "]", arena);
      ASSERT_TRUE(node) << each.text << ": " << node.error().message;
      EXPECT_EQ(node->items()[0].kind(), each.kind) << each.text;
      EXPECT_EQ(print_json(node->items()[0]), each.printed);
    }
  }
  EXPECT_EQ(print_json(Node::number(std::numeric_limits<double>::infinity())), "null");
}

TEST(Json, StringsAreGos) {
  constexpr std::array<std::array<std::string_view, 2>, 10> kCases = {{
      {R"("\u0041\n\t\"\\\/\b\f\r")", R"("A\n\t\"\\/\b\f\r")"},
      {R"("\u0001\u001f")", R"("\u0001\u001f")"},
      {"\"\x7f\"", "\"\x7f\""},
      {R"("<&>\u2028")", "\"<&>\u2028\""},
      {R"("\ud83d\ude00")", "\"\U0001F600\""},
      {R"("\ud83d")", "\"\uFFFD\""},  // a lone surrogate
      {R"("\ud83dx\ude00")", "\"\uFFFDx\uFFFD\""},
      {R"("\ud83d\u0041")", "\"\uFFFDA\""},
      {R"("\ud83d\ud83d\ude00")", "\"\uFFFD\U0001F600\""},
      {"\"0123456789abcdef\\\"0123456789\"", "\"0123456789abcdef\\\"0123456789\""},
  }};
  for (const auto& [text, printed] : kCases) {
    EXPECT_EQ(reprint(text), printed);
  }
  std::string out;
  print_json_string("a\xFFz", out);
  EXPECT_EQ(out, "\"a\uFFFDz\"");
}

TEST(Json, OfDuplicateKeysTheLastWinsInTheFirstsPlace) {
  EXPECT_EQ(reprint(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
  EXPECT_EQ(reprint(R"({"a":1,"b":2,"a":99999999999999999999})"),
            R"({"a":100000000000000000000,"b":2})");
  std::string many = "{";
  std::string expected = "{";
  for (int i = 0; i < 300; ++i) {
    many += "\"k" + std::to_string(i % 100) + "\":" + std::to_string(i) + ",";
  }
  for (int i = 0; i < 100; ++i) {
    expected += "\"k" + std::to_string(i) + "\":" + std::to_string(200 + i) + ",";
  }
  many.back() = expected.back() = '}';
  EXPECT_EQ(reprint(many), expected);
}

TEST(Json, SaysWhatIsWrongAndWhere) {
  constexpr std::array<std::array<std::string_view, 2>, 24> kCases = {{
      {"", "not JSON: byte 0: a value expected, found the end"},
      {"  ", "not JSON: byte 2: a value expected, found the end"},
      {"{", "not JSON: byte 1: a key in '\"' expected, found the end"},
      {R"({"a" 1})", "not JSON: byte 5: ':' expected, found '1'"},
      {R"({"a":1 "b":2})", "not JSON: byte 7: ',' or '}' expected, found '\"'"},
      {R"({"a":1,})", "not JSON: byte 7: a key in '\"' expected, found '}'"},
      {"{a:1}", "not JSON: byte 1: a key in '\"' expected, found 'a'"},
      {"[1,]", "not JSON: byte 3: a value expected, found ']'"},
      {"[1 2]", "not JSON: byte 3: ',' or ']' expected, found '2'"},
      {"[1}", "not JSON: byte 2: ',' or ']' expected, found '}'"},
      {"1 2", "not JSON: byte 2: the end expected, found '2'"},
      {"01", "not JSON: byte 1: a number does not begin with 0"},
      {"-", "not JSON: byte 1: a digit expected, found the end"},
      {"1.", "not JSON: byte 2: a digit expected, found the end"},
      {"1e+", "not JSON: byte 3: a digit expected, found the end"},
      {"1e400", "not JSON: byte 0: a number that no double holds"},
      {"trux", "not JSON: byte 3: 'true' expected, found 'x'"},
      {"\"a", "not JSON: byte 2: '\"' expected, found the end"},
      {"\"a\nb\"", "not JSON: byte 2: the byte 0x0A in a string is written as an escape"},
      {R"("\x")", "not JSON: byte 2: no escape begins with 'x'"},
      {R"("\u12g4")", "not JSON: byte 2: four hexadecimal digits expected after \\u"},
      {"\xEF\xBB\xBF{}", "not JSON: byte 0: a value expected, found '\xEF\xBB\xBF'"},
      {"{\"a\":\"\xC3\x28\"}", "not UTF-8: byte 6"},
      {"NaN", "not JSON: byte 0: a value expected, found 'N'"},
  }};
  for (const auto& [text, message] : kCases) {
    EXPECT_EQ(reprint(text), message) << text;
  }
}

TEST(Json, KeepsItsLimits) {
  const int depth = static_cast<int>(limits::kDocumentDepthMax);
  Arena arena;
  EXPECT_TRUE(parse_json(repeated("[", depth) + repeated("]", depth), arena));
  const auto deep = parse_json(repeated("[", depth + 1) + repeated("]", depth + 1), arena);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, ErrorCode::kOverLimit);
  EXPECT_EQ(deep.error().message, "JSON over a limit: byte 200: more than 200 levels");
  EXPECT_EQ(reprint(repeated(R"({"a":)", 100'000)),
            "JSON over a limit: byte 1000: more than 200 levels");
  EXPECT_FALSE(parse_json("[[1]]", arena, {.depth_max = 1}));

  std::string wide = "[" + repeated("0,", static_cast<int>(limits::kDocumentNodesMax));
  wide.back() = ']';
  const auto many = parse_json(wide, arena);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, ErrorCode::kOverLimit);
  EXPECT_EQ(many.error().message, "JSON over a limit: byte 7999999: more than 4000000 values");
}

TEST(Json, LeavesOutWhatNobodyAsksFor) {
  struct Case {
    std::string_view text;
    std::string_view printed;
  };

  constexpr std::array<std::string_view, 3> kPath{"a", "*", "x"};
  constexpr std::array<Case, 14> kCases = {{
      {R"({"a":{"b":{"x":1,"y":2}}})", R"({"a":{"b":{"y":2}}})"},
      {R"({"a":{"b":{"y":2,"x":{"p":[1,{"q":"}"}],"r":"]"}},"c":{"x":[]}},"d":1})",
       R"({"a":{"b":{"y":2},"c":{}},"d":1})"},
      {R"({"a":{"b":{"x":"s"}}})", R"({"a":{"b":{}}})"},
      {R"({"a":{"b":{"x":-1e5 , "y":true}}})", R"({"a":{"b":{"y":true}}})"},
      // Elsewhere it is a name as any other.
      {R"({"x":1,"a":{"x":2}})", R"({"x":1,"a":{"x":2}})"},
      {R"({"a":{"b":{"c":{"x":1}}}})", R"({"a":{"b":{"c":{"x":1}}}})"},
      {R"({"a":[{"b":{"x":1}}]})", R"({"a":[{"b":{"x":1}}]})"},
      {R"({"a":{"b":[{"x":1}]}})", R"({"a":{"b":[{"x":1}]}})"},
      {R"({"b":{"b":{"x":1}}})", R"({"b":{"b":{"x":1}}})"},
      {R"([{"a":{"b":{"x":1}}}])", R"([{"a":{"b":{"x":1}}}])"},
      // What its brackets hold is not looked at; the brackets are.
      {R"({"a":{"b":{"x":[1 2]}}})", R"({"a":{"b":{}}})"},
      {R"({"a":{"b":{"x":]}})", "not JSON: byte 15: a value expected, found ']'"},
      {R"({"a":{"b":{"x":,"y":1}}})", "not JSON: byte 15: a value expected, found ','"},
      {R"({"a":{"b":{"x":[1,2)", "not JSON: byte 19: ',' or ']' expected, found the end"},
  }};
  JsonParser parser;
  for (const auto& [text, printed] : kCases) {
    Arena arena;
    const auto node = parser.parse(text, arena, {.skipped = kPath});
    EXPECT_EQ(node ? print_json(*node) : node.error().message, printed) << text;
  }
}

TEST(Json, ReadsTokensWhereverWhiteSpaceStands) {
  struct Case {
    std::string_view text;
    std::string_view printed;
  };

  constexpr std::array<Case, 16> kCases = {{
      {" { \"a\" : [ 1 , \"b\" , true ] } ", R"({"a":[1,"b",true]})"},
      {"\t\r\n\"a\"\t\r\n", R"("a")"},
      {R"("a\"b\\")", R"("a\"b\\")"},
      {R"("\b\f\n\r\t\/")", R"("\b\f\n\r\t/")"},
      {R"(["\u00e9","\ud83d\ude00","plain","\n"])",
       "[\"\u00e9\",\"\U0001F600\",\"plain\",\"\\n\"]"},
      {R"("ends in \\")", R"("ends in \\")"},
      {R"(["","\"",""])", R"(["","\"",""])"},
      {"123456789012345678", "123456789012345678"},
      {"1234567890123456789", "1234567890123456789"},
      {"-123456789012345678", "-123456789012345678"},
      {"01", "not JSON: byte 1: a number does not begin with 0"},
      {"-", "not JSON: byte 1: a digit expected, found the end"},
      {"1.", "not JSON: byte 2: a digit expected, found the end"},
      {"truee", "not JSON: byte 4: the end expected, found 'e'"},
      {R"("a" "b")", "not JSON: byte 4: the end expected, found '\"'"},
      {R"({"a":1,})", "not JSON: byte 7: a key in '\"' expected, found '}'"},
  }};
  for (const auto& [text, printed] : kCases) {
    EXPECT_EQ(reprint(text), printed) << text;
  }
}

TEST(Json, AParserReadsOneAfterTheOther) {
  JsonParser parser;
  Arena arena;
  const std::string large = "[" + repeated("\"x\",", 200'000) + "1]";
  for (const std::string& text :
       {std::string("{}"), large, std::string("nope"), std::string(R"({"a":"b"})")}) {
    std::string bytes = text;
    const auto node = parser.parse(bytes, arena);
    ASSERT_EQ(node.has_value(), text != "nope");
    bytes.assign(bytes.size(), '#');  // Nothing of the tree lies there.
    EXPECT_EQ(node ? print_json(*node) : "nope", text);
  }
}

TEST(Json, RealReviewsPrintAsTheyCame) {
  for (const std::string name : {"create-pods-web-mutating", "create-pods-api-validating",
                                 "create-deployments-shop-validating"}) {
    std::ifstream file(std::string(SEAWORTHY_SOURCE_DIR) + "/tests/testdata/reviews/" + name +
                       ".json");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    while (text.ends_with('\n')) {
      text.pop_back();
    }
    ASSERT_FALSE(text.empty()) << name;
    EXPECT_EQ(reprint(text), text);
    EXPECT_EQ(reprint(R"({"slow":[99999999999999999999,)" + text + "]}"),
              R"({"slow":[100000000000000000000,)" + text + "]}");
  }
}

TEST(Json, PrintsForPeople) {
  Arena arena;
  EXPECT_EQ(print_json_pretty(*parse_json(R"({"a":[1,{}],"b":{"c":[]}})", arena)),
            "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": []\n  }\n}");
}

TEST(Json, WhatIsPrintedReadsAsTheSame) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Arena arena;
    const Node node = Trees(seed, arena).tree(5);
    const std::string text = print_json(node);
    for (const auto& again :
         {parse_json(text, arena), parse_json(print_json_pretty(node), arena)}) {
      ASSERT_TRUE(again) << text << ": " << again.error().message;
      ASSERT_TRUE(equal(*again, node)) << text;
      ASSERT_EQ(print_json(*again), text);
    }
  }
}

}  // namespace
}  // namespace seaworthy::document
