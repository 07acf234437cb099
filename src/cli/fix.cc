#include "cli/fix.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "cli/manifest_checker.h"
#include "cli/manifest_fixer.h"
#include "cli/manifests.h"
#include "cli/ordered_work.h"
#include "cli/progress.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/report/check_report.h"
#include "seaworthy/report/unified_diff.h"

namespace seaworthy::cli {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// What became of a file.
struct FileOutcome {
  Arena arena;  ///< Of the remedies in rows.
  std::optional<std::string> unreadable;
  std::string before;
  FixedText fixed;
};

/// Whether the first line that says something begins a document.
bool begins_document(std::string_view text) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    const std::size_t word = line.find_first_not_of(" \t\r");
    if (word != std::string_view::npos && line[word] != '#') {
      return line.starts_with("---");
    }
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return false;
}

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// Takes what became of files, in order: writes and prints, and adds up what is to be told.
class Fix {
 public:
  Fix(const FixOptions& options, const World& world)
      : options_(&options),
        world_(&world),
        prints_(prints() || std::ranges::find(options.inputs, "-") != options.inputs.end()) {}

  void take(const std::string& path, FileOutcome& outcome);

  void mark_broken() { is_broken_ = true; }

  /// Tells what was done and what is left.
  ExitCode finish();

 private:
  [[nodiscard]] bool prints() const { return options_->diff || !options_->output.empty(); }

  /// Tells of it where the results do not stand.
  void tell(std::string_view text) const {
    if (prints_) {
      world_->err(text);
    } else {
      world_->out(text);
    }
  }

  void print_yaml(std::string_view text);
  bool write(const std::string& path, const FixedText& fixed);

  const FixOptions* options_;
  const World* world_;
  bool prints_;  ///< Standard output is for documents or diffs.
  Arena arena_;
  std::vector<report::Row> rows_;
  report::Summary summary_;
  std::size_t resources_ = 0;
  std::size_t files_ = 0;
  std::size_t changed_ = 0;
  std::size_t remedies_ = 0;
  bool is_broken_ = false;
  bool is_unwritten_ = false;
  std::string last_printed_;
};

/// Documents of several files, told apart.
void Fix::print_yaml(std::string_view text) {
  if (!last_printed_.empty()) {
    text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    world_->out(last_printed_.ends_with('\n') ? "" : "\n");
    world_->out(begins_document(text) ? "" : "---\n");
  }
  world_->out(text);
  if (!text.empty()) {
    last_printed_ = text.substr(text.size() - 1);
  }
}

/// False where the file cannot be written.
bool Fix::write(const std::string& path, const FixedText& fixed) {
  if (const auto written = world_->files->write(path, fixed.text); !written) {
    world_->err(fmt::format("seaworthy: not written: {}\n", written.error().message));
    is_broken_ = true;
    return false;
  }
  tell(fmt::format("{}: changed{}\n", path,
                   fixed.remedies == 0 ? "" : ", " + plural(fixed.remedies, "remedy", "remedies")));
  return true;
}

void Fix::take(const std::string& path, FileOutcome& outcome) {
  if (outcome.unreadable) {
    world_->err(fmt::format("seaworthy: {}\n", *outcome.unreadable));
    is_broken_ = true;
    return;
  }
  auto& fixed = outcome.fixed;
  for (const auto* lines : {&fixed.notes, &fixed.unwritten}) {
    for (const auto& line : *lines) {
      world_->err(line + '\n');
    }
  }
  ++files_;
  is_broken_ |= fixed.is_broken;
  is_unwritten_ |= !fixed.unwritten.empty();
  const bool is_stdin = path == "-";
  const bool differs = fixed.text != outcome.before;
  if (options_->diff) {
    world_->out(report::unified_diff(outcome.before, fixed.edits, is_stdin ? "stdin" : path));
  } else if (!options_->output.empty()) {
    print_yaml(fixed.yaml);
  } else if (is_stdin) {
    world_->out(fixed.text);
  } else if (differs && !write(path, fixed)) {
    return;  // What would be left is not what the file holds.
  }
  changed_ += differs ? 1 : 0;
  remedies_ += differs ? fixed.remedies : 0;
  resources_ += fixed.checked.resources;
  summary_ += fixed.checked.summary;
  for (auto& row : fixed.checked.rows) {
    row.remedy = document::deep_copy(row.remedy, arena_);
    rows_.push_back(std::move(row));
  }
}

ExitCode Fix::finish() {
  tell(report::print_text_rows(rows_) + report::summary_line(summary_, resources_) + '\n');
  tell(fmt::format("{} of {} {}, {}\n", changed_, plural(files_, "file", "files"),
                   prints() ? "would change" : "changed", plural(remedies_, "remedy", "remedies")));
  if (is_broken_) {
    return ExitCode::kUsage;
  }
  const bool denied = std::ranges::any_of(rows_, [&](const report::Row& row) {
    return report::fails(row, options_->warnings_as_errors);
  });
  return denied || is_unwritten_ ? ExitCode::kDenied : ExitCode::kOk;
}

}  // namespace

ExitCode fix(const FixOptions& options, const World& world) {
  const auto policies = load(options.policy, *world.files, world.clock->now());
  const auto inputs = find_inputs(options.inputs, world);
  Fix fix(options, world);
  tell(problems_of(policies), world);
  for (const auto& text : inputs.unreadable) {
    world.err("seaworthy: " + text + '\n');
  }
  if (policies.is_broken() || !inputs.unreadable.empty()) {
    fix.mark_broken();
  }
  const std::size_t threads = options.threads == 0 ? processor_count() : options.threads;
  const Surroundings surroundings = find_surroundings(inputs.files, threads, world, *policies.set);
  auto as_written = options.policy.settings;
  as_written.remedy = policy::RemedyLevel::kSuggest;
  const ManifestChecker checker(options.policy.settings, policies, surroundings, *world.clock);
  const ManifestChecker critic(as_written, policies, surroundings, *world.clock);
  const auto level = options.policy.settings.remedy == policy::RemedyLevel::kSafe
                         ? policy::RemedyLevel::kSafe
                         : policy::RemedyLevel::kApply;
  const ManifestFixer fixer(checker, critic, level, !options.output.empty());
  std::vector<std::optional<FileOutcome>> outcomes(inputs.files.size());
  {
    Progress progress(world, "files", inputs.files.size());
    do_in_order(
        inputs.files.size(), threads,
        [&](std::size_t at) {
          auto& outcome = outcomes[at].emplace();
          if (auto text = text_of(inputs.files[at], world)) {
            outcome.before = *std::move(text);
            outcome.fixed = fixer.fix(outcome.before, inputs.files[at].path, outcome.arena);
          } else {
            outcome.unreadable = text.error().message;
          }
        },
        [&](std::size_t at) {
          progress.hide();
          fix.take(inputs.files[at].path, *outcomes[at]);
          outcomes[at].reset();
          progress.advance(at + 1);
        });
  }
  return fix.finish();
}

}  // namespace seaworthy::cli
