#include "cel/syntax/lexer.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/cel/environment.h"

namespace seaworthy::cel {
namespace {

std::string kinds(std::string_view source) {
  std::string out;
  for (const Token& token : lex(source).tokens) {
    out += (out.empty() ? "" : " ") + std::string(name_of(token.kind));
  }
  return out;
}

TEST(LexerTest, CutsTheLongestToken) {
  struct Case {
    std::string source;
    std::string tokens;
  };

  const Case cases[] = {
      {"", "<EOF>"},
      {"a<=b", "IDENTIFIER '<=' IDENTIFIER <EOF>"},
      {"in inn true null", "'in' IDENTIFIER 'true' 'null' <EOF>"},
      {"1 1.5 .5 1e3 1.e3 1u 0x1F 0x1fu",
       "NUM_INT NUM_FLOAT NUM_FLOAT NUM_FLOAT NUM_INT '.' IDENTIFIER NUM_UINT "
       "NUM_INT NUM_UINT <EOF>"},
      {"0x 1ua 1e+", "NUM_INT IDENTIFIER NUM_UINT IDENTIFIER NUM_INT IDENTIFIER '+' <EOF>"},
      {"a.1", "IDENTIFIER NUM_FLOAT <EOF>"},
      {"'' \"\" '''a'b''' r'\\' b\"x\" bR'\\d' rb",
       "STRING STRING STRING STRING BYTES BYTES IDENTIFIER <EOF>"},
      {"'''''a'''x", "STRING IDENTIFIER <EOF>"},
      {"a // b\n// c\n.d", "IDENTIFIER '.' IDENTIFIER <EOF>"},
      {"a.`b-c/d e.f`", "IDENTIFIER '.' ESC_IDENTIFIER <EOF>"},
      {"[?a]{?b:c}", "'[' '?' IDENTIFIER ']' '{' '?' IDENTIFIER ':' IDENTIFIER '}' <EOF>"},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(kinds(test.source), test.tokens) << test.source;
    EXPECT_TRUE(lex(test.source).issues.empty()) << test.source;
  }
}

TEST(LexerTest, SkipsWhatIsNoToken) {
  struct Case {
    std::string source;
    std::string skipped;
    SourcePosition position;
    std::string tokens;
  };

  const Case cases[] = {
      {"a @ b", "@", {1, 3}, "IDENTIFIER IDENTIFIER <EOF>"},
      {"a = b", "= ", {1, 3}, "IDENTIFIER IDENTIFIER <EOF>"},
      {"a |", "|", {1, 3}, "IDENTIFIER <EOF>"},
      {"a &é", "&é", {1, 3}, "IDENTIFIER <EOF>"},
      {"\"abc", "\"abc", {1, 1}, "<EOF>"},
      {"'a\nb", "'a\n", {1, 1}, "IDENTIFIER <EOF>"},
      {"'a\\qb", "'a\\q", {1, 1}, "IDENTIFIER <EOF>"},
      {"'\\u12g'", "'\\u12g", {1, 1}, "<EOF>"},
      {"'\\400", "'\\4", {1, 1}, "NUM_INT <EOF>"},
      {"x\n  #", "#", {2, 3}, "IDENTIFIER <EOF>"},
      {"é", "é", {1, 1}, "<EOF>"},
      {"``", "``", {1, 1}, "<EOF>"},
  };
  for (const Case& test : cases) {
    const LexResult result = lex(test.source);
    ASSERT_FALSE(result.issues.empty()) << test.source;
    EXPECT_EQ(
        result.issues[0],
        (Issue{test.position, "Syntax error: token recognition error at: '" + test.skipped + "'"}));
    EXPECT_EQ(kinds(test.source), test.tokens) << test.source;
  }
}

TEST(LexerTest, CountsColumnsInCodePoints) {
  const LexResult result = lex("'é☺' +\r\n\tx");
  ASSERT_EQ(result.tokens.size(), 4U);
  EXPECT_EQ(result.tokens[1].position, (SourcePosition{1, 6}));
  EXPECT_EQ(result.tokens[2].position, (SourcePosition{2, 2}));
  EXPECT_EQ(result.tokens[3].position, (SourcePosition{2, 3}));
}

}  // namespace
}  // namespace seaworthy::cel
