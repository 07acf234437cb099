#include "seaworthy/report/junit.h"

#include <gtest/gtest.h>

namespace seaworthy::report {
namespace {

using Outcome = JunitCase::Outcome;

TEST(EscapeXmlTest, LeavesOnlyWhatXmlCanHold) {
  struct Case {
    std::string text;
    std::string attribute;
    std::string element;
  };

  const std::vector<Case> cases{
      {"plain é 🚢", "plain é 🚢", "plain é 🚢"},
      {"a<b>&\"c\"", "a&lt;b&gt;&amp;&quot;c&quot;", "a&lt;b&gt;&amp;&quot;c&quot;"},
      {"]]>", "]]&gt;", "]]&gt;"},
      {"a\n\tb\r", "a&#10;&#9;b&#13;", "a\n\tb&#13;"},
      {std::string("a\0b\x1b[31m\x7f", 9),
       "a\xEF\xBF\xBD"
       "b\xEF\xBF\xBD[31m\x7f",
       "a\xEF\xBF\xBD"
       "b\xEF\xBF\xBD[31m\x7f"},
      {"bad \xFF\xC3 \xEF\xBF\xBE", "bad \xEF\xBF\xBD\xEF\xBF\xBD \xEF\xBF\xBD",
       "bad \xEF\xBF\xBD\xEF\xBF\xBD \xEF\xBF\xBD"},
      {"", "", ""},
  };
  for (const auto& [text, attribute, element] : cases) {
    EXPECT_EQ(escape_xml(text), attribute);
    EXPECT_EQ(escape_xml(text, false), element);
  }
}

TEST(PrintJunitSuitesTest, CountsAndAddsUp) {
  auto test_case = [](std::string name, Outcome outcome, std::string text) {
    return JunitCase{.name = std::move(name),
                     .class_name = "c",
                     .file = "",
                     .line = 0,
                     .outcome = outcome,
                     .type = "denied",
                     .message = "no <good>",
                     .text = std::move(text),
                     .time = std::chrono::milliseconds(1500)};
  };
  auto placed = test_case("skipped", Outcome::kSkipped, "");
  placed.file = "a&b.yaml";
  placed.line = 3;
  const std::vector<JunitSuite> suites{
      {.name = "one",
       .cases = {test_case("right", Outcome::kPassed, ""),
                 test_case("talks", Outcome::kPassed, "said\n"),
                 test_case("wrong", Outcome::kFailed, "why\nand how")}},
      {.name = "two", .cases = {test_case("odd", Outcome::kError, ""), placed}}};
  EXPECT_EQ(
      print_junit_suites("all", suites, std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}),
      R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="all" tests="5" failures="1" errors="1" skipped="1" time="7.500000">
  <testsuite name="one" tests="3" failures="1" errors="0" skipped="0" time="4.500000" timestamp="2026-01-02T00:00:00">
    <testcase classname="c" name="right" time="1.500000"/>
    <testcase classname="c" name="talks" time="1.500000">
      <system-out>said
</system-out>
    </testcase>
    <testcase classname="c" name="wrong" time="1.500000">
      <failure type="denied" message="no &lt;good&gt;">why
and how</failure>
    </testcase>
  </testsuite>
  <testsuite name="two" tests="2" failures="0" errors="1" skipped="1" time="3.000000" timestamp="2026-01-02T00:00:00">
    <testcase classname="c" name="odd" time="1.500000">
      <error type="denied" message="no &lt;good&gt;"></error>
    </testcase>
    <testcase classname="c" name="skipped" file="a&amp;b.yaml" line="3" time="1.500000">
      <skipped message="no &lt;good&gt;"/>
    </testcase>
  </testsuite>
</testsuites>
)");
  EXPECT_EQ(print_junit_suites("none", {}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"none\" tests=\"0\" "
            "failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.000000\">\n</testsuites>\n");
}

}  // namespace
}  // namespace seaworthy::report
