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
#include "seaworthy/document/edit.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::cli {
namespace {

/// What became of a file.
struct FileOutcome {
  Arena arena;  ///< Of the remedies in rows.
  Checked checked;
  std::string mistakes;  ///< Of the text, for people.
  bool is_broken = false;
};

FileOutcome check_file(const InputFile& file, const ManifestChecker& checker, const World& world) {
  FileOutcome outcome;
  const auto text = text_of(file, world);
  if (!text) {
    outcome.mistakes = "seaworthy: " + text.error().message + '\n';
    outcome.is_broken = true;
    return outcome;
  }
  const auto manifests = read_manifests(*text, file.path, outcome.arena);
  checker.check(manifests, outcome.checked, outcome.arena);
  for (const auto* diagnostics :
       {&manifests.diagnostics, &std::as_const(outcome).checked.problems}) {
    for (const auto& diagnostic : *diagnostics) {
      outcome.mistakes += render(diagnostic) + '\n';
    }
    outcome.is_broken |= has_errors(*diagnostics);
  }
  return outcome;
}

}  // namespace

ExitCode check(const CheckOptions& options, const World& world) {
  const auto now = world.clock->now();
  const auto policies = load(options.policy, *world.files, now);
  auto inputs = find_inputs(options.inputs, world);
  for (const auto& line : problems_of(policies)) {
    world.err(line + '\n');
  }
  for (const auto& text : inputs.unreadable) {
    world.err("seaworthy: " + text + '\n');
  }
  bool is_broken = policies.is_broken() || !inputs.unreadable.empty();
  const std::size_t threads = options.threads == 0 ? processor_count() : options.threads;
  const Surroundings surroundings = find_surroundings(inputs.files, threads, world);
  const ManifestChecker checker(options.policy.settings, policies, surroundings, now);
  std::vector<std::optional<FileOutcome>> outcomes(inputs.files.size());
  Arena arena;
  Checked all;
  std::string mistakes;
  {
    Progress progress(world, "files", inputs.files.size());
    do_in_order(
        inputs.files.size(), threads,
        [&](std::size_t at) { outcomes[at] = check_file(inputs.files[at], checker, world); },
        [&](std::size_t at) {
          auto& outcome = *outcomes[at];
          mistakes += outcome.mistakes;
          is_broken |= outcome.is_broken;
          all.resources += outcome.checked.resources;
          for (auto& row : outcome.checked.rows) {
            row.remedy = document::deep_copy(row.remedy, arena);
            all.rows.push_back(std::move(row));
          }
          outcomes[at].reset();
          progress.advance(at + 1);
        });
  }
  world.err(mistakes);
  world.out(options.output == "json" ? report::print_json(all.rows)
                                     : report::print_text(all.rows, all.resources));
  if (is_broken) {
    return ExitCode::kUsage;
  }
  const bool denied = std::ranges::any_of(all.rows, [&](const report::Row& row) {
    return row.refused || (options.warnings_as_errors && row.result == report::ResultWord::kWarn);
  });
  return denied ? ExitCode::kDenied : ExitCode::kOk;
}

}  // namespace seaworthy::cli
