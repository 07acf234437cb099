#include "cel/syntax/parser.h"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "cel/syntax_text.h"
#include "seaworthy/cel/environment.h"

// The messages were seen from Kubernetes 1.36's own compiler.

namespace seaworthy::cel {
namespace {

struct TreeCase {
  std::string expression;
  std::string tree;

  friend void PrintTo(const TreeCase& test, std::ostream* out) { *out << test.expression; }
};

class ParserTreeTest : public testing::TestWithParam<TreeCase> {};

TEST_P(ParserTreeTest, MakesTheTree) {
  const ParseResult result = parse(GetParam().expression);
  ASSERT_TRUE(result.issues.empty()) << format_issues(GetParam().expression, result.issues);
  EXPECT_EQ(to_text(result.ast), GetParam().tree);
}

INSTANTIATE_TEST_SUITE_P(
    Operators, ParserTreeTest,
    testing::Values(TreeCase{"1 + 2 * 3 - 4", "_-_(_+_(1, _*_(2, 3)), 4)"},
                    TreeCase{"a < b == c", "_==_(_<_(a, b), c)"},
                    TreeCase{"a in b || c", "_||_(@in(a, b), c)"},
                    TreeCase{"a ? b : c ? d : e", "_?_:_(a, b, _?_:_(c, d, e))"},
                    TreeCase{"a || b ? c : d", "_?_:_(_||_(a, b), c, d)"},
                    TreeCase{"!a && !!b", "_&&_(!_(a), b)"},
                    TreeCase{"-1 - -1 - --1 - ---1", "_-_(_-_(_-_(-1, -1), 1), -_(1))"},
                    TreeCase{"- a - --a", "_-_(-_(a), a)"}, TreeCase{"-1.f()", "-1.f()"},
                    TreeCase{"a && b && c && d", "_&&_(_&&_(a, b), _&&_(c, d))"},
                    TreeCase{"a || b || c", "_||_(_||_(a, b), c)"},
                    TreeCase{"a[b][?c].?d.e", "_[?_](_[_](a, b), c).?d.e"},
                    TreeCase{"(a).b", "a.b"}));

INSTANTIATE_TEST_SUITE_P(
    Primaries, ParserTreeTest,
    testing::Values(TreeCase{".a.b", ".a.b"}, TreeCase{".f(a).g()", ".f(a).g()"},
                    TreeCase{"[1, ?a, b,]", "[1, ?a, b]"},
                    TreeCase{"{a: 1, ?b: c,}", "{a: 1, ?b: c}"}, TreeCase{"[]", "[]"},
                    TreeCase{"{}", "{}"}, TreeCase{"a.B{c: 1, ?d: e}", "a.B{c: 1, ?d: e}"},
                    TreeCase{".A{}", ".A{}"},
                    TreeCase{"a.as.namespace.package()", "a.as.namespace.package()"},
                    TreeCase{"true ? null : false", "_?_:_(true, null, false)"}));

INSTANTIATE_TEST_SUITE_P(
    Literals, ParserTreeTest,
    testing::Values(TreeCase{"0x10 + 9223372036854775807 + -9223372036854775808",
                             "_+_(_+_(16, 9223372036854775807), -9223372036854775808)"},
                    TreeCase{"18446744073709551615u", "18446744073709551615u"},
                    TreeCase{"-0x8u.f()", "-_(8u.f())"},
                    TreeCase{"1.5e3 + .5 - 1e-400", "_-_(_+_(1500d, 0.5d), 0d)"},
                    TreeCase{R"('\a\b\f\n\r\t\v\\\'\"\`\?' )", "\"\a\b\f\n\r\t\v\\'\"`?\""},
                    TreeCase{R"("\x41\101\u00e9\U0001F600")", "\"AAé😀\""},
                    TreeCase{R"(r'\d' + R"\")", "_+_(\"\\d\", \"\\\")"},
                    TreeCase{"'''a\r\nb\rc'''", "\"a\nb\nc\""},
                    TreeCase{R"(b'\xff\377é' + bR"\x")", "_+_(b\"ffffc3a9\", b\"5c78\")"},
                    TreeCase{"\"\"\"a\"b\"\"\"", "\"a\"b\""}));

INSTANTIATE_TEST_SUITE_P(
    Macros, ParserTreeTest,
    testing::Values(
        TreeCase{"has(a.b.c)", "has a.b.c"}, TreeCase{"has(has(a.b))", "has a.b"},
        TreeCase{"l.all(x, x > 0)", "all(x in l if _>_(x, 0))"},
        TreeCase{"l.exists(x, p) || l.existsOne(i, v, p)",
                 "_||_(exists(x in l if p), exists_one(i, v in l if p))"},
        TreeCase{"l.filter(x, p).map(y, y.a)", "map(y in filter(x in l if p): y.a)"},
        TreeCase{"l.map(x, p, e)", "map(x in l if p: e)"},
        TreeCase{"l.exists_one(x, p)", "exists_one(x in l if p)"},
        TreeCase{"m.transformMap(k, v, p, e)", "transformMap(k, v in m if p: e)"},
        TreeCase{"m.transformList(k, v, e)", "transformList(k, v in m: e)"},
        TreeCase{"m.transformMapEntry(k, v, {v: k})", "transformMapEntry(k, v in m: {v: k})"},
        TreeCase{"l.sortBy(x, x.a)", "sortBy(x in l: x.a)"},
        TreeCase{"o.optMap(x, e)", "optMap(x in o: e)"},
        TreeCase{"o.optFlatMap(x, e)", "optFlatMap(x in o: e)"},
        TreeCase{"l.existsOne(x, y) || has(a, b) == all(x, y) || .has(a.b)",
                 "_||_(_||_(l.existsOne(x, y), _==_(has(a, b), all(x, y))), .has(a.b))"}));

TEST(ParserTest, PutsNodesWhereCelGoPointsAt) {
  const std::pair<std::string, SourcePosition> cases[] = {
      {"a.b", {1, 2}},       {"a.f(b)", {1, 4}},      {"f(b)", {1, 2}},   {"a + b", {1, 3}},
      {"a ? b : c", {1, 3}}, {"!a", {1, 1}},          {"-1", {1, 1}},     {"[a]", {1, 1}},
      {"a[b]", {1, 2}},      {"A{}", {1, 2}},         {"\n\n a", {3, 2}}, {"l.all(x, y)", {1, 6}},
      {"has(a.b)", {1, 4}},  {"a && b && c", {1, 8}}, {".a", {1, 2}},     {"a.?b", {1, 2}},
  };
  for (const auto& [expression, position] : cases) {
    const ParseResult result = parse(expression);
    ASSERT_TRUE(result.issues.empty());
    EXPECT_EQ(result.ast.at(result.ast.root).position, position) << expression;
  }
}

struct MistakeCase {
  std::string expression;
  std::vector<std::string> issues;  ///< "line:column: message".

  friend void PrintTo(const MistakeCase& test, std::ostream* out) { *out << test.expression; }
};

std::vector<std::string> lines(const std::vector<Issue>& issues) {
  std::vector<std::string> out;
  for (const Issue& issue : issues) {
    out.push_back(std::to_string(issue.position.line) + ":" +
                  std::to_string(issue.position.column) + ": " + issue.message);
  }
  return out;
}

class ParserMistakeTest : public testing::TestWithParam<MistakeCase> {};

TEST_P(ParserMistakeTest, Reports) {
  EXPECT_EQ(lines(parse(GetParam().expression).issues), GetParam().issues) << GetParam().expression;
}

const std::string kStart =
    "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, "
    "BYTES, IDENTIFIER}";

INSTANTIATE_TEST_SUITE_P(
    Syntax, ParserMistakeTest,
    testing::Values(
        MistakeCase{"", {"1:0: Syntax error: mismatched input '<EOF>' expecting " + kStart}},
        MistakeCase{"a +", {"1:4: Syntax error: mismatched input '<EOF>' expecting " + kStart}},
        MistakeCase{"a b", {"1:3: Syntax error: extraneous input 'b' expecting <EOF>"}},
        MistakeCase{"a ? b ? 1 : 2 : 3", {"1:7: Syntax error: mismatched input '?' expecting ':'"}},
        MistakeCase{"a ? b c", {"1:7: Syntax error: missing ':' at 'c'"}},
        MistakeCase{"a.", {"1:3: Syntax error: no viable alternative at input '.'"}},
        MistakeCase{"a.true", {"1:3: Syntax error: mismatched input 'true' expecting IDENTIFIER"}},
        MistakeCase{"a.in",
                    {"1:3: Syntax error: no viable alternative at input '.in'",
                     "1:5: Syntax error: mismatched input '<EOF>' expecting " + kStart}},
        MistakeCase{"a.`b-c`", {"1:3: unsupported syntax: '`'"}},
        MistakeCase{"-!a", {"1:2: Syntax error: no viable alternative at input '-!'"}},
        MistakeCase{"[1, 2", {"1:6: Syntax error: mismatched input '<EOF>' expecting {']', ','}"}},
        MistakeCase{
            "a.f(,1) + (2",
            {"1:5: Syntax error: extraneous input ',' expecting {'[', '{', '(', ')', '.', '-', "
             "'!', "
             "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}",
             "1:13: Syntax error: missing ')' at '<EOF>'"}}));

INSTANTIATE_TEST_SUITE_P(
    Meaning, ParserMistakeTest,
    testing::Values(
        MistakeCase{"if + as.b", {"1:1: reserved identifier: if", "1:6: reserved identifier: as"}},
        MistakeCase{"9223372036854775808 + 18446744073709551616u + 1e400",
                    {"1:1: invalid int literal", "1:23: invalid uint literal",
                     "1:47: invalid double literal"}},
        MistakeCase{R"('\ud800' + b'\u0041')",
                    {"1:1: invalid unicode code point", "1:12: unable to unescape string"}},
        MistakeCase{"has(a)", {"1:5: invalid argument to has() macro"}},
        MistakeCase{"has(a.?b)", {"1:6: invalid argument to has() macro"}},
        MistakeCase{"l.all(a.b, p)", {"1:8: argument must be a simple name"}},
        MistakeCase{"l.map(1, p)", {"1:7: argument is not an identifier"}},
        MistakeCase{"l.filter(__result__, p)",
                    {"1:10: iteration variable overwrites accumulator variable"}},
        MistakeCase{"l.all(x, x, p)", {"1:10: duplicate variable name: x"}},
        MistakeCase{"o.optMap(x.y, p)",
                    {"1:11: optMap() variable name must be a simple identifier"}},
        MistakeCase{"{}.sortBy(x, x)",
                    {"1:1: sortBy can only be applied to a list, identifier, comprehension, call "
                     "or select expression"}}));

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

TEST(ParserTest, KeepsToCelGosLimits) {
  const std::string nested = "0:0: expression recursion limit exceeded: 250";
  const std::string deep = "0:0: max recursion depth exceeded";

  struct Case {
    std::string expression;
    std::string issue;
  };

  const Case cases[] = {
      {repeat("(", 249) + "1" + repeat(")", 249), ""},
      {repeat("(", 250) + "1" + repeat(")", 250), nested},
      {repeat("1+(", 124) + "1" + repeat(")", 124), ""},
      {repeat("1+(", 125) + "1" + repeat(")", 125), nested},
      {repeat("a?1:", 249) + "1", ""},
      {repeat("a?1:", 250) + "1", nested},
      {"a" + repeat(".a", 250), ""},
      {"a" + repeat(".a", 251), deep},
      {"1" + repeat("+1", 251), deep},
      {"a" + repeat("&&a", 20'000), ""},
      {repeat("!", 99'999) + "a", ""},
      {repeat(" ", 100'000) + "a",
       "0:0: expression code point size exceeds limit: size: 100001, limit 100000"},
      {repeat("[", 99'999), nested},
  };
  for (const Case& test : cases) {
    const auto issues = lines(parse(test.expression).issues);
    EXPECT_EQ(issues, test.issue.empty() ? std::vector<std::string>{} : std::vector{test.issue})
        << test.expression.substr(0, 10) << " " << test.expression.size();
  }
}

TEST(ParserTest, GivesUpAfterThirtyRepairs) {
  const std::vector<std::string> issues = lines(parse(repeat("f(a b),", 40)).issues);
  ASSERT_FALSE(issues.empty());
  EXPECT_LE(issues.size(), 31U);
}

TEST(ParserTest, TakesAnyBytes) {
  for (const std::string_view source :
       {"\xff\xfe", "'\xc3", "a.\xe2\x98", "\0a", "((((((((((", "?:?:?:[{[{"}) {
    EXPECT_FALSE(parse(source).issues.empty());
  }
  const ParseResult replaced = parse("'\xff'");
  EXPECT_EQ(to_text(replaced.ast), "\"\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace seaworthy::cel
