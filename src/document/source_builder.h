#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/document/source.h"

namespace seaworthy::document {

/// A text with its lines, so that a place costs a search and not a walk.
struct SourceText {
  SourceText(std::string_view text, std::string_view name);

  /// Byte offset to line and column.
  [[nodiscard]] SourcePosition position(std::size_t offset) const;
  /// The mistake at `offset`.
  [[nodiscard]] Diagnostic error(std::size_t offset, std::string message) const;

  std::string_view bytes;
  std::string file;
  std::vector<std::uint32_t> line_starts;

  /// A place within a long line, so that columns are not counted from its start each time.
  struct Mark {
    std::uint32_t offset = 0;
    std::uint32_t column = 0;  ///< From 0.
  };

  std::vector<Mark> marks;  ///< By offset.

 private:
  void mark_long_line(std::size_t start, std::size_t end);
};

/// Makes documents out of a reader's events, and says what is wrong beyond syntax: duplicate keys,
/// merges that cannot be, aliases that grow too far, depth. After a mistake that makes going on
/// pointless it swallows the rest of the document.
class SourceBuilder {
 public:
  SourceBuilder(std::shared_ptr<const SourceText> text, Arena& arena,
                std::vector<SourceDocument>& documents, std::vector<Diagnostic>& diagnostics)
      : text_(std::move(text)), arena_(arena), documents_(documents), diagnostics_(diagnostics) {}

  void start_document(std::size_t offset);
  /// Keeps the document unless it is null or had mistakes.
  void end_document();

  /// Anchors are numbers from 1 on; 0 is none.
  void scalar(const Node& value, std::size_t offset, std::size_t anchor = 0);
  void key(std::string_view name, std::size_t offset, bool is_merge = false);
  void start(bool is_map, std::size_t offset, std::size_t anchor = 0);
  void end();
  void alias(std::size_t anchor, std::size_t offset);

  /// Whether the next event is a key.
  [[nodiscard]] bool expects_key() const {
    return !frames_.empty() && frames_.back().is_map && !frames_.back().has_key;
  }

  /// Where the innermost open map's or list's last key began, or it itself: for a value that is
  /// left out.
  [[nodiscard]] std::size_t near_offset() const;
  /// What an anchor stands for; null where it is not read to its end.
  [[nodiscard]] const Node* anchored(std::size_t anchor) const;

  void report(std::size_t offset, std::string message);
  /// Reports, and swallows the rest of the document.
  void give_up(std::size_t offset, std::string message);

  /// Takes the document back that ended last, if it was kept and none has begun since.
  void drop_last_document();

  [[nodiscard]] bool has_given_up() const { return gave_up_; }

  [[nodiscard]] Arena& arena() const { return arena_; }

 private:
  /// A value that waits for its container's end.
  struct Entry {
    Key key;
    Node value;
    std::uint32_t key_offset = 0;
    std::uint32_t offset = 0;
    std::uint32_t nodes = 1;        // in it, aliases expanded; stops at the limit
    std::uint32_t depth = 0;        // of containers in it
    std::uint32_t first_key = 0;    // of a map: where its members begin in the document's keys_
    std::uint32_t first_value = 0;  // and in its values_
    bool is_merge = false;
    bool is_alias = false;
  };

  struct Frame {
    Entry self;
    std::size_t first = 0;  // of its entries
    std::size_t anchor = 0;
    bool is_map = false;
    bool has_key = false;            // `pending` is set
    Entry pending;                   // the key whose value comes next
    std::vector<Entry> merge_items;  // of a map: the items of a list that `<<` was given
  };

  bool admit(std::size_t offset, std::size_t depth);
  void add(Entry entry, std::size_t anchor);
  void end_list(Frame& frame);
  void end_map(Frame& frame);
  void report_duplicates(std::size_t first);
  void merge(Frame& frame);
  bool merge_map(const Entry& map, std::size_t offset, std::vector<Entry>& into);

  std::shared_ptr<const SourceText> text_;
  Arena& arena_;
  std::vector<SourceDocument>& documents_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<Entry> entries_;
  std::vector<Frame> frames_;
  std::unordered_map<std::size_t, Entry> anchors_;
  SourceDocument document_;
  Entry root_;
  std::size_t nodes_ = 0;
  std::size_t alias_nodes_ = 0;
  bool has_root_ = false;
  bool kept_last_ = false;
  bool has_errors_ = false;
  bool gave_up_ = false;
};

}  // namespace seaworthy::document
