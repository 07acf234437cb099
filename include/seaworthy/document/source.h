#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/path.h"

namespace seaworthy::document {

struct SourceText;

/// One document of a text that people write (YAML or JSON), with the place of each key and value.
/// Places are found when they are asked for. Lifetime: the arena's that it was read into.
class SourceDocument {
 public:
  [[nodiscard]] const Node& root() const { return *root_; }

  /// Where the value begins (behind its anchor and tag; an alias: where the alias stands); for a
  /// node that is not of this document, line 0. Nodes are told apart by their address: ask with the
  /// node in the tree, not with a copy.
  [[nodiscard]] SourcePosition position_of(const Node& node) const;
  /// Where the key begins.
  [[nodiscard]] SourcePosition position_of(const Member& member) const;
  /// For a scalar whose text stands in the file as it is (plain, quoted without escapes on one
  /// line, a literal block, or a folded one of one line): where the first character of its content
  /// stands, so that an expression's column can be mapped; line 0 else.
  [[nodiscard]] SourcePosition content_position_of(const Node& node) const;
  /// Where the content's further lines are indented to (block scalars), in columns: a line's column
  /// n stands in the file's column n + this; 0 for others.
  [[nodiscard]] std::uint32_t content_indent_of(const Node& node) const;
  /// Where the byte `offset` of a string's content stands, whatever its style (escapes, folded
  /// lines); the place of the value where that cannot be told.
  [[nodiscard]] SourcePosition position_in(const Node& node, std::size_t offset) const;
  /// The place of the deepest part that exists of a path such as `spec.containers[0].image` from
  /// the root: of a member its key's, of an item the item's, of the root where the document begins.
  [[nodiscard]] SourcePosition position_of_path(std::string_view path) const;
  /// The same for a path that is read already.
  [[nodiscard]] SourcePosition position_of_path(const Path& path) const;
  /// Where the value begins, in bytes; of a null that is left out, somewhere before its place.
  /// Nothing for a node that is not of this document.
  [[nodiscard]] std::optional<std::size_t> offset_of(const Node& node) const;
  /// Where the key begins, in bytes; of what a `<<` has merged, where that stands.
  [[nodiscard]] std::optional<std::size_t> offset_of(const Member& member) const;
  /// The diagnostic for a mistake at `position`, with the file's name and the line's text.
  [[nodiscard]] Diagnostic error_at(SourcePosition position, std::string message) const;

 private:
  friend class SourceBuilder;

  const Node* root_ = nullptr;
  std::shared_ptr<const SourceText> text_;
  // Sorted by address. Offsets are in bytes.
  std::vector<std::pair<const Node*, std::uint32_t>> values_;
  std::vector<std::pair<const Member*, std::uint32_t>> keys_;
};

/// Reads a stream of YAML documents (JSON is YAML; a document that is empty or only comments is
/// left out). Scalars resolve as sigs.k8s.io/yaml does (YAML 1.1). Everything lies in `arena`.
/// Diagnostics, each with file, line, column and caret: syntax, duplicate keys, keys that are no
/// strings, `<<` merges that cannot be, alias bombs (limits::kYamlAliasNodesMax), depth
/// (limits::kDocumentDepthMax), not UTF-8. A broken document is left out and, where the reader can
/// go on, the others are read.
Parsed<std::vector<SourceDocument>> read_source(std::string_view text, std::string_view file,
                                                Arena& arena);

/// YAML of `node` for people: block style, keys in their order, strings quoted only where another
/// reading is possible.
std::string print_yaml(const Node& node, std::uint32_t indent = 0);

}  // namespace seaworthy::document
