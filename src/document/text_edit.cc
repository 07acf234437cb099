// Edits are tried for all documents at once; only where the result does not read as wanted are they
// tried one by one, so that one document that cannot be written does not cost the others.
#include "seaworthy/document/text_edit.h"

#include <algorithm>
#include <optional>

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

class Rewriter {
 public:
  Rewriter(std::string_view text, std::string_view file, std::span<const SourceDocument> documents)
      : text_(text), file_(file), documents_(documents), scanner_(text) {}

  /// Nothing where the result cannot be made, or does not read as wanted.
  std::optional<EditedText> rewrite(std::span<const Rewrite> rewrites) const {
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
    auto out = with_edits(text_, edits);
    if (!out || !is_proven(*out, rewrites)) {
      return std::nullopt;
    }
    return EditedText{.text = *std::move(out), .edits = std::move(edits), .unwritten = {}};
  }

 private:
  [[nodiscard]] bool is_proven(std::string_view text, std::span<const Rewrite> rewrites) const {
    Arena arena;
    const auto read = read_source(text, file_, arena);
    if (!read.value || !read.diagnostics.empty() || read.value->size() != documents_.size()) {
      return false;
    }
    for (std::size_t at = 0; at < documents_.size(); ++at) {
      const auto wanted = std::ranges::find(rewrites, at, &Rewrite::document);
      const Node& root = wanted == rewrites.end() ? documents_[at].root() : wanted->root;
      if (!equal_without_nulls((*read.value)[at].root(), root)) {
        return false;
      }
    }
    return true;
  }

  std::string_view text_;
  std::string_view file_;
  std::span<const SourceDocument> documents_;
  SourceScanner scanner_;
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
    if (rewrites.size() > 1 && rewriter.rewrite({&each, 1})) {
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
