// Files are read, judged and forgotten on several threads; what was found comes together in the
// order of their names, so that the report is the same whatever the number of threads. Text and
// JSON are printed as they come, and nothing of them is kept. Namespaces are looked for in a pass
// of its own before, as a Namespace may stand behind what it holds.
#include "cli/check.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/manifest_checker.h"
#include "cli/manifests.h"
#include "cli/ordered_work.h"
#include "cli/progress.h"
#include "seaworthy/cli/version.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::cli {
namespace {

/// What became of a file.
struct FileOutcome {
  Arena arena;                    ///< Of the remedies in rows.
  std::vector<report::Row> rows;  ///< Only for forms that are printed at the end.
  std::string printed;            ///< Of the others: what the rows come to.
  std::vector<Diagnostic> problems;
  report::Summary summary;
  std::size_t resources = 0;
  bool fails = false;
};

/// Checks files and prints what was found as it comes, or gathers it for the forms that must be
/// seen as a whole.
class Check {
 public:
  Check(const CheckOptions& options, const World& world, report::CheckReport& report)
      : options_(&options), world_(&world), report_(&report) {}

  void run(const std::vector<InputFile>& files, const ManifestChecker& checker,
           std::size_t threads);
  /// Prints what is left to print; true where something is denied.
  bool finish();

 private:
  [[nodiscard]] bool is_text() const { return options_->output == "text"; }

  [[nodiscard]] bool is_json() const { return options_->output == "json"; }

  [[nodiscard]] FileOutcome work(const InputFile& file, const ManifestChecker& checker) const;
  void take(FileOutcome& outcome);

  const CheckOptions* options_;
  const World* world_;
  report::CheckReport* report_;
  Arena arena_;
  report::Summary summary_;
  bool has_printed_ = false;
  bool fails_ = false;
};

FileOutcome Check::work(const InputFile& file, const ManifestChecker& checker) const {
  FileOutcome outcome;
  Checked checked;
  if (const auto text = text_of(file, *world_)) {
    const auto manifests = read_manifests(*text, file.path, outcome.arena);
    checked.problems = manifests.diagnostics;
    checker.check(
        manifests,
        is_text() ? ManifestChecker::Wanted::kViolations : ManifestChecker::Wanted::kAllRows,
        checked, outcome.arena);
  } else {
    checked.problems.push_back(problem_of(text.error().message));
  }
  outcome.problems = std::move(checked.problems);
  outcome.resources = checked.resources;
  outcome.summary = checked.summary;
  outcome.fails = std::ranges::any_of(checked.rows, [&](const report::Row& row) {
    return report::fails(row, options_->warnings_as_errors);
  });
  if (is_text() || is_json()) {
    outcome.printed =
        is_json() ? report::print_json_rows(checked.rows) : report::print_text_rows(checked.rows);
    outcome.arena = Arena();
  } else {
    outcome.rows = std::move(checked.rows);
  }
  return outcome;
}

void Check::take(FileOutcome& outcome) {
  if (options_->output != "github") {  // whose commands say the same in the same log
    tell(outcome.problems, *world_);
  }
  std::ranges::move(outcome.problems, std::back_inserter(report_->problems));
  report_->resources += outcome.resources;
  summary_ += outcome.summary;
  fails_ |= outcome.fails;
  if (!outcome.printed.empty()) {
    world_->out(!is_json() ? "" : has_printed_ ? ",\n" : "\n");
    world_->out(outcome.printed);
    has_printed_ = true;
  }
  for (auto& row : outcome.rows) {
    row.remedy = document::deep_copy(row.remedy, arena_);
    report_->rows.push_back(std::move(row));
  }
}

void Check::run(const std::vector<InputFile>& files, const ManifestChecker& checker,
                std::size_t threads) {
  world_->out(is_json() ? report::print_json_head() : "");
  std::vector<std::optional<FileOutcome>> outcomes(files.size());
  Progress progress(*world_, "files", files.size());
  do_in_order(
      files.size(), threads, [&](std::size_t at) { outcomes[at] = work(files[at], checker); },
      [&](std::size_t at) {
        if (!outcomes[at]->printed.empty() || !outcomes[at]->problems.empty()) {
          progress.hide();
        }
        take(*outcomes[at]);
        outcomes[at].reset();
        progress.advance(at + 1);
      });
}

bool Check::finish() {
  if (options_->output == "sarif") {
    world_->out(report::print_sarif(*report_));
  } else if (options_->output == "junit") {
    world_->out(report::print_junit(*report_));
  } else if (options_->output == "github") {
    world_->out(report::print_github(*report_));
  } else if (is_json()) {
    world_->out(report::print_json_tail(summary_, has_printed_));
  } else {
    world_->out(report::summary_line(summary_, report_->resources) + '\n');
  }
  return fails_;
}

}  // namespace

ExitCode check(const CheckOptions& options, const World& world) {
  const auto now = world.clock->now();
  report::CheckReport report{.rows = {},
                             .resources = 0,
                             .rules = {},
                             .problems = {},
                             .complete = true,
                             .warnings_as_errors = options.warnings_as_errors,
                             .version = kVersion,
                             .started = now};
  const auto policies = load(options.policy, *world.files, now);
  for (const auto& policy : policies.set->policies()) {
    report.rules.push_back(report::rule_of(*policy));
  }
  for (const auto& policy : policies.set->admission_policies()) {
    report.rules.push_back(report::rule_of(*policy));
  }
  const auto inputs = find_inputs(options.inputs, world);
  report.problems = problems_of(policies);
  std::ranges::transform(inputs.unreadable, std::back_inserter(report.problems), problem_of);
  if (options.output != "github") {
    tell(report.problems, world);
  }
  const std::size_t threads = options.threads == 0 ? processor_count() : options.threads;
  const Surroundings surroundings = find_surroundings(inputs.files, threads, world, *policies.set);
  const ManifestChecker checker(options.policy.settings, policies, surroundings, *world.clock);
  Check check(options, world, report);
  check.run(inputs.files, checker, threads);
  report.complete = !policies.is_broken() && !has_errors(report.problems);
  const bool denied = check.finish();
  if (!report.complete) {
    return ExitCode::kUsage;
  }
  return denied ? ExitCode::kDenied : ExitCode::kOk;
}

}  // namespace seaworthy::cli
