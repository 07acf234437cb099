// Files are read, judged and forgotten on several threads; what was found comes together in the
// order of their names, so that the report is the same whatever the number of threads. Namespaces
// are looked for in a pass of its own before, as a Namespace may stand behind what it holds.
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
  Arena arena;  ///< Of the remedies in rows.
  Checked checked;
};

FileOutcome check_file(const InputFile& file, const ManifestChecker& checker, const World& world) {
  FileOutcome outcome;
  if (const auto text = text_of(file, world)) {
    const auto manifests = read_manifests(*text, file.path, outcome.arena);
    outcome.checked.problems = manifests.diagnostics;
    checker.check(manifests, outcome.checked, outcome.arena);
  } else {
    outcome.checked.problems.push_back(problem_of(text.error().message));
  }
  return outcome;
}

std::string print(const CheckOptions& options, const report::CheckReport& report) {
  if (options.output == "sarif") {
    return report::print_sarif(report);
  }
  if (options.output == "junit") {
    return report::print_junit(report);
  }
  if (options.output == "github") {
    return report::print_github(report);
  }
  return options.output == "json" ? report::print_json(report.rows)
                                  : report::print_text(report.rows, report.resources);
}

/// Checks the files and adds what was found; remedies of rows lie in `arena`.
void check_files(const std::vector<InputFile>& files, const ManifestChecker& checker,
                 std::size_t threads, const World& world, Arena& arena,
                 report::CheckReport& report) {
  std::vector<std::optional<FileOutcome>> outcomes(files.size());
  Progress progress(world, "files", files.size());
  do_in_order(
      files.size(), threads,
      [&](std::size_t at) { outcomes[at] = check_file(files[at], checker, world); },
      [&](std::size_t at) {
        auto& checked = outcomes[at]->checked;
        report.resources += checked.resources;
        std::ranges::move(checked.problems, std::back_inserter(report.problems));
        for (auto& row : checked.rows) {
          row.remedy = document::deep_copy(row.remedy, arena);
          report.rows.push_back(std::move(row));
        }
        outcomes[at].reset();
        progress.advance(at + 1);
      });
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
  const auto inputs = find_inputs(options.inputs, world);
  report.problems = problems_of(policies);
  std::ranges::transform(inputs.unreadable, std::back_inserter(report.problems), problem_of);
  const std::size_t threads = options.threads == 0 ? processor_count() : options.threads;
  const Surroundings surroundings = find_surroundings(inputs.files, threads, world, *policies.set);
  const ManifestChecker checker(options.policy.settings, policies, surroundings, *world.clock);
  Arena arena;
  check_files(inputs.files, checker, threads, world, arena, report);
  report.complete = !policies.is_broken() && !has_errors(report.problems);
  if (options.output != "github") {  // whose commands say the same in the same log
    tell(report.problems, world);
  }
  world.out(print(options, report));
  if (!report.complete) {
    return ExitCode::kUsage;
  }
  const bool denied = std::ranges::any_of(report.rows, [&](const report::Row& row) {
    return report::fails(row, options.warnings_as_errors);
  });
  return denied ? ExitCode::kDenied : ExitCode::kOk;
}

}  // namespace seaworthy::cli
