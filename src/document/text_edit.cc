// Edits are tried for all documents at once; only where the result does not read as wanted are they
// tried one by one, so that one document that cannot be written does not cost the others.
#include "seaworthy/document/text_edit.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "document/text_editor.h"

namespace seaworthy::document {
namespace {

std::optional<std::string> with_edits(std::string_view text, const std::vector<TextEdit>& edits) {
  std::string out;
  std::size_t done = 0;
  for (const TextEdit& edit : edits) {
    if (edit.at < done || edit.at + edit.length > text.size()) {
      return std::nullopt;  // two edits meet
    }
    out += text.substr(done, edit.at - done);
    out += edit.text;
    done = edit.at + edit.length;
  }
  out += text.substr(done);
  return out;
}

/// Where lines begin that separate documents.
std::vector<std::size_t> separators_of(std::string_view text) {
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < text.size();) {
    const auto behind = text.substr(at, 4);
    if (behind.starts_with("---") &&
        (behind.size() == 3 ||
         std::string_view(" \t\r\n").find(behind[3]) != std::string_view::npos)) {
      found.push_back(at);
    }
    const std::size_t next = text.find("\n---", at);
    at = next == std::string_view::npos ? text.size() : next + 1;
  }
  return found;
}

/// A part of a text, and the documents in it.
struct Slice {
  std::size_t start = 0;
  std::size_t end = 0;
  std::size_t first = 0;  ///< Of the documents.
  std::size_t last = 0;   ///< Behind them.
};

class Rewriter {
 public:
  Rewriter(std::string_view text, std::string_view file, std::span<const SourceDocument> documents)
      : text_(text),
        file_(file),
        documents_(documents),
        scanner_(text),
        separators_(separators_of(text)) {}

  /// Nothing where the result cannot be made, or does not read as wanted.
  std::optional<EditedText> rewrite(std::span<const Rewrite> rewrites) const {
    auto edits = edits_of(rewrites);
    if (!edits) {
      return std::nullopt;
    }
    auto out = with_edits(text_, *edits);
    const Slice all{.start = 0, .end = text_.size(), .first = 0, .last = documents_.size()};
    if (!out || !is_proven(*out, all, rewrites)) {
      return std::nullopt;
    }
    return EditedText{.text = *std::move(out), .edits = *std::move(edits), .unwritten = {}};
  }

  /// Whether one document can be rewritten, by a look at what stands between its separators only.
  [[nodiscard]] bool can_rewrite(const Rewrite& rewrite) const {
    auto edits = edits_of({&rewrite, 1});
    const Slice slice = slice_of(rewrite.document);
    if (!edits) {
      return false;
    }
    for (TextEdit& edit : *edits) {
      if (edit.at < slice.start || edit.at + edit.length > slice.end) {
        return false;
      }
      edit.at -= slice.start;
    }
    const auto out = with_edits(text_.substr(slice.start, slice.end - slice.start), *edits);
    return out && is_proven(*out, slice, {&rewrite, 1});
  }

 private:
  /// Nothing where one of them met what it does not understand.
  [[nodiscard]] std::optional<std::vector<TextEdit>> edits_of(
      std::span<const Rewrite> rewrites) const {
    std::vector<TextEdit> edits;
    for (const Rewrite& each : rewrites) {
      TextEditor editor(scanner_, documents_[each.document]);
      auto found = editor.rewrite(each.root);
      if (editor.has_failed()) {
        return std::nullopt;
      }
      edits.insert(edits.end(), std::make_move_iterator(found.begin()),
                   std::make_move_iterator(found.end()));
    }
    // What is only added comes before what is taken away at the same place.
    std::ranges::stable_sort(
        edits, {}, [](const TextEdit& edit) { return std::pair(edit.at, edit.length > 0); });
    return edits;
  }

  [[nodiscard]] std::size_t start_of(std::size_t document) const {
    return documents_[document].offset_of(documents_[document].root()).value_or(0);
  }

  [[nodiscard]] Slice slice_of(std::size_t document) const {
    const auto next = std::ranges::upper_bound(separators_, start_of(document));
    Slice slice{.start = next == separators_.begin() ? 0 : *std::prev(next),
                .end = next == separators_.end() ? text_.size() : *next,
                .first = document,
                .last = document + 1};
    while (slice.first > 0 && start_of(slice.first - 1) >= slice.start) {
      --slice.first;
    }
    while (slice.last < documents_.size() && start_of(slice.last) < slice.end) {
      ++slice.last;
    }
    return slice;
  }

  [[nodiscard]] bool is_proven(std::string_view text, const Slice& slice,
                               std::span<const Rewrite> rewrites) const {
    Arena arena;
    const auto read = read_source(text, file_, arena);
    if (!read.value || !read.diagnostics.empty() ||
        read.value->size() != slice.last - slice.first) {
      return false;
    }
    for (std::size_t at = slice.first; at < slice.last; ++at) {
      const auto wanted = std::ranges::lower_bound(rewrites, at, {}, &Rewrite::document);
      const bool is_changed = wanted != rewrites.end() && wanted->document == at;
      const Node& root = is_changed ? wanted->root : documents_[at].root();
      if (!equal_without_nulls((*read.value)[at - slice.first].root(), root)) {
        return false;
      }
    }
    return true;
  }

  std::string_view text_;
  std::string_view file_;
  std::span<const SourceDocument> documents_;
  SourceScanner scanner_;
  std::vector<std::size_t> separators_;
};

}  // namespace

bool equal_without_nulls(const Node& a, const Node& b) {
  if (a.is_map() && b.is_map()) {
    auto count = [](const Node& map) {
      return std::ranges::count_if(map.members(),
                                   [](const Member& member) { return !member.value.is_null(); });
    };
    return count(a) == count(b) && std::ranges::all_of(a.members(), [&](const Member& member) {
             const Node* other = member.value.is_null() ? nullptr : b.find(member.key);
             return member.value.is_null() ||
                    (other != nullptr && equal_without_nulls(member.value, *other));
           });
  }
  if (a.is_list() && b.is_list()) {
    return std::ranges::equal(a.items(), b.items(), equal_without_nulls);
  }
  return equal(a, b);
}

EditedText edit_source(std::string_view text, std::string_view file,
                       std::span<const SourceDocument> documents,
                       std::span<const Rewrite> rewrites) {
  const Rewriter rewriter(text, file, documents);
  if (auto out = rewriter.rewrite(rewrites)) {
    return *std::move(out);
  }
  EditedText edited;
  std::vector<Rewrite> good;
  for (const Rewrite& each : rewrites) {
    if (rewrites.size() > 1 && rewriter.can_rewrite(each)) {
      good.push_back(each);
    } else {
      edited.unwritten.push_back(each.document);
    }
  }
  if (auto out = rewriter.rewrite(good)) {
    edited.text = std::move(out->text);
    edited.edits = std::move(out->edits);
    return edited;
  }
  edited.text = text;
  edited.unwritten.clear();
  for (const Rewrite& each : rewrites) {
    edited.unwritten.push_back(each.document);
  }
  return edited;
}

}  // namespace seaworthy::document
