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

/// What a document needs before it behind another: a directive can stand only where that one has
/// ended, which `---` does not say.
std::string_view separator_of(std::string_view text) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    const std::size_t word = line.find_first_not_of(" \t\r");
    if (word != std::string_view::npos && line[word] != '#') {
      return line.starts_with("---") ? "" : line.starts_with('%') ? "...\n" : "---\n";
    }
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return "---\n";
}

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

/// Takes what became of files, in order: writes and prints, and adds up what is to be told.
class Fix {
 public:
  Fix(const FixOptions& options, const std::vector<InputFile>& files, const World& world)
      : options_(&options),
        world_(&world),
        has_results_(shows_only() || std::ranges::any_of(files, passes)) {}

  void take(const InputFile& file, FileOutcome& outcome);

  void mark_broken() { is_broken_ = true; }

  /// Tells what was done and what is left.
  ExitCode finish();

 private:
  /// Whether nothing is to be written.
  [[nodiscard]] bool shows_only() const { return options_->diff || !options_->output.empty(); }

  /// Standard input, or a pipe: what it becomes is printed, as nobody would read it there.
  static bool passes(const InputFile& file) { return file.text.has_value(); }

  /// Tells of it where the results do not stand.
  void tell(std::string_view text) const {
    if (has_results_) {
      world_->err(text);
    } else {
      world_->out(text);
    }
  }

  void print_yaml(std::string_view text);
  bool write(const std::string& path, const FileOutcome& outcome);

  const FixOptions* options_;
  const World* world_;
  bool has_results_;  ///< Standard output is for documents or diffs.
  Arena arena_;
  std::vector<report::Row> rows_;
  report::Summary summary_;
  std::size_t resources_ = 0;
  std::size_t files_ = 0;
  std::size_t changed_ = 0;
  std::size_t remedies_ = 0;
  std::size_t refused_ = 0;  ///< Files that could not be written; their rows are not told.
  bool is_broken_ = false;
  bool is_unwritten_ = false;
  std::string last_printed_;
};

/// Documents of several files, told apart.
void Fix::print_yaml(std::string_view text) {
  if (!last_printed_.empty()) {
    text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    world_->out(last_printed_.ends_with('\n') ? "" : "\n");
    world_->out(separator_of(text));
  }
  world_->out(text);
  if (!text.empty()) {
    last_printed_ = text.substr(text.size() - 1);
  }
}

/// False where the file cannot be written, or is not any more what was read: files are read long
/// before they are written.
bool Fix::write(const std::string& path, const FileOutcome& outcome) {
  auto refuse = [&](const std::string& reason) {
    world_->err(fmt::format("seaworthy: not written: {}\n", plain(reason)));
    is_broken_ = true;
    ++refused_;
    return false;
  };
  const auto now = world_->files->read(path);
  if (!now) {
    return refuse(now.error().message);
  }
  if (*now != outcome.before) {
    return refuse(path + ": changed meanwhile; run fix again");
  }
  if (const auto written = world_->files->write(path, outcome.fixed.text); !written) {
    return refuse(written.error().message);
  }
  const auto remedies = outcome.fixed.remedies;
  tell(fmt::format("{}: changed{}\n", plain(path),
                   remedies == 0 ? "" : ", " + plural(remedies, "remedy", "remedies")));
  return true;
}

void Fix::take(const InputFile& file, FileOutcome& outcome) {
  if (outcome.unreadable) {
    world_->err(fmt::format("seaworthy: {}\n", plain(*outcome.unreadable)));
    is_broken_ = true;
    return;
  }
  auto& fixed = outcome.fixed;
  for (const auto* lines : {&fixed.notes, &fixed.unwritten}) {
    for (const auto& line : *lines) {
      world_->err(plain(line) + '\n');
    }
  }
  ++files_;
  is_broken_ |= fixed.is_broken;
  is_unwritten_ |= !fixed.unwritten.empty();
  const bool differs = fixed.text != outcome.before;
  if (options_->diff) {
    world_->out(
        report::unified_diff(outcome.before, fixed.edits, file.path == "-" ? "stdin" : file.path));
  } else if (!options_->output.empty()) {
    print_yaml(fixed.yaml);
  } else if (passes(file)) {
    print_yaml(fixed.text);
  } else if (differs && !write(file.path, outcome)) {
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
  tell(fmt::format("{} of {} {}, {}{}\n", changed_, plural(files_, "file", "files"),
                   shows_only() ? "would change" : "changed",
                   plural(remedies_, "remedy", "remedies"),
                   refused_ == 0 ? "" : fmt::format("; {} not written and not counted", refused_)));
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
  Fix fix(options, inputs.files, world);
  tell(problems_of(policies), world);
  for (const auto& text : inputs.unreadable) {
    world.err("seaworthy: " + plain(text) + '\n');
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
          fix.take(inputs.files[at], *outcomes[at]);
          outcomes[at].reset();
          progress.advance(at + 1);
        });
  }
  return fix.finish();
}

}  // namespace seaworthy::cli
