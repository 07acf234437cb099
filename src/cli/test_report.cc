#include "cli/test_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "seaworthy/base/text.h"
#include "seaworthy/report/junit.h"

namespace seaworthy::cli {
namespace {

using report::JunitCase;
using report::JunitSuite;

std::string gap_text(const engine::Coverage::Gap& gap) {
  const auto* missing = gap.passes ? "fail" : gap.fails ? "pass" : "pass, and none sees it fail";
  return fmt::format("no test sees it {}", missing);
}

JunitCase case_of(const TestRecord& record) {
  JunitCase made{.name = record.name,
                 .class_name = record.suite,
                 .file = record.file,
                 .line = record.line,
                 .outcome = JunitCase::Outcome::kPassed,
                 .type = {},
                 .message = {},
                 .text = {},
                 .time = record.time};
  if (!record.failures.empty()) {
    made.outcome = record.can_run ? JunitCase::Outcome::kFailed : JunitCase::Outcome::kError;
    made.type = record.can_run ? "verdict" : "broken";
    made.message = record.failures.front();
    made.text = join(record.failures, "\n");
  }
  return made;
}

JunitSuite coverage_suite(const TestReport& report) {
  JunitSuite suite{.name = "coverage", .cases = {}};
  for (const auto& policy : report.policies) {
    const auto gap = std::ranges::find(report.gaps, policy, &engine::Coverage::Gap::policy);
    const bool covered = gap == report.gaps.end();
    suite.cases.push_back(
        {.name = policy,
         .class_name = "coverage",
         .file = {},
         .line = 0,
         .outcome = covered ? JunitCase::Outcome::kPassed : JunitCase::Outcome::kFailed,
         .type = "coverage",
         .message = covered ? "" : gap_text(*gap),
         .text = {},
         .time = {}});
  }
  return suite;
}

}  // namespace

std::size_t TestReport::failed() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      records, [](const TestRecord& record) { return !record.failures.empty(); }));
}

std::string print_text(const TestReport& report) {
  std::string out;
  if (report.policies.empty() && report.records.empty()) {
    return out;  // nothing could be read, which is said elsewhere
  }
  for (const auto& record : report.records) {
    for (const auto& failure : record.failures) {
      out += fmt::format("{}:{}: {} / {}: {}\n", record.file, record.line, record.suite,
                         record.name, failure);
    }
  }
  for (const auto& gap : report.gaps) {
    out += fmt::format("not covered: {}: {}\n", gap.policy, gap_text(gap));
  }
  const auto failed = report.failed();
  const auto passed = report.records.size() - failed;
  const auto count = report.policies.size();
  const auto* plural = count == 1 ? "y" : "ies";
  out += fmt::format("{} polic{}: {} test{} passed, {} failed\n", count, plural, passed,
                     passed == 1 ? "" : "s", failed);
  return out + fmt::format(
                   "coverage: {} of {} polic{} with a test that sees it pass and one that "
                   "sees it fail\n",
                   count - report.gaps.size(), count, plural);
}

std::string print_junit(const TestReport& report) {
  std::vector<JunitSuite> suites;
  for (std::size_t at = 0; at < report.records.size(); ++at) {
    const auto& record = report.records[at];
    const bool goes_on = at > 0 && report.records[at - 1].suite == record.suite &&
                         report.records[at - 1].file == record.file;
    if (!goes_on) {
      suites.push_back({.name = record.suite, .cases = {}});
    }
    suites.back().cases.push_back(case_of(record));
  }
  if (report.require_coverage) {
    suites.push_back(coverage_suite(report));
  }
  return report::print_junit_suites("seaworthy test", suites, report.started);
}

}  // namespace seaworthy::cli
