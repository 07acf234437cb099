#include "seaworthy/base/text.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace seaworthy {
namespace {

TEST(Text, KnowsUtf8) {
  struct Case {
    std::string_view text;
    bool valid;
    std::string_view repaired;
    std::size_t code_points;
  };

  const std::array<Case, 9> cases = {{
      {"", true, "", 0},
      {"a\u00e9\u20ac\U0001F600", true, "a\u00e9\u20ac\U0001F600", 4},
      {"\xC0\x80", false, "\uFFFD\uFFFD", 2},                      // overlong
      {"\xED\xA0\x80", false, "\uFFFD\uFFFD\uFFFD", 3},            // a surrogate
      {"\xF4\x90\x80\x80", false, "\uFFFD\uFFFD\uFFFD\uFFFD", 4},  // over U+10FFFF
      {"a\xE2\x82", false, "a\uFFFD\uFFFD", 3},                    // cut
      {"\x80z", false, "\uFFFDz", 2},
      {"\xEF\xBF\xBF", true, "\xEF\xBF\xBF", 1},
      {"\xFF", false, "\uFFFD", 1},
  }};
  for (const Case& each : cases) {
    EXPECT_EQ(is_valid_utf8(each.text), each.valid) << each.repaired;
    EXPECT_EQ(to_valid_utf8(each.text), each.repaired);
    EXPECT_EQ(code_point_count(each.text), each.code_points) << each.repaired;
  }
}

TEST(Text, AppendsUtf8) {
  std::string out;
  for (const std::uint32_t code : {0x41U, 0xE9U, 0x20ACU, 0x1F600U, 0xD800U, 0x110000U}) {
    append_utf8(out, code);
  }
  EXPECT_EQ(out, "A\u00e9\u20ac\U0001F600\uFFFD\uFFFD");
}

TEST(Text, MakesOneLine) {
  EXPECT_EQ(one_line("a\nb\tc\x7f\u0085!", 100), "a b c  !");
  EXPECT_EQ(one_line("abcdef", 6), "abcdef");
  EXPECT_EQ(one_line("abcdefg", 6), "abcde\u2026");
  EXPECT_EQ(one_line("\xFFz", 6), "\uFFFDz");
}

TEST(Text, FindsTheNearest) {
  constexpr std::array<std::string_view, 3> kNames = {"containers", "volumes", "initContainers"};
  EXPECT_EQ(nearest("contianers", kNames), "containers");
  EXPECT_EQ(nearest("volume", kNames), "volumes");
  EXPECT_EQ(nearest("hostNetwork", kNames), "");
}

TEST(Text, MatchesGlobs) {
  struct Case {
    std::string_view pattern;
    std::string_view text;
    bool matches;
  };

  const std::array<Case, 9> cases = {
      {{"*", "", true},
       {"", "", true},
       {"", "a", false},
       {"prod-*", "prod-eu", true},
       {"prod-*", "pro", false},
       {"*-a-*", "x-a-b-a-", true},
       {"a?c", "abc", true},
       {"a?c", "ac", false},
       {"*a*a*a*a*b", std::string_view("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), false}}};
  for (const Case& each : cases) {
    EXPECT_EQ(matches_glob(each.pattern, each.text), each.matches) << each.pattern;
  }
}

TEST(Text, FindsWhatTwoGlobsHaveInCommon) {
  struct Case {
    std::string_view first;
    std::string_view second;
    bool overlap;
  };

  const std::array<Case, 14> cases = {{{"", "", true},
                                       {"", "a", false},
                                       {"*", "", true},
                                       {"a*", "*b", true},
                                       {"a*", "b*", false},
                                       {"a?c", "*b?", true},
                                       {"a?c", "ac", false},
                                       {"system:serviceaccounts*", "*:team-a", true},
                                       {"system:serviceaccounts*", "system:nodes", false},
                                       {"*a*", "b?b", true},
                                       {"*a*", "bbb", false},
                                       {"**", "*", true},
                                       {"x*yy*z", "x?z", false},
                                       {"x*y*z", "?y?", true}}};
  for (const Case& each : cases) {
    EXPECT_EQ(globs_overlap(each.first, each.second), each.overlap)
        << each.first << " " << each.second;
    EXPECT_EQ(globs_overlap(each.second, each.first), each.overlap)
        << each.second << " " << each.first;
  }
}

TEST(Text, SplitsJoinsAndTrims) {
  const auto parts = split("a,,b", ',');
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[1], "");
  EXPECT_EQ(split("", ',').size(), 1U);
  const std::array<std::string, 2> words = {"a", "b"};
  EXPECT_EQ(join(words, ", "), "a, b");
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

}  // namespace
}  // namespace seaworthy
