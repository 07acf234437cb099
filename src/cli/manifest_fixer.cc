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

/// Of remedies that nothing in the manifest answers for.
void note_guesses(const Manifest& manifest, const ManifestChecker::Judged& judged,
                  std::vector<std::string>& notes) {
  for (const auto& applied : judged.judgement.mended.applied) {
    if (applied.without_fact) {
      notes.push_back(fmt::format(
          "{}:{}: warning: {} ({}): the remedy is written, but nothing here says that the image "
          "bears it; {} may fail to start",
          manifest.file, manifest.line_of(applied.item.text()), named(judged), applied.policy->name,
          applied.item.container.empty() ? std::string("a container")
                                         : fmt::format("container {}", applied.item.container)));
    }
  }
}

void add(std::vector<std::string>& lines, const std::vector<Diagnostic>& diagnostics) {
  for (const auto& diagnostic : diagnostics) {
    lines.push_back(render(diagnostic));
  }
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

}  // namespace

FixedText ManifestFixer::fix(const std::string& text, const std::string& file, Arena& arena) const {
  FixedText fixed;
  fixed.text = text;
  const auto manifests = read_manifests(text, file, arena);
  fixed.is_broken = has_errors(manifests.diagnostics);
  add(fixed.notes, manifests.diagnostics);
  Plan plan(arena);
  std::vector<Diagnostic> problems;
  Arena scratch;
  for (const auto& manifest : manifests.manifests) {
    scratch.reset();
    const auto judged = checker_->judge(manifest, level_, problems, scratch);
    if (judged &&
        !document::equal_without_nulls(*manifest.object, judged->judgement.mended.object)) {
      plan.set(manifest, document::deep_copy(judged->judgement.mended.object, arena),
               judged->judgement.mended.applied.size());
      note_guesses(manifest, *judged, fixed.notes);
    }
  }
  const auto rewrites = plan.rewrites();
  document::EditedText edited{.text = text, .edits = {}, .unwritten = {}};
  if (!fixed.is_broken) {
    edited = document::edit_source(text, file, *manifests.documents, rewrites);
  } else if (!rewrites.empty() && !wants_yaml_) {
    fixed.unwritten.push_back(
        fmt::format("{}: error: not changed, as not all of it can be read", file));
  }
  for (const auto& rewrite : rewrites) {
    const bool is_unwritten =
        std::ranges::find(edited.unwritten, rewrite.document) != edited.unwritten.end();
    fixed.remedies += is_unwritten || fixed.is_broken ? 0 : plan.remedies_of(rewrite.document);
  }
  const bool is_anew =
      wants_yaml_ && (!edited.unwritten.empty() || fixed.is_broken || is_json(text));
  for (const std::size_t document : edited.unwritten) {
    const auto& source = (*manifests.documents)[document];
    const auto place = fmt::format("{}:{}", file, source.position_of(source.root()).line);
    const auto name = fmt::format("{} {}", source.root()["kind"].as_string(),
                                  source.root()["metadata"]["name"].as_string());
    if (is_anew) {
      fixed.notes.push_back(
          fmt::format("{}: warning: {}: printed anew, without comments", place, name));
    } else {
      fixed.unwritten.push_back(fmt::format(
          "{}: error: {}: not changed: what it should become cannot be written into "
          "this text and leave the rest as it is; an anchor or a `<<` may be in the way",
          place, name));
    }
  }
  fixed.edits = std::move(edited.edits);
  fixed.text = std::move(edited.text);
  if (wants_yaml_) {
    fixed.yaml = is_anew ? print_documents(manifests, rewrites) : fixed.text;
  }
  const bool is_same = fixed.edits.empty() && !is_anew;
  const auto written =
      is_same ? manifests : read_manifests(is_anew ? fixed.yaml : fixed.text, file, arena);
  critic_->check(written, ManifestChecker::Wanted::kViolations, fixed.checked, arena);
  add(fixed.notes, fixed.checked.problems);
  fixed.is_broken |= has_errors(fixed.checked.problems);
  return fixed;
}

}  // namespace seaworthy::cli
