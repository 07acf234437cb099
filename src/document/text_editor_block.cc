// Block style: what is added stands on lines of its own behind the last one, and behind the
// comments that belong there; what is removed takes its lines with it and leaves the comments.
#include <algorithm>

#include "document/text_editor.h"
#include "seaworthy/document/text_edit.h"

namespace seaworthy::document {

/// Behind the comment lines that follow at least as far in as `indent`, and further in than what
/// comes next: they are about what stands before them.
std::size_t TextEditor::behind_comments(std::size_t end, std::size_t indent) const {
  const std::size_t next = scanner_.skip_space(end);
  const std::size_t limit = next >= scanner_.bytes().size() ? 0 : scanner_.column(next);
  for (std::size_t line = scanner_.next_line(end); line < scanner_.bytes().size();
       line = scanner_.next_line(line)) {
    const std::size_t text = scanner_.skip_blanks(line);
    if (scanner_.at(text) != '#' || text - line < indent || text - line <= limit) {
      break;
    }
    end = scanner_.line_end(line);
  }
  return end;
}

/// Writes `text`, whose first line is to be indented, on lines of its own behind `behind`'s line.
void TextEditor::insert_lines(std::size_t behind, std::size_t indent, const std::string& text) {
  const std::size_t end = scanner_.line_end(behind_comments(behind, indent));
  const std::string lines = std::string(indent, ' ') + text;
  if (end == scanner_.bytes().size()) {
    put(end, 0, "\n" + lines.substr(0, lines.size() - 1));
  } else {
    put(scanner_.next_line(end), 0, lines);
  }
}

/// Whether a map gets the member as it is wanted by its `<<`.
bool TextEditor::is_inherited(const Node& before, const Member& wanted) const {
  const auto old = std::ranges::find(before.members(), wanted.key, &Member::key);
  if (old == before.members().end()) {
    return false;
  }
  const auto changed = changed_.find(document_.offset_of(*old).value_or(kNowhere));
  return equal_without_nulls(changed == changed_.end() ? old->value : changed->second,
                             wanted.value);
}

void TextEditor::remove_members(const Parts& parts, const Node& after) {
  for (std::size_t at = 0; at < parts.size(); ++at) {
    auto is_gone = [&](const Part& part) {
      return !part.value->is_null() && after.find(part.member->key) == nullptr;
    };
    if (!is_gone(parts[at])) {
      continue;
    }
    if (scanner_.is_first_on_line(parts[at].start)) {
      const std::size_t line = scanner_.line_start(parts[at].start);
      put(line, scanner_.next_line(parts[at].end) - line, "");
      continue;
    }
    // It stands behind a dash: the next one that stays takes its place.
    std::size_t next = at + 1;
    while (next < parts.size() && is_gone(parts[next])) {
      ++next;
    }
    if (next == parts.size()) {
      has_failed_ = true;
      return;
    }
    remove_behind_dash(parts, at, next);
    at = next;
  }
}

/// Takes away the members from `first`, which stands behind a dash, up to `next`.
void TextEditor::remove_behind_dash(const Parts& parts, std::size_t first, std::size_t next) {
  bool has_comments = false;
  for (std::size_t at = first; at < next; ++at) {
    const std::size_t line = std::min(scanner_.next_line(parts[at].end), parts[at + 1].start);
    has_comments |= has_comment(line, parts[at + 1].start);
  }
  if (!has_comments) {
    put(parts[first].start, parts[next].start - parts[first].start, "");
    return;
  }
  // The dash stays alone on its line, with the comments below it.
  std::size_t from = parts[first].start;
  while (from > 0 && scanner_.at(from - 1) == ' ') {
    --from;
  }
  put(from, scanner_.line_end(parts[first].end) - from, "");
  for (std::size_t at = first + 1; at < next; ++at) {
    const std::size_t line = scanner_.line_start(parts[at].start);
    put(line, scanner_.next_line(parts[at].end) - line, "");
  }
}

void TextEditor::edit_block_map(const Node& before, const Place& place, const Node& after) {
  const Parts parts = members_of(before, place);
  const bool keeps = std::ranges::any_of(parts, [&](const Part& part) {
    return part.value->is_null() || after.find(part.member->key) != nullptr;
  });
  if (!keeps && !parts.empty()) {
    return replace(before, place, after);
  }
  remove_members(parts, after);
  for (const Part& part : parts) {
    if (const Node* wanted = after.find(part.member->key)) {
      changed_.insert_or_assign(part.start, *wanted);
      edit(*part.value, part.place, *wanted);
    }
  }
  const std::size_t indent = scanner_.column(place.start);
  std::string text;
  for (const Member& member : after.members()) {
    const bool is_own = std::ranges::any_of(
        parts, [&](const Part& part) { return part.member->key == member.key; });
    if (!is_own && !member.value.is_null() && !is_inherited(before, member)) {
      text += text.empty() ? "" : std::string(indent, ' ');
      text += print_yaml_block(Node::map({&member, 1}), indent, layout_);
    }
  }
  if (!text.empty() && !has_failed_) {
    insert_lines(end_of(before, place), indent, text);
  }
}

void TextEditor::remove_item(const Parts& parts, std::size_t index) {
  const Part& part = parts[index];
  if (!scanner_.is_first_on_line(part.start)) {
    has_failed_ = true;
    return;
  }
  const std::size_t line = scanner_.line_start(part.start);
  put(line, scanner_.next_line(part.end) - line, "");
}

void TextEditor::edit_block_list(const Node& before, const Place& place, const Node& after) {
  const Parts parts = items_of(before, place);
  const auto pairs = pair_items(before, after);
  std::vector<std::size_t> kept;
  std::ranges::copy_if(pairs, std::back_inserter(kept),
                       [](std::size_t pair) { return pair != std::string::npos; });
  if (has_failed_ || kept.empty() || !std::ranges::is_sorted(kept)) {
    return replace(before, place, after);
  }
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (std::ranges::find(kept, at) == kept.end()) {
      remove_item(parts, at);
    }
  }
  const std::size_t indent = scanner_.column(place.start);
  const Part* last = nullptr;
  std::string text;
  auto flush = [&] {
    if (!text.empty() && last != nullptr) {
      insert_lines(last->end, indent, text.substr(indent));
    } else if (!text.empty() && scanner_.is_first_on_line(parts.front().start)) {
      put(scanner_.line_start(parts.front().start), 0, text);
    } else if (!text.empty()) {
      has_failed_ = true;
    }
    text.clear();
  };
  for (std::size_t at = 0; at < pairs.size(); ++at) {
    if (pairs[at] == std::string::npos) {
      text += std::string(indent, ' ') +
              print_yaml_block(Node::list({&after.items()[at], 1}), indent, layout_);
      continue;
    }
    flush();
    last = &parts[pairs[at]];
    edit(*last->value, last->place, after.items()[at]);
  }
  flush();
}

}  // namespace seaworthy::document
