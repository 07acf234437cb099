// What CI servers are given of one check: SARIF, JUnit, GitHub's commands.
#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::report {
namespace {

Row row(std::string policy, ResultWord result, std::string file = "dir/web.yaml") {
  Row made;
  made.policy = std::move(policy);
  made.severity = policy::Severity::kHigh;
  made.result = result;
  made.api_version = "v1";
  made.kind = "Pod";
  made.namespace_name = "shop";
  made.name = "web";
  made.path = "spec.containers[0]";
  made.message = "container a: 100% wrong, says \"x\"";
  made.file = std::move(file);
  made.line = 7;
  made.field = "spec.containers[0].tty";
  made.place = {9, 11};
  made.refused = result == ResultWord::kFail;
  made.spent = std::chrono::milliseconds(3);
  return made;
}

CheckReport report_of(std::vector<Row> rows) {
  CheckReport report;
  report.rows = std::move(rows);
  report.resources = 1;
  report.version = "1.2.3";
  return report;
}

Diagnostic problem(std::string file, SourcePosition position, Diagnostic::Severity severity) {
  return {.severity = severity,
          .file = std::move(file),
          .position = position,
          .message = "not YAML",
          .source_line = {},
          .subject = {}};
}

struct Level {
  ResultWord result;
  bool refused;
  policy::Mode mode;
  bool warnings_as_errors;
  std::string github;
  std::string sarif;
};

TEST(LevelTest, FollowsWhatTheViolationLeadsTo) {
  using policy::Mode;
  const std::vector<Level> levels{
      {ResultWord::kFail, true, Mode::kDeny, false, "error", "error"},
      {ResultWord::kWarn, false, Mode::kDeny, false, "warning", "warning"},
      {ResultWord::kWarn, false, Mode::kWarn, true, "error", "error"},
      {ResultWord::kFail, false, Mode::kAudit, false, "notice", "note"},
      {ResultWord::kFail, false, Mode::kAudit, true, "notice", "note"},
      {ResultWord::kError, true, Mode::kDeny, false, "error", "error"},
      {ResultWord::kError, false, Mode::kDeny, false, "warning", "warning"},
  };
  for (const auto& level : levels) {
    Row each = row("p", level.result);
    each.refused = level.refused;
    each.mode = level.mode;
    auto report = report_of({each});
    report.warnings_as_errors = level.warnings_as_errors;
    EXPECT_TRUE(print_github(report).starts_with("::" + level.github + " file=")) << level.github;
    Arena arena;
    const auto log = testing::json(print_sarif(report), arena);
    EXPECT_EQ(log["runs"].items()[0]["results"].items()[0]["level"].as_string(), level.sarif);
  }
}

TEST(PrintGithubTest, EscapesWhatWouldEndACommand) {
  Arena arena;
  Row odd = row("p", ResultWord::kFail, "a,b:c%.yaml");
  odd.message = "two\r\nlines: 5%, é \xFF";
  odd.remedy = testing::yaml("{container: {tty: false}}", arena);
  odd.safety = "safe";
  odd.undone = "it is set";
  Row piped = row("q", ResultWord::kFail, "-");
  Row unplaced = row("r", ResultWord::kWarn);
  unplaced.place = {};
  auto report = report_of({odd, piped, unplaced, row("s", ResultWord::kPass)});
  report.problems = {problem("bad.yaml", {2, 1}, Diagnostic::Severity::kError),
                     problem("", {}, Diagnostic::Severity::kError),
                     problem("p.yaml", {4, 2}, Diagnostic::Severity::kWarning)};
  EXPECT_EQ(print_github(report),
            "::error file=bad.yaml,line=2,col=1,title=could not be read::not YAML\n"
            "::error title=could not be read::not YAML\n"
            "::warning file=p.yaml,line=4,col=2,title=seaworthy::not YAML\n"
            "::error file=a%2Cb%3Ac%25.yaml,line=9,col=11,title=p (high)::Pod shop/web "
            "spec.containers[0]: two%0D%0Alines: 5%25, é \xEF\xBF\xBD%0Anot mended: it is "
            "set%0Aremedy (safe):%0A  container:%0A    tty: false\n"
            "::error title=q (high)::Pod shop/web spec.containers[0]: container a: 100%25 wrong, "
            "says \"x\"\n"
            "::warning file=dir/web.yaml,line=7,title=r (high)::Pod shop/web spec.containers[0]: "
            "container a: 100%25 wrong, says \"x\"\n"
            "1 resource: 1 pass, 2 fail, 1 warn, 0 skip, 0 error\n");
}

// Anybody's manifest may hold what a terminal, or the reader of a CI server's log, would obey.
TEST(HostileNamesTest, StayOnTheirLine) {
  Row hostile = row("p", ResultWord::kFail, "a\n::error::x\x1b[2J.yaml");
  hostile.name = "web\n::error::y";
  hostile.namespace_name = "\x1b]0;z\x07";
  hostile.path = "spec\r\u0085";
  hostile.undone = "of \x1b[1m";
  EXPECT_EQ(print_text_rows({hostile}),
            "a ::error::x [2J.yaml:9:11: denied: p (high) Pod  ]0;z /web ::error::y spec  \n"
            "    container a: 100% wrong, says \"x\"\n"
            "    not mended: of  [1m\n");
  EXPECT_EQ(print_github(report_of({hostile})),
            "::error file=a%0A%3A%3Aerror%3A%3Ax [2J.yaml,line=9,col=11,title=p (high)::Pod  ]0;z "
            "/web ::error::y spec  : container a: 100%25 wrong, says \"x\"%0Anot mended: of  [1m\n"
            "1 resource: 0 pass, 1 fail, 0 warn, 0 skip, 0 error\n");
}

TEST(PrintJunitTest, MakesACaseOfEachPolicyAndResource) {
  Row second = row("p", ResultWord::kFail);
  second.path = "spec.containers[1]";
  Row passed = row("q", ResultWord::kPass);
  passed.message.clear();
  Row warned = row("r", ResultWord::kWarn);
  Row skipped = row("s", ResultWord::kSkip);
  skipped.message = "does not apply";
  Row broken = row("t", ResultWord::kError, "z.yaml");
  broken.refused = true;
  Row excused = row("u", ResultWord::kSkip, "z.yaml");
  auto report = report_of({row("p", ResultWord::kFail), second, passed, warned, skipped, broken,
                           excused, row("u", ResultWord::kFail, "z.yaml")});
  report.problems = {problem("bad.yaml", {2, 1}, Diagnostic::Severity::kError),
                     problem("p.yaml", {4, 2}, Diagnostic::Severity::kWarning)};
  EXPECT_EQ(print_junit(report),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="seaworthy check" tests="7" failures="2" errors="2" skipped="1" time="0.006000">
  <testsuite name="dir/web.yaml" tests="4" failures="1" errors="0" skipped="1" time="0.003000">
    <testcase classname="Pod shop/web" name="p" file="dir/web.yaml" line="9" time="0.000750">
      <failure type="denied" message="spec.containers[0]: container a: 100% wrong, says &quot;x&quot;">dir/web.yaml:9:11: denied: spec.containers[0]: container a: 100% wrong, says &quot;x&quot;
dir/web.yaml:9:11: denied: spec.containers[1]: container a: 100% wrong, says &quot;x&quot;
</failure>
    </testcase>
    <testcase classname="Pod shop/web" name="q" file="dir/web.yaml" line="7" time="0.000750"/>
    <testcase classname="Pod shop/web" name="r" file="dir/web.yaml" line="7" time="0.000750">
      <system-out>dir/web.yaml:9:11: warning: spec.containers[0]: container a: 100% wrong, says &quot;x&quot;
</system-out>
    </testcase>
    <testcase classname="Pod shop/web" name="s" file="dir/web.yaml" line="7" time="0.000750">
      <skipped message="does not apply"/>
    </testcase>
  </testsuite>
  <testsuite name="z.yaml" tests="2" failures="1" errors="1" skipped="0" time="0.003000">
    <testcase classname="Pod shop/web" name="t" file="z.yaml" line="9" time="0.001500">
      <error type="error" message="spec.containers[0]: container a: 100% wrong, says &quot;x&quot;">z.yaml:9:11: error: spec.containers[0]: container a: 100% wrong, says &quot;x&quot;
</error>
    </testcase>
    <testcase classname="Pod shop/web" name="u" file="z.yaml" line="9" time="0.001500">
      <failure type="denied" message="spec.containers[0]: container a: 100% wrong, says &quot;x&quot;">z.yaml:9:11: denied: spec.containers[0]: container a: 100% wrong, says &quot;x&quot;
</failure>
    </testcase>
  </testsuite>
  <testsuite name="seaworthy" tests="1" failures="0" errors="1" skipped="0" time="0.000000">
    <testcase classname="seaworthy" name="bad.yaml" file="bad.yaml" line="2" time="0.000000">
      <error type="unreadable" message="not YAML">bad.yaml:2:1: error: not YAML</error>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(PrintSarifTest, HasARuleForEachPolicyAndAResultForEachViolation) {
  Arena arena;
  auto report =
      report_of({row("known", ResultWord::kFail, "./a b/é.yaml"), row("other", ResultWord::kPass),
                 row("unknown", ResultWord::kWarn, "/x")});
  report.rows[0].remedy = testing::yaml("{container: {tty: false}}", arena);
  report.rows[0].safety = "safe";
  report.rules = {{.name = "silent",
                   .title = "Title",
                   .description = "Why.",
                   .severity = policy::Severity::kLow,
                   .category = "security",
                   .references = {"Guide 1.0", "Guide 2.0"}},
                  {.name = "known",
                   .title = "Known",
                   .description = "",
                   .severity = policy::Severity::kCritical,
                   .category = "network",
                   .references = {}}};
  report.problems = {problem("bad.yaml", {2, 1}, Diagnostic::Severity::kError),
                     problem("", {}, Diagnostic::Severity::kWarning)};
  report.complete = false;
  EXPECT_EQ(
      document::print_json(testing::json(print_sarif(report), arena)),
      R"({"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",)"
      R"("version":"2.1.0","runs":[{"tool":{"driver":{"name":"Seaworthy","version":"1.2.3","semanticVersion":"1.2.3","rules":[)"
      R"({"id":"silent","shortDescription":{"text":"Title"},"fullDescription":{"text":"Why."},)"
      R"("help":{"text":"Why.\nSee: Guide 1.0\nSee: Guide 2.0","markdown":"Why.\n\nReferences:\n- Guide 1.0\n- Guide 2.0"},)"
      R"("defaultConfiguration":{"level":"warning"},"properties":{"tags":["security","kubernetes"],"severity":"low","security-severity":"2.0"}},)"
      R"({"id":"known","shortDescription":{"text":"Known"},"fullDescription":{"text":"Known"},"help":{"text":"Known","markdown":"Known"},)"
      R"("defaultConfiguration":{"level":"error"},"properties":{"tags":["security","kubernetes","network"],"severity":"critical","security-severity":"9.5"}},)"
      R"({"id":"unknown","shortDescription":{"text":"unknown"},"fullDescription":{"text":"unknown"},"help":{"text":"unknown","markdown":"unknown"},)"
      R"("defaultConfiguration":{"level":"error"},"properties":{"tags":["security","kubernetes"],"severity":"high","security-severity":"8.0"}}]}},)"
      R"("columnKind":"unicodeCodePoints","invocations":[{"executionSuccessful":false,"toolExecutionNotifications":[)"
      R"({"level":"error","message":{"text":"not YAML"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"bad.yaml"},"region":{"startLine":2,"startColumn":1}}}]},)"
      R"({"level":"warning","message":{"text":"not YAML"}}]}],"results":[)"
      R"({"ruleId":"known","ruleIndex":1,"kind":"fail","level":"error","message":{"text":"container a: 100% wrong, says \"x\"\nremedy (safe):\ncontainer:\n  tty: false\n",)"
      R"("markdown":"container a: 100% wrong, says \"x\"\n\nRemedy (safe):\n\n```yaml\ncontainer:\n  tty: false\n```\n"},)"
      R"("locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%20b/%C3%A9.yaml"},"region":{"startLine":9,"startColumn":11}},)"
      R"("logicalLocations":[{"name":"spec.containers[0].tty","fullyQualifiedName":"Pod shop/web spec.containers[0].tty","kind":"member"}]}],)"
      R"("partialFingerprints":{"violation/v1":"0ed8ba3326596385"},"properties":{"severity":"high","mode":"deny","result":"fail","path":"spec.containers[0]"}},)"
      R"({"ruleId":"unknown","ruleIndex":2,"kind":"fail","level":"warning","message":{"text":"container a: 100% wrong, says \"x\"","markdown":"container a: 100% wrong, says \"x\""},)"
      R"("locations":[{"physicalLocation":{"artifactLocation":{"uri":"file:///x"},"region":{"startLine":9,"startColumn":11}},)"
      R"("logicalLocations":[{"name":"spec.containers[0].tty","fullyQualifiedName":"Pod shop/web spec.containers[0].tty","kind":"member"}]}],)"
      R"("partialFingerprints":{"violation/v1":"ec2fc9ae9ff87bdc"},"properties":{"severity":"high","mode":"deny","result":"warn","path":"spec.containers[0]"}}]}]})");
}

TEST(PrintSarifTest, KeepsAFingerprintWhileLinesMove) {
  auto fingerprint = [](const Row& each) {
    Arena arena;
    const auto log = testing::json(print_sarif(report_of({each})), arena);
    return std::string(log["runs"]
                           .items()[0]["results"]
                           .items()[0]["partialFingerprints"]["violation/v1"]
                           .as_string());
  };
  const Row first = row("p", ResultWord::kFail);
  Row moved = first;
  moved.line = 70;
  moved.place = {90, 1};
  Row other = first;
  other.path = "spec.containers[1]";
  EXPECT_EQ(fingerprint(first), fingerprint(moved));
  EXPECT_NE(fingerprint(first), fingerprint(other));
}

}  // namespace
}  // namespace seaworthy::report
