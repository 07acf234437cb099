#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "cel/lib/pattern.h"
#include "evaluate_text.h"
#include "seaworthy/base/limits.h"

// What nobody means to write: at and over the limits, numbers, texts and times out of range. All
// that is expected is Kubernetes 1.36's answer.

namespace seaworthy::cel {
namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

struct Shape {
  std::string_view before;
  std::size_t times;
  std::string_view core;
  std::string_view after;
  std::string_view expected;
};

void PrintTo(const Shape& test, std::ostream* out) {
  *out << test.before << test.core << test.after << " x " << test.times;
}

class DeepInputTest : public testing::TestWithParam<Shape> {};

TEST_P(DeepInputTest, AnswersAsKubernetes) {
  const Shape& shape = GetParam();
  const std::string expression = repeat(shape.before, shape.times) + std::string(shape.core) +
                                 repeat(shape.after, shape.times);
  constexpr std::size_t kShown = 100;
  EXPECT_EQ(evaluate_text(expression, R"({"a": true})").substr(0, kShown), shape.expected);
}

constexpr Shape kShapes[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"(", 49, "1", ")", "int 1 for 0"},
    {"(", 50, "1", ")", "int 1 for 0"},
    {"(", 124, "1", ")", "int 1 for 0"},
    {"(", 125, "1", ")", "int 1 for 0"},
    {"(", 250, "1", ")", "refused: expression recursion limit exceeded: 250"},
    {"(", 251, "1", ")", "refused: expression recursion limit exceeded: 250"},
    {"!", 249, "true", "", "bool false for 1"},
    {"!", 250, "true", "", "bool true for 0"},
    {"!", 251, "true", "", "bool false for 1"},
    {"!", 1000, "true", "", "bool true for 0"},
    {"-", 249, "object.a", "", "error no such overload for 3"},
    {"-", 251, "object.a", "", "error no such overload for 3"},
    {"true ? 1 : ", 123, "2", "", "int 1 for 0"},
    {"true ? 1 : ", 125, "2", "", "int 1 for 0"},
    {"true ? 1 : ", 250, "2", "", "refused: expression recursion limit exceeded: 250"},
    {"true ? 1 : ", 251, "2", "", "refused: expression recursion limit exceeded: 250"},
    {"", 249, "object", ".a", "error no such key: a for 3"},
    {"", 250, "object", ".a", "error no such key: a for 3"},
    {"", 251, "object", ".a", "refused: max recursion depth exceeded"},
    {"", 249, "object", "[0]", "error no such key: 0 for 2"},
    {"", 250, "object", "[0]", "error no such key: 0 for 2"},
    {"", 251, "object", "[0]", "refused: max recursion depth exceeded"},
    {"[", 124, "", "]",
     "list "
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
     "[["},
    {"[", 125, "", "]",
     "list "
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
     "[["},
    {"[", 250, "", "]",
     "list "
     "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
     "[["},
    {"{'a': ", 124, "1", "}",
     "map "
     "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{"
     "\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{"},
    {"{'a': ", 125, "1", "}",
     "map "
     "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{"
     "\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{"},
    {"{'a': ", 250, "1", "}", "refused: expression recursion limit exceeded: 250"},
    {"size(", 124, "[]", ")", "refused: found no matching overload for 'size' applied to '(int)'"},
    {"size(", 125, "[]", ")", "refused: found no matching overload for 'size' applied to '(int)'"},
    {"size(", 250, "[]", ")", "refused: expression recursion limit exceeded: 250"},
    {"", 249, "'a'", ".trim()", "string a for 249"},
    {"", 250, "'a'", ".trim()", "string a for 250"},
    {"", 251, "'a'", ".trim()", "refused: max recursion depth exceeded"},
    {"[1].all(x, ", 50, "true", ")", "bool true for 200"},
    {"[1].all(x, ", 124, "true", ")", "bool true for 496"},
    {"[1].all(x, ", 125, "true", ")", "bool true for 500"},
    {"[1].all(x, ", 250, "true", ")", "refused: expression recursion limit exceeded: 250"},
    {"", 249, "1", "+1", "int 250 for 249"},
    {"", 250, "1", "+1", "int 251 for 250"},
    {"", 251, "1", "+1", "refused: max recursion depth exceeded"},
    {"", 49999, "1", "+1", "refused: max recursion depth exceeded"},
    {"", 249, "true", " && true", "bool true for 0"},
    {"", 251, "true", " && true", "bool true for 0"},
    {"", 12000, "true", " && true", "bool true for 0"},
    {"", 124, "[1]", ".map(x, x)", "list [1] for 1736"},
    {"", 125, "[1]", ".map(x, x)", "list [1] for 1750"},
    {"", 249, "[1]", ".map(x, x)", "list [1] for 3486"},
    {"", 251, "[1]", ".map(x, x)", "refused: max recursion depth exceeded"},
    {"(", 10, "", "",
     "refused: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', "
     "'true', 'fa"},
    {"(", 300, "", "", "refused: expression recursion limit exceeded: 250"},
    {"1+", 10, "", "",
     "refused: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', "
     "'true', 'fa"},
    {"1+", 300, "", "", "refused: max recursion depth exceeded"},
};

INSTANTIATE_TEST_SUITE_P(Shapes, DeepInputTest, testing::ValuesIn(kShapes));

struct Case {
  std::string_view expression;
  std::string_view object;
  std::string_view expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

class BadInputTest : public testing::TestWithParam<Case> {};

TEST_P(BadInputTest, AnswersAsKubernetes) {
  EXPECT_EQ(evaluate_text(GetParam().expression, GetParam().object), GetParam().expected);
}

constexpr Case kLiterals[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"lists.range(1000000)", "{}",
     "error operation cancelled: actual cost limit exceeded for 1000011"},
    {"lists.range(999000).size()", "{}", "int 999000 for 999012"},
    {"lists.range(-1)", "{}", "list [] for 11"},
    {"lists.range(1000).map(x, lists.range(1000)).size()", "{}",
     "error operation cancelled: actual cost limit exceeded for 1000471"},
    {"'a'.matches('(a*)*b')", "{}", "bool false for 2"},
    {"'a'.matches('a{1000}')", "{}", "bool false for 2"},
    {"'a'.matches('a{1001}')", "{}", "refused: invalid matches argument"},
    {"'a'.matches('(a{1000}){1000}')", "{}", "refused: invalid matches argument"},
    {"'a'.matches('((a{10}){10}){10}')", "{}", "bool false for 5"},
    {"'a'.matches('(a{100}){11}')", "{}", "refused: invalid matches argument"},
    {"'a'.matches('\\\\pL{500}')", "{}", "bool false for 2"},
    {"'a'.matches('(?<n>a)(?<n>b)')", "{}", "bool false for 4"},
    {"'a'.find('a**')", "{}",
     "refused: error parsing regexp: invalid nested repetition operator: `**`"},
    {"'a'.find('(?=a)')", "{}",
     "refused: error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
    {"'\\xff'.size()", "{}", "int 1 for 1"},
    {"b'\\xff'", "{}", "bytes /w== for 0"},
    {"'\\ud800'", "{}", "refused: invalid unicode code point"},
    {"'\\U00110000'", "{}", "refused: invalid unicode code point"},
    {"b'\\u00ff'", "{}", "refused: unable to unescape string"},
    {"'\\400'", "{}", "refused: Syntax error: token recognition error at: ''\\4'"},
    {"'\\8'", "{}", "refused: Syntax error: token recognition error at: ''\\8'"},
    {"string(b'\\xff')", "{}", "refused: invalid UTF-8 in bytes, cannot convert to string"},
    {"bytes('\\x80')", "{}", "bytes woA= for 0"},
    {"9223372036854775808", "{}", "refused: invalid int literal"},
    {"-9223372036854775808", "{}", "int -9223372036854775808 for 0"},
    {"-9223372036854775809", "{}", "refused: invalid int literal"},
    {"18446744073709551616u", "{}", "refused: invalid uint literal"},
    {"0x8000000000000000", "{}", "refused: invalid int literal"},
    {"1e309", "{}", "refused: invalid double literal"},
    {"-1e309", "{}", "refused: invalid double literal"},
    {"1e-400", "{}", "double 0 for 0"},
    {"1e", "{}", "refused: Syntax error: extraneous input 'e' expecting <EOF>"},
    {"0x", "{}", "refused: Syntax error: extraneous input 'x' expecting <EOF>"},
    {"1_000", "{}", "refused: Syntax error: extraneous input '_000' expecting <EOF>"},
    {"double('1e309')", "{}", "refused: type conversion error from 'string' to 'double'"},
    {"double('NaN') == double('NaN')", "{}", "bool false for 1"},
    {"[double('NaN')] == [double('NaN')]", "{}", "bool false for 1"},
    {"double('NaN') in [double('NaN')]", "{}", "bool false for 0"},
    {"{double('NaN'): 1}.size()", "{}", "int 1 for 1"},
    {"int(double('NaN'))", "{}", "refused: integer overflow"},
    {"int(1e19)", "{}", "refused: integer overflow"},
    {"uint(-0.5)", "{}", "refused: unsigned integer overflow"},
    {"1/0", "{}", "error division by zero for 1"},
    {"-9223372036854775808/-1", "{}", "error integer overflow for 1"},
    {"9223372036854775807+1", "{}", "error integer overflow for 1"},
    {"{'a': 1, 'a': 2}", "{}", "map {\"a\":2} for 0"},
    {"{1: 1, 1u: 2}", "{}", "refused: expected type 'int' but found 'uint'"},
    {"{dyn(1): 1, dyn(1u): 2}.size()", "{}", "int 2 for 1"},
    {"{'a': 1, 'b': 2}.transformMapEntry(k, v, {'x': 1})", "{}",
     "error insert failed: key x already exists for 5"},
    {"timestamp('10000-01-01T00:00:00Z')", "{}", "refused: invalid timestamp argument"},
    {"timestamp('2023-02-29T00:00:00Z')", "{}", "refused: invalid timestamp argument"},
    {"timestamp('2024-01-01T00:00:00+25:00')", "{}", "refused: invalid timestamp argument"},
    {"timestamp('2024-01-01T00:00:00+23:59')", "{}",
     "google.protobuf.Timestamp 2024-01-01T00:00:00+23:59 for 0"},
    {"timestamp('0001-01-01T00:00:00Z') - duration('1s')", "{}", "error timestamp overflow for 1"},
    {"timestamp(253402300800)", "{}", "refused: invalid timestamp argument"},
    {"duration('9223372036.854775808s')", "{}", "refused: invalid duration argument"},
    {"duration('1d')", "{}", "refused: invalid duration argument"},
    {"timestamp(0).getHours('')", "{}", "int 0 for 1"},
    {"timestamp(0).getHours('Local')", "{}", "int 0 for 1"},
    {"timestamp(0).getHours('local')", "{}", "error unknown time zone local for 1"},
    {"timestamp(0).getHours('utc')", "{}", "error unknown time zone utc for 1"},
    {"timestamp(0).getHours('Europe/Nowhere')", "{}",
     "error unknown time zone Europe/Nowhere for 1"},
    {"timestamp(0).getHours('+25:00')", "{}", "int 1 for 1"},
    {"timestamp(0).getHours('-00:30')", "{}", "int 23 for 1"},
    {"timestamp(0).getHours('+99:99')", "{}", "int 4 for 1"},
    {"timestamp(0).getHours('1')", "{}", "error unknown time zone 1 for 1"},
    {"timestamp(0).getHours('+:')", "{}",
     "error strconv.Atoi: parsing \"+\": invalid syntax for 1"},
    {"timestamp(0).getHours('99999999999999999999:00')", "{}",
     "error strconv.Atoi: parsing \"99999999999999999999\": value out of range for 1"},
    {"timestamp(0).getHours('+2147483647:00')", "{}", "int 16 for 1"},
    {"timestamp(0).getHours('/etc/localtime')", "{}", "error time: invalid location name for 1"},
    {"timestamp(0).getHours('../UTC')", "{}", "error time: invalid location name for 1"},
    {"", "{}",
     "refused: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', "
     "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"},
};

INSTANTIATE_TEST_SUITE_P(Literals, BadInputTest, testing::ValuesIn(kLiterals));

constexpr Case kData[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.n", "{\"n\": 9223372036854775808}", "double 9.223372036854776e+18 for 2"},
    {"object.n + 1", "{\"n\": 9223372036854775807}", "error integer overflow for 3"},
    {"type(object.n)", "{\"n\": 18446744073709551615}", "type double for 3"},
    {"object.n", "{\"n\": -0}", "int 0 for 2"},
    {"object.n", "{\"n\": 1e-400}", "double 0 for 2"},
    {"object.s.size()", "{\"s\": \"\\ud800\"}", "int 1 for 3"},
    {"object.s == '\\ufffd'", "{\"s\": \"\\udc00\"}", "bool true for 3"},
    {"object.s.size()", "{\"s\": \"\\ud83d\\ude00\"}", "int 1 for 3"},
    {"'a'.matches(object.p)", "{\"p\": \"(a*)*b\"}", "bool false for 4"},
    {"'a'.matches(object.p)", "{\"p\": \"(?<=a)\"}",
     "error error parsing regexp: invalid named capture: `(?<=a)` for 4"},
    {"'a'.matches(object.p)", "{\"p\": \"\\\\C\"}",
     "error error parsing regexp: invalid escape sequence: `\\C` for 3"},
    {"'a'.matches(object.p)", "{\"p\": \"a{1000}{1000}\"}",
     "error error parsing regexp: invalid nested repetition operator: `{1000}{1000}` for 6"},
    {"timestamp(object.t)", "{\"t\": \"2024-01-01T24:00:00Z\"}",
     "error type conversion error from 'string' to 'google.protobuf.Timestamp' for 3"},
    {"duration(object.d)", "{\"d\": \"1e3s\"}",
     "error type conversion error from 'string' to 'google.protobuf.Duration' for 3"},
};

INSTANTIATE_TEST_SUITE_P(Data, BadInputTest, testing::ValuesIn(kData));

TEST(LongInputTest, IsReadUpToTheLimit) {
  const auto text = [](std::size_t size) { return "'" + std::string(size - 2, 'a') + "'"; };
  constexpr std::size_t kMost = limits::kExpressionCodePointsMax;
  EXPECT_EQ(evaluate_text(text(kMost), "{}"), "string " + std::string(kMost - 2, 'a') + " for 0");
  EXPECT_EQ(evaluate_text(text(kMost + 1), "{}"),
            "refused: expression code point size exceeds limit: size: 100001, limit 100000");
  EXPECT_EQ(evaluate_text("size([" + repeat("1,", 49'995) + "])", "{}"), "int 49995 for 1");
  EXPECT_EQ(evaluate_text("size(" + text(kMost - 6) + ")", "{}"), "int 99992 for 1");
  EXPECT_EQ(evaluate_text("size('" + repeat("é", kMost - 8) + "')", "{}"), "int 99992 for 1");
  EXPECT_EQ(evaluate_text(repeat("@", kMost), "{}"),
            "refused: Syntax error: token recognition error at: '@'");
}

TEST(LongInputTest, IsGoneOverUpToTheCostLimit) {
  const std::string list = R"({"l": [)" + repeat("1,", 999'999) + "1]}";
  EXPECT_EQ(evaluate_text("object.l.size()", list), "int 1000000 for 3");
  EXPECT_EQ(evaluate_text("object.l[999999]", list), "int 1 for 3");
  EXPECT_EQ(evaluate_text("object.l.all(x, x > 0)", list),
            "error operation cancelled: actual cost limit exceeded for 1000001");
  EXPECT_EQ(evaluate_text("2 in object.l", list), "bool false for 3");
}

}  // namespace
}  // namespace seaworthy::cel
