#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "seaworthy/admission/review.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/document/node.h"
#include "seaworthy/engine/judge.h"

namespace seaworthy::report {

enum class ResultWord : std::uint8_t { kPass, kFail, kWarn, kSkip, kError };

/// "pass", "fail", "warn", "skip", "error".
std::string_view word_of(ResultWord result);

/// One line of a report. Rule: DESIGN section 6, JSON.
struct Row {
  std::string policy;
  std::string rule;  ///< A validation's index or a rule's name; empty where there is none.
  policy::Severity severity = policy::Severity::kMedium;
  ResultWord result = ResultWord::kPass;
  policy::Mode mode = policy::Mode::kDeny;
  bool mended = false;
  std::string api_version;
  std::string kind;
  std::string namespace_name;
  std::string name;
  std::string path;       ///< From the resource's root.
  std::string container;  ///< Empty where the violation is in none.
  std::string message;
  document::Node remedy;  ///< Null where there is nothing to suggest. Lifetime: the arena that it
                          ///< was judged in.
  std::string safety;     ///< Of the remedy.
  std::string undone;     ///< Why the remedy was tried and not applied; empty where it was not.
  std::string file;
  std::uint32_t line = 0;  ///< Of `path`.
  std::string field;       ///< Of a violation: the field that it is about (engine::field_of).
  SourcePosition place;    ///< Of `field`, or of what would hold it; line 0: not known.
  bool refused = false;    ///< The server would refuse the resource for this.
  std::chrono::nanoseconds spent{0};  ///< On judging the resource, by all policies together.
};

struct Summary {
  std::size_t pass = 0;
  std::size_t fail = 0;
  std::size_t warn = 0;
  std::size_t skip = 0;
  std::size_t error = 0;
  std::size_t mended = 0;  ///< Of the passes.

  Summary& operator+=(const Summary& other);
};

/// What is to be said of a policy beside its rows.
struct Rule {
  std::string name;
  std::string title;
  std::string description;
  policy::Severity severity = policy::Severity::kMedium;
  std::string category;
  std::vector<std::string> references;  ///< With their edition.
};

Rule rule_of(const policy::Policy& policy);
Rule rule_of(const policy::AdmissionPolicy& policy);

/// A check as a whole, for the formats that are read by machines.
struct CheckReport {
  std::vector<Row> rows;      ///< Sorted.
  std::size_t resources = 0;  ///< That policies were about.
  std::vector<Rule> rules;
  /// Mistakes in inputs and policies; of what could not be read at all only `message` is set.
  std::vector<Diagnostic> problems;
  bool complete = true;             ///< False: an input or a policy could not be read.
  bool warnings_as_errors = false;  ///< Warnings fail the check.
  std::string version;              ///< Of this program.
  std::optional<std::chrono::system_clock::time_point> started = {};
};

/// The lines of a judged resource, a policy at a time: a line for each item that fails or is
/// excused, else one that says pass or skip. `file`, `line`, `place` and `spent` are left to the
/// caller.
std::vector<Row> tabulate(const engine::Judgement& judgement, const admission::Review& review);

Summary summarize(const std::vector<Row>& rows);

// A report in pieces, for checks that are too large to be held: print_text and print_json are these
// one behind the other.

/// The violations among the rows, for people.
std::string print_text_rows(const std::vector<Row>& rows);
/// The rows as items of a list: lines, without a comma or line break at the end.
std::string print_json_rows(const std::vector<Row>& rows);
/// What stands before the first row; what stands behind the last, which has a line break where
/// there was any.
std::string print_json_head();
std::string print_json_tail(const Summary& summary, bool has_rows);

/// For people: what is wrong and the YAML that mends it, then a summary. Rows must be sorted.
std::string print_text(const std::vector<Row>& rows, std::size_t resources);
/// DESIGN's `{"results": […], "summary": {…}}`, indented.
std::string print_json(const std::vector<Row>& rows);

/// SARIF 2.1.0, for code scanning: a rule for each policy, a result for each violation with line
/// and column of its field. What is denied is an error, what warns a warning, what is audited a
/// note. Files are named as they were given, absolute ones as file: URIs. Source: OASIS, Static
/// Analysis Results Interchange Format 2.1.0.
std::string print_sarif(const CheckReport& report);

/// JUnit's XML, as CI servers read it: a suite for each file, a case for each policy and resource.
/// What fails the check is a failure; warnings and audited violations are output of a case that
/// passes; a file that could not be read is an error. Policies judge a resource together: its time
/// is shared out evenly among its cases.
std::string print_junit(const CheckReport& report);

/// Workflow commands of GitHub Actions, which it shows beside the lines of a pull request, and a
/// last line for the log. Source: actions/toolkit, packages/core/src/command.ts (escapes).
std::string print_github(const CheckReport& report);

/// "1 resource: 3 pass, 1 fail, …": without a newline.
std::string summary_line(const Summary& summary, std::size_t resources);

/// "Pod shop/web".
std::string resource_text(const Row& row);

/// True for rows that tell of a violation which is not excused.
bool is_violation(const Row& row);

/// True where the violation fails the check.
bool fails(const Row& row, bool warnings_as_errors);

/// By file, line, resource, policy, path: the order of every list.
void sort(std::vector<Row>& rows);

}  // namespace seaworthy::report
