// What judging makes of an object may come from anything: remedies, or policies that mutate. Here
// it is only compared with what is written, and the difference written into the text. What is told
// of the result is found by judging that text, not by believing that it was written.
#include "cli/manifest_fixer.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "seaworthy/document/edit.h"

namespace seaworthy::cli {
namespace {

using document::Node;

/// What the documents of one text are to become.
class Plan {
 public:
  explicit Plan(Arena& arena) : arena_(&arena) {}

  void set(const Manifest& manifest, const Node& object, std::size_t remedies) {
    auto [change, added] =
        changes_.emplace(manifest.document, Change{.root = manifest.source->root()});
    if (manifest.item) {
      // Of a long list the items are set at once, in the end.
      change->second.items.emplace(*manifest.item, object);
    } else {
      change->second.root = object;
    }
    change->second.remedies += remedies;
  }

  [[nodiscard]] std::vector<document::Rewrite> rewrites() const {
    std::vector<document::Rewrite> rewrites;
    for (const auto& [document, change] : changes_) {
      rewrites.push_back({document, change.items.empty() ? change.root : with_items(change)});
    }
    return rewrites;
  }

  [[nodiscard]] bool concerns(std::size_t document) const { return changes_.contains(document); }

  [[nodiscard]] std::size_t remedies_of(std::size_t document) const {
    const auto found = changes_.find(document);
    return found == changes_.end() ? 0 : found->second.remedies;
  }

 private:
  struct Change {
    Node root;
    std::size_t remedies = 0;
    std::map<std::size_t, Node> items = {};
  };

  [[nodiscard]] Node with_items(const Change& change) const {
    const auto old = change.root["items"].items();
    std::vector<Node> items(old.begin(), old.end());
    for (const auto& [index, object] : change.items) {
      items[index] = object;
    }
    return document::with_member(change.root, "items", document::make_list(items, *arena_),
                                 *arena_);
  }

  Arena* arena_;
  std::map<std::size_t, Change> changes_;
};

std::string named(const ManifestChecker::Judged& judged) {
  const auto& review = judged.review;
  const auto name =
      review.name.empty() ? review.object["metadata"]["generateName"].as_string() : review.name;
  return review.namespace_name.empty()
             ? fmt::format("{} {}", review.kind.kind, name)
             : fmt::format("{} {}/{}", review.kind.kind, review.namespace_name, name);
}

/// What was said of a manifest.
struct Said {
  Checked checked;
  std::vector<std::pair<std::string, std::string>> guesses;  ///< Where, and what of it.
};

/// Remedies that nothing in the manifest answers for.
void note_guesses(const ManifestChecker::Judged& judged, Said& said) {
  for (const auto& applied : judged.judgement.mended.applied) {
    if (applied.without_fact) {
      said.guesses.emplace_back(
          applied.item.text(),
          fmt::format("{} ({}): the remedy is written, but nothing here says that the image bears "
                      "it; {} may fail to start",
                      named(judged), applied.policy->name,
                      applied.item.container.empty()
                          ? std::string("a container")
                          : fmt::format("container {}", applied.item.container)));
    }
  }
}

void add(std::vector<std::string>& lines, const std::vector<Diagnostic>& diagnostics) {
  for (const auto& diagnostic : diagnostics) {
    lines.push_back(render(diagnostic));
  }
}

/// Adds what was said of one resource to what was said of all.
void add(Checked& one, Checked& all) {
  std::ranges::move(one.rows, std::back_inserter(all.rows));
  std::ranges::move(one.problems, std::back_inserter(all.problems));
  all.summary += one.summary;
  all.resources += one.resources;
}

/// Whether the text is JSON, which begins with a brace and a quote.
bool is_json(std::string_view text) {
  const std::size_t brace = text.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (brace == std::string_view::npos || text[brace] != '{') {
    return false;
  }
  const std::size_t next = text.find_first_not_of(" \t\r\n", brace + 1);
  return next != std::string_view::npos && text[next] == '"';
}

/// The documents on their own lines, each behind a `---`, as they would be written anew.
std::string print_documents(const Manifests& manifests,
                            const std::vector<document::Rewrite>& rewrites) {
  std::string out;
  for (std::size_t at = 0; at < manifests.documents->size(); ++at) {
    const auto rewrite = std::ranges::find(rewrites, at, &document::Rewrite::document);
    out +=
        "---\n" + document::print_yaml(rewrite == rewrites.end() ? (*manifests.documents)[at].root()
                                                                 : rewrite->root);
  }
  return out;
}

constexpr auto kViolations = ManifestChecker::Wanted::kViolations;

/// The work on one file, step by step.
class FileWork {
 public:
  FileWork(const std::string& text, const std::string& file, bool wants_yaml, Arena& arena)
      : text_(text),
        file_(file),
        wants_yaml_(wants_yaml),
        arena_(arena),
        manifests_(read_manifests(text, file, arena)),
        plan_(arena),
        said_(manifests_.manifests.size()) {
    fixed_.text = text;
    fixed_.is_broken = has_errors(manifests_.diagnostics);
    add(fixed_.notes, manifests_.diagnostics);
  }

  void judge(const ManifestChecker& checker, policy::RemedyLevel level);
  void write();
  void tell(const ManifestChecker& critic);

  FixedText take() { return std::move(fixed_); }

 private:
  [[nodiscard]] bool is_written(std::size_t document) const {
    return !fixed_.is_broken && std::ranges::find(unwritten_, document) == unwritten_.end();
  }

  void tell_unwritten();

  const std::string& text_;
  const std::string& file_;
  bool wants_yaml_;
  Arena& arena_;
  Manifests manifests_;
  Plan plan_;
  std::vector<Said> said_;  // of each manifest
  std::vector<std::size_t> unwritten_;
  bool is_anew_ = false;  // printed as YAML from the trees, not from the text
  FixedText fixed_;
};

void FileWork::judge(const ManifestChecker& checker, policy::RemedyLevel level) {
  Arena scratch;
  for (std::size_t at = 0; at < said_.size(); ++at) {
    const auto& manifest = manifests_.manifests[at];
    scratch.reset();
    const auto judged = checker.judge(manifest, level, said_[at].checked.problems, scratch);
    if (!judged) {
      continue;
    }
    ManifestChecker::add(*judged, kViolations, said_[at].checked, arena_);
    const Node& object = judged->judgement.mended.object;
    if (!document::equal_without_nulls(*manifest.object, object)) {
      plan_.set(manifest, document::deep_copy(manifest.as_written(object, scratch), arena_),
                judged->judgement.mended.applied.size());
      note_guesses(*judged, said_[at]);
    }
  }
}

void FileWork::write() {
  const auto rewrites = plan_.rewrites();
  if (!fixed_.is_broken) {
    auto edited = document::edit_source(text_, file_, *manifests_.documents, rewrites);
    fixed_.edits = std::move(edited.edits);
    fixed_.text = std::move(edited.text);
    unwritten_ = std::move(edited.unwritten);
  } else if (!rewrites.empty() && !wants_yaml_) {
    fixed_.unwritten.push_back(
        fmt::format("{}: error: not changed, as not all of it can be read", file_));
  }
  for (const auto& rewrite : rewrites) {
    fixed_.remedies += is_written(rewrite.document) ? plan_.remedies_of(rewrite.document) : 0;
  }
  is_anew_ = wants_yaml_ && (!unwritten_.empty() || fixed_.is_broken || is_json(text_));
  if (wants_yaml_) {
    fixed_.yaml = is_anew_ ? print_documents(manifests_, rewrites) : fixed_.text;
  }
  tell_unwritten();
}

void FileWork::tell_unwritten() {
  for (const std::size_t document : unwritten_) {
    const auto& source = (*manifests_.documents)[document];
    const auto place = fmt::format("{}:{}", file_, source.position_of(source.root()).line);
    const auto name = fmt::format("{} {}", source.root()["kind"].as_string(),
                                  source.root()["metadata"]["name"].as_string());
    if (is_anew_) {
      fixed_.notes.push_back(
          fmt::format("{}: warning: {}: printed anew, without comments", place, name));
    } else {
      fixed_.unwritten.push_back(fmt::format(
          "{}: error: {}: not changed: what it should become cannot be written into "
          "this text and leave the rest as it is; an anchor or a `<<` may be in the way",
          place, name));
    }
  }
}

/// Of what is written now, with its places; what could not be written is judged as it is.
void FileWork::tell(const ManifestChecker& critic) {
  const bool is_same = fixed_.edits.empty() && !is_anew_;
  auto written =
      is_same ? manifests_ : read_manifests(is_anew_ ? fixed_.yaml : fixed_.text, file_, arena_);
  if (written.manifests.size() != said_.size()) {
    written = manifests_;  // A policy has made a list of it: the places there were.
  }
  Arena scratch;
  for (std::size_t at = 0; at < said_.size(); ++at) {
    const auto& manifest = written.manifests[at];
    auto& said = said_[at];
    if (!is_anew_ && plan_.concerns(manifest.document) && !is_written(manifest.document)) {
      said = {};
      scratch.reset();
      if (const auto judged =
              critic.judge(manifest, std::nullopt, said.checked.problems, scratch)) {
        ManifestChecker::add(*judged, kViolations, said.checked, arena_);
      }
    }
    ManifestChecker::place_rows(manifest, said.checked.rows);
    add(said.checked, fixed_.checked);
    for (const auto& [path, guess] : said.guesses) {
      fixed_.notes.push_back(
          fmt::format("{}:{}: warning: {}", file_, manifest.line_of(path), guess));
    }
  }
  report::sort(fixed_.checked.rows);
  add(fixed_.notes, fixed_.checked.problems);
  fixed_.is_broken |= has_errors(fixed_.checked.problems);
}

}  // namespace

FixedText ManifestFixer::fix(const std::string& text, const std::string& file, Arena& arena) const {
  FileWork work(text, file, wants_yaml_, arena);
  work.judge(*checker_, level_);
  work.write();
  work.tell(*critic_);
  return work.take();
}

}  // namespace seaworthy::cli
