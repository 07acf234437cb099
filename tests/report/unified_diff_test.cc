#include "seaworthy/report/unified_diff.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace seaworthy::report {
namespace {

using document::TextEdit;

struct Case {
  const char* name;
  const char* before;
  std::vector<TextEdit> edits;
  const char* expected;
};

class UnifiedDiffTest : public ::testing::TestWithParam<Case> {};

TEST_P(UnifiedDiffTest, IsWhatDiffWouldWrite) {
  EXPECT_EQ(unified_diff(GetParam().before, GetParam().edits, "d/f"), GetParam().expected);
}

// git apply takes no dots.
TEST(UnifiedDiffNamesTest, AreAsGitWantsThem) {
  const std::vector<TextEdit> edits{{0, 1, "2"}};
  const std::pair<std::string, std::string> names[] = {
      {"./pod.yaml", "pod.yaml"}, {"a/./b//c", "a/b/c"}, {"a/../b", "b"}, {"/a/b", "a/b"}};
  for (const auto& [name, expected] : names) {
    EXPECT_EQ(unified_diff("1\n", edits, name),
              "--- a/" + expected + "\n+++ b/" + expected + "\n@@ -1 +1 @@\n-1\n+2\n");
  }
}

constexpr const char* kTen = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

INSTANTIATE_TEST_SUITE_P(
    Texts, UnifiedDiffTest,
    ::testing::Values(
        Case{"nothing", kTen, {}, ""},
        Case{"what_is_the_same", kTen, {{0, 1, "1"}, {2, 2, "2\n"}}, ""},
        Case{"within_a_line",
             kTen,
             {{8, 1, "five"}},
             "--- a/d/f\n+++ b/d/f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"},
        Case{"lines_at_the_start",
             kTen,
             {{0, 0, "0\n"}},
             "--- a/d/f\n+++ b/d/f\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n"},
        Case{"lines_at_the_end",
             kTen,
             {{21, 0, "11\n12\n"}},
             "--- a/d/f\n+++ b/d/f\n@@ -8,3 +8,5 @@\n 8\n 9\n 10\n+11\n+12\n"},
        Case{"lines_taken_away",
             kTen,
             {{2, 4, ""}},
             "--- a/d/f\n+++ b/d/f\n@@ -1,6 +1,4 @@\n 1\n-2\n-3\n 4\n 5\n 6\n"},
        Case{
            "near_each_other",
            kTen,
            {{2, 1, "b"}, {16, 0, "x\n"}},
            "--- a/d/f\n+++ b/d/f\n@@ -1,10 +1,11 @@\n 1\n-2\n+b\n 3\n 4\n 5\n 6\n 7\n 8\n+x\n 9\n "
            "10\n"},
        Case{"far_from_each_other",
             "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
             {{0, 0, "0\n"}, {16, 1, "n"}},
             "--- a/d/f\n+++ b/d/f\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -6,4 +7,4 @@\n 6\n 7\n "
             "8\n-9\n+n\n"},
        Case{"two_in_a_line",
             "ab\n",
             {{0, 1, "x"}, {1, 1, "y"}},
             "--- a/d/f\n+++ b/d/f\n@@ -1 +1 @@\n-ab\n+xy\n"},
        Case{"no_line_break_at_the_end",
             "1\n2",
             {{3, 0, "\n3"}},
             "--- a/d/f\n+++ b/d/f\n@@ -1,2 +1,3 @@\n 1\n-2\n\\ No newline at end of file\n+2\n+3\n"
             "\\ No newline at end of file\n"},
        Case{"an_empty_text", "", {{0, 0, "1\n"}}, "--- a/d/f\n+++ b/d/f\n@@ -0,0 +1 @@\n+1\n"},
        Case{"to_an_empty_text", "1\n", {{0, 2, ""}}, "--- a/d/f\n+++ b/d/f\n@@ -1 +0,0 @@\n-1\n"}),
    [](const auto& test) { return test.param.name; });

TEST(UnifiedDiffNameTest, IsBelowTheRoot) {
  const std::vector<TextEdit> edits{{0, 1, "2"}};
  EXPECT_EQ(unified_diff("1\n", edits, "/d/f"), "--- a/d/f\n+++ b/d/f\n@@ -1 +1 @@\n-1\n+2\n");
}

}  // namespace
}  // namespace seaworthy::report
