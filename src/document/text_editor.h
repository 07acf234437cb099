#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "document/source_scanner.h"
#include "document/yaml_print.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/source.h"
#include "seaworthy/document/text_edit.h"

namespace seaworthy::document {

/// Finds the edits of a text that make one document of it read as something else. They are found
/// by where things stand, not by a grammar: what they make of the text must be read again.
class TextEditor {
 public:
  TextEditor(const SourceScanner& scanner, const SourceDocument& document);

  /// The edits, in the order in which those of one place apply. Called once.
  std::vector<TextEdit> rewrite(const Node& after);

  /// Something was met that is not understood; the edits are worth nothing.
  [[nodiscard]] bool has_failed() const { return has_failed_; }

 private:
  /// A value in the text.
  struct Place {
    std::size_t floor = 0;  ///< Behind the ':', '-', '[' or ',' before it.
    std::size_t start = 0;  ///< Behind anchor and tag; the floor where the value is left out.
    std::size_t outer = 0;  ///< The column of the block map or list that it is in.
    bool in_flow = false;
    bool in_list = false;
    bool left_out = false;
    bool is_root = false;
  };

  /// A member of a map, or an item of a list.
  struct Part {
    const Node* value = nullptr;
    const Member* member = nullptr;  ///< Null of an item.
    std::size_t start = 0;           ///< Of its key or dash; in a flow list of the value.
    std::size_t end = 0;
    Place place;
  };

  using Parts = std::vector<Part>;

  enum : std::size_t { kNowhere = static_cast<std::size_t>(-1) };

  // text_editor.cc
  void edit(const Node& before, const Place& place, const Node& after);
  void edit_alias(const Node& before, const Place& place, const Node& after);
  void replace(const Node& before, const Place& place, const Node& after);
  void replace_by_block(const Node& before, const Place& place, const Node& after);
  [[nodiscard]] std::string word_for(const Node& before, const Place& place,
                                     const Node& after) const;
  void put(std::size_t at, std::size_t length, std::string_view text);

  // text_places.cc
  [[nodiscard]] Place place_of(const Node& value, std::size_t floor, const Place& parent);
  [[nodiscard]] Parts parts_of(const Node& node, const Place& place);
  [[nodiscard]] Parts members_of(const Node& map, const Place& place);
  [[nodiscard]] Parts items_of(const Node& list, const Place& place);
  [[nodiscard]] std::size_t end_of(const Node& node, const Place& place);
  [[nodiscard]] std::size_t behind_merges(std::size_t end, const Place& place) const;
  [[nodiscard]] std::string_view anchor_of(const Place& place) const;
  [[nodiscard]] bool is_flow(const Place& place) const;
  [[nodiscard]] bool is_alias(const Place& place) const;
  void learn_layout(const Node& node, const Place& place);

  // text_editor_block.cc
  void edit_block_map(const Node& before, const Place& place, const Node& after);
  void edit_block_list(const Node& before, const Place& place, const Node& after);
  void remove_members(const Parts& parts, const Node& after);
  void remove_behind_dash(const Parts& parts, std::size_t first, std::size_t next);
  void remove_item(const Parts& parts, std::size_t index);
  [[nodiscard]] bool is_inherited(const Node& before, const Member& wanted) const;
  [[nodiscard]] std::size_t behind_comments(std::size_t end, std::size_t indent) const;
  void insert_lines(std::size_t behind, std::size_t indent, const std::string& text);

  // text_editor_flow.cc
  void edit_flow(const Node& before, const Place& place, const Node& after);
  void remove_from_flow(const Parts& parts, const Node& after);
  [[nodiscard]] bool has_comment(std::size_t from, std::size_t to) const;
  void append_to_flow(const Part& last, const std::vector<Member>& members,
                      const std::vector<Node>& items);
  [[nodiscard]] FlowLayout flow_layout(const Place& place) const;
  [[nodiscard]] std::string lead_of_line(std::size_t offset) const;

  const SourceScanner& scanner_;
  const SourceDocument& document_;
  std::string_view line_break_;
  YamlLayout layout_;
  FlowLayout json_;  ///< Of a document that is JSON.
  bool is_json_ = false;
  /// What anchors that were changed stand for now, by name.
  std::map<std::string_view, Node, std::less<>> anchors_;
  /// What members that an anchor may hold were changed to, by the place of their key.
  std::map<std::size_t, Node> changed_;
  std::vector<TextEdit> edits_;
  bool has_failed_ = false;
};

/// For each item of `after` the one of `before` that it comes from, or npos: equal ones, then those
/// with the same name, then by place.
std::vector<std::size_t> pair_items(const Node& before, const Node& after);

}  // namespace seaworthy::document
