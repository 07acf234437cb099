// The two trees are walked side by side, and where they differ the text is edited at that place
// only. Edits are collected and applied at once; of those at one place the inner ones come first,
// which is the order in which they are found.
//
// An alias is left where its anchor has become, or stays, what is wanted; else the value is written
// in its place. What a `<<` has merged is overridden by a member of the map's own.
#include "document/text_editor.h"

#include <algorithm>

#include "seaworthy/document/text_edit.h"

namespace seaworthy::document {
namespace {

bool has_parts(const Node& node) { return (node.is_map() || node.is_list()) && node.size() > 0; }

}  // namespace

TextEditor::TextEditor(const SourceScanner& scanner, const SourceDocument& document)
    : scanner_(scanner), document_(document) {
  const std::size_t end = scanner_.bytes().find('\n');
  const bool is_windows =
      end != std::string_view::npos && end > 0 && scanner_.bytes()[end - 1] == '\r';
  line_break_ = is_windows ? "\r\n" : "\n";
}

std::vector<TextEdit> TextEditor::rewrite(const Node& after) {
  const Node& root = document_.root();
  Place place;
  place.start = place.floor = document_.offset_of(root).value_or(0);
  place.is_root = true;
  if (is_flow(place)) {
    const Parts parts = parts_of(root, place);
    is_json_ = !parts.empty() && scanner_.at(parts.front().start) == '"';
    if (is_json_) {
      const Part& first = parts.front();
      json_.is_json = true;
      json_.is_tall = scanner_.is_first_on_line(first.start);
      json_.is_tight = !json_.is_tall && first.place.start == first.place.floor;
      json_.step = json_.is_tall ? lead_of_line(first.start) : "";
    }
  } else {
    learn_layout(root, place);
  }
  edit(root, place, after);
  return std::move(edits_);
}

void TextEditor::put(std::size_t at, std::size_t length, std::string_view text) {
  TextEdit edit{.at = at, .length = length, .text = {}};
  for (const char byte : text) {
    if (byte == '\n') {
      edit.text += line_break_;
    } else {
      edit.text += byte;
    }
  }
  edits_.push_back(std::move(edit));
}

void TextEditor::edit(const Node& before, const Place& place, const Node& after) {
  if (has_failed_) {
    return;
  }
  if (is_alias(place)) {
    return edit_alias(before, place, after);
  }
  const bool is_same = equal_without_nulls(before, after);
  if (is_same && anchors_.empty()) {
    return;
  }
  if (const auto anchor = anchor_of(place); !anchor.empty()) {
    anchors_.insert_or_assign(anchor, after);
  }
  const bool is_kin = (before.is_map() && after.is_map()) || (before.is_list() && after.is_list());
  if (!is_kin || before.size() == 0 || after.size() == 0) {
    if (!is_same) {
      replace(before, place, after);
    }
  } else if (is_flow(place)) {
    edit_flow(before, place, after);
  } else if (before.is_map()) {
    edit_block_map(before, place, after);
  } else {
    edit_block_list(before, place, after);
  }
}

void TextEditor::edit_alias(const Node& before, const Place& place, const Node& after) {
  const std::size_t end = scanner_.scalar_end(place.start, place.in_flow, place.outer);
  const auto name = scanner_.bytes().substr(place.start + 1, end - place.start - 1);
  const auto changed = anchors_.find(name);
  if (!equal_without_nulls(changed == anchors_.end() ? before : changed->second, after)) {
    replace(before, place, after);
  }
}

/// A word in the place of another, quoted as that is.
std::string TextEditor::word_for(const Node& before, const Place& place, const Node& after) const {
  const char quote = place.left_out ? '\0' : scanner_.at(place.start);
  const auto text = after.as_string();
  if (!before.is_string() || !after.is_string() || (quote != '"' && quote != '\'')) {
    return place.in_flow ? print_flow(after, flow_layout(place)) : print_yaml_word(after);
  }
  if (has_unprintable(text) || text.find('\n') != std::string_view::npos) {
    return print_yaml_word(after);
  }
  std::string out(1, quote);
  for (const char byte : text) {
    if (byte == quote || (quote == '"' && byte == '\\')) {
      out += quote == '"' ? '\\' : '\'';
    }
    out += byte;
  }
  return out + quote;
}

void TextEditor::replace(const Node& before, const Place& place, const Node& after) {
  const bool was_flow = has_parts(before) && is_flow(place);
  if (has_parts(after) && !place.in_flow && !is_json_ && !was_flow) {
    return replace_by_block(before, place, after);
  }
  const std::size_t end = end_of(before, place);
  const std::string text = has_parts(after) || is_json_ ? print_flow(after, flow_layout(place))
                                                        : word_for(before, place, after);
  const bool is_block = has_parts(before) && !is_flow(place) && !is_alias(place);
  if (place.left_out) {
    put(place.floor, 0, " " + text);
  } else if (is_block && !place.in_list &&
             scanner_.line_start(place.start) > scanner_.line_start(place.floor)) {
    // The key's line, and what comment it has, stay.
    put(place.floor, 0, " " + text);
    const std::size_t first = scanner_.line_start(place.start);
    put(first, scanner_.next_line(end) - first, "");
  } else {
    put(place.start, end - place.start, text);
  }
}

/// A map or list that is to stand in block style, with the old value away.
void TextEditor::replace_by_block(const Node& before, const Place& place, const Node& after) {
  const std::size_t end = end_of(before, place);
  if (place.in_list || place.is_root) {
    if (place.left_out) {
      put(
          place.floor, 0, " " + [&] {
            std::string text = print_yaml_block(after, scanner_.column(place.floor) + 1, layout_);
            text.pop_back();
            return text;
          }());
      return;
    }
    std::string text = print_yaml_block(after, scanner_.column(place.start), layout_);
    text.pop_back();
    return put(place.start, end - place.start, text);
  }
  const std::size_t column = place.outer + (after.is_list() ? layout_.list_indent : layout_.step);
  const bool is_below = scanner_.line_start(place.start) > scanner_.line_start(place.floor);
  if (!place.left_out && is_below) {
    const std::size_t first = scanner_.line_start(place.start);
    put(first, scanner_.next_line(end) - first, "");
  } else if (!place.left_out) {
    std::size_t from = place.start;
    while (from > place.floor && scanner_.at(from - 1) == ' ') {
      --from;
    }
    put(from, end - from, "");
  }
  const std::size_t behind = place.left_out ? place.floor : is_below ? place.floor : end;
  insert_lines(behind, column, print_yaml_block(after, column, layout_));
}

}  // namespace seaworthy::document
