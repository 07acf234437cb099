#include "seaworthy/base/diagnostic.h"

#include <gtest/gtest.h>

namespace seaworthy {
namespace {

TEST(Diagnostic, RendersTheLineWithACaretUnderTheColumn) {
  Diagnostic diagnostic;
  diagnostic.file = "policy.yaml";
  diagnostic.position = {3, 4};
  diagnostic.message = "no such field";
  diagnostic.source_line = "\té x";
  EXPECT_EQ(render(diagnostic),
            "policy.yaml:3:4: error: no such field\n"
            " | \té x\n"
            " | \t..^");
}

TEST(Diagnostic, RendersWithoutAPlace) {
  Diagnostic diagnostic;
  diagnostic.severity = Diagnostic::Severity::kWarning;
  diagnostic.message = "old";
  EXPECT_EQ(render(diagnostic), "<input>: warning: old");
  EXPECT_FALSE(has_errors({diagnostic}));
  diagnostic.severity = Diagnostic::Severity::kError;
  EXPECT_TRUE(has_errors({diagnostic}));
}

TEST(Diagnostic, RendersNothingThatATerminalWouldObey) {
  Diagnostic diagnostic;
  diagnostic.file = "a\n::error::x.yaml";
  diagnostic.message = "the key '\x1b[2J\u0085\n' is already there";
  EXPECT_EQ(render(diagnostic), "a ::error::x.yaml: error: the key ' [2J  ' is already there");
}

TEST(Diagnostic, FindsLinesAndPlaces) {
  constexpr std::string_view kText = "one\r\ntwo\n\nfür x";
  EXPECT_EQ(line_of(kText, 1), "one");
  EXPECT_EQ(line_of(kText, 3), "");
  EXPECT_EQ(line_of(kText, 4), "für x");
  EXPECT_EQ(line_of(kText, 5), "");
  EXPECT_EQ(line_of(kText, 0), "");
  EXPECT_EQ(position_of(kText, 0), (SourcePosition{1, 1}));
  EXPECT_EQ(position_of(kText, 5), (SourcePosition{2, 1}));
  EXPECT_EQ(position_of(kText, kText.size() - 1), (SourcePosition{4, 5}));
  EXPECT_EQ(position_of(kText, 1000), (SourcePosition{4, 6}));
}

}  // namespace
}  // namespace seaworthy
