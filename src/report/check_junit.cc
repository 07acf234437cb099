#include <map>
#include <utility>

#include <fmt/format.h>

#include "report/words.h"
#include "seaworthy/document/source.h"
#include "seaworthy/report/check_report.h"
#include "seaworthy/report/junit.h"

namespace seaworthy::report {
namespace {

using Outcome = JunitCase::Outcome;

/// "web.yaml:8:9: denied: spec.containers[0]: container web is privileged", and the remedy.
std::string text_of(const Row& row) {
  return fmt::format("{}: {}: {}{}{}\n{}", place_text(row), effect_word(row), row.path,
                     row.path.empty() ? "" : ": ", row.message, remedy_text(row, ""));
}

/// Adds what a row says to the case of its policy and resource.
void add_row(const Row& row, bool warnings_as_errors, JunitCase& each) {
  if (!is_violation(row)) {
    if (row.result == ResultWord::kSkip && each.text.empty()) {
      each.outcome = Outcome::kSkipped;
      each.message = row.message;
    }
    return;
  }
  if (each.outcome == Outcome::kSkipped) {  // excused in one place, not in this one
    each.outcome = Outcome::kPassed;
    each.message.clear();
  }
  each.text += text_of(row);
  if (!fails(row, warnings_as_errors) || each.outcome != Outcome::kPassed) {
    return;
  }
  each.outcome = row.result == ResultWord::kError ? Outcome::kError : Outcome::kFailed;
  each.type = effect_word(row);
  each.message = row.path.empty() ? row.message : fmt::format("{}: {}", row.path, row.message);
  each.line = row.place.line == 0 ? row.line : row.place.line;
}

/// A file's rows as cases, each with its part of the time that its resource took.
class SuiteMaker {
 public:
  explicit SuiteMaker(std::string file) { suite_.name = std::move(file); }

  void add(const Row& row, bool warnings_as_errors) {
    auto resource = resource_text(row);
    const auto [known, is_new] =
        cases_.try_emplace({resource, rule_text(row)}, suite_.cases.size());
    if (is_new) {
      ++cases_of_[resource];
      suite_.cases.push_back({.name = rule_text(row),
                              .class_name = std::move(resource),
                              .file = row.file,
                              .line = row.line,
                              .outcome = Outcome::kPassed,
                              .type = {},
                              .message = {},
                              .text = {},
                              .time = row.spent});
    }
    add_row(row, warnings_as_errors, suite_.cases[known->second]);
  }

  JunitSuite finish() {
    for (auto& each : suite_.cases) {
      each.time /= cases_of_[each.class_name];
    }
    return std::move(suite_);
  }

 private:
  JunitSuite suite_;
  std::map<std::pair<std::string, std::string>, std::size_t> cases_;  ///< By resource and policy.
  std::map<std::string, std::int64_t> cases_of_;
};

JunitSuite suite_of(const std::vector<Diagnostic>& problems) {
  JunitSuite suite{.name = "seaworthy", .cases = {}};
  for (const auto& problem : problems) {
    if (problem.severity == Diagnostic::Severity::kError) {
      suite.cases.push_back({.name = problem.file.empty() ? "input" : problem.file,
                             .class_name = "seaworthy",
                             .file = problem.file,
                             .line = problem.position.line,
                             .outcome = Outcome::kError,
                             .type = "unreadable",
                             .message = problem.message,
                             .text = render(problem),
                             .time = {}});
    }
  }
  return suite;
}

}  // namespace

std::string print_junit(const CheckReport& report) {
  std::vector<JunitSuite> suites;
  for (std::size_t at = 0; at < report.rows.size();) {
    const auto& file = report.rows[at].file;
    SuiteMaker maker(file);
    for (; at < report.rows.size() && report.rows[at].file == file; ++at) {
      maker.add(report.rows[at], report.warnings_as_errors);
    }
    suites.push_back(maker.finish());
  }
  if (auto problems = suite_of(report.problems); !problems.cases.empty()) {
    suites.push_back(std::move(problems));
  }
  return print_junit_suites("seaworthy check", suites, report.started);
}

}  // namespace seaworthy::report
