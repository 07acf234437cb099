// Where the parts of a document stand. Its tree knows where values and keys begin; where they end
// is scanned for. Text order is tree order but for what a `<<` has merged, whose keys stand
// elsewhere, before the map itself.
#include <algorithm>

#include "document/text_editor.h"

namespace seaworthy::document {

bool TextEditor::is_flow(const Place& place) const {
  const char first = scanner_.at(place.start);
  return first == '{' || first == '[';
}

bool TextEditor::is_alias(const Place& place) const {
  return !place.left_out && scanner_.at(place.start) == '*';
}

TextEditor::Place TextEditor::place_of(const Node& value, std::size_t floor, const Place& parent) {
  Place place;
  place.floor = floor;
  place.in_flow = parent.in_flow || is_flow(parent);
  place.outer = place.in_flow ? parent.outer : scanner_.column(parent.start);
  const auto offset = document_.offset_of(value);
  place.left_out = !offset || *offset < floor;
  place.start = place.left_out ? floor : *offset;
  return place;
}

TextEditor::Parts TextEditor::parts_of(const Node& node, const Place& place) {
  return node.is_map() ? members_of(node, place) : items_of(node, place);
}

TextEditor::Parts TextEditor::members_of(const Node& map, const Place& place) {
  Parts parts;
  for (const Member& member : map.members()) {
    const auto key = document_.offset_of(member);
    if (!key || *key < place.start) {
      continue;  // merged
    }
    const std::size_t key_end = scanner_.scalar_end(*key, is_flow(place), place.outer);
    const std::size_t colon =
        is_flow(place) ? scanner_.skip_space(key_end) : scanner_.skip_blanks(key_end);
    if (scanner_.at(colon) != ':') {
      has_failed_ = true;
      return {};
    }
    Part part;
    part.value = &member.value;
    part.member = &member;
    part.start = *key;
    part.place = place_of(member.value, colon + 1, place);
    part.end = end_of(member.value, part.place);
    parts.push_back(part);
  }
  std::ranges::sort(parts, {}, &Part::start);
  return parts;
}

TextEditor::Parts TextEditor::items_of(const Node& list, const Place& place) {
  Parts parts;
  std::size_t at = is_flow(place) ? place.start + 1 : place.start;
  for (const Node& item : list.items()) {
    at = scanner_.skip_space(at);
    if (!is_flow(place) && scanner_.at(at) != '-') {
      has_failed_ = true;
      return {};
    }
    Part part;
    part.value = &item;
    part.start = at;
    part.place = place_of(item, is_flow(place) ? at : at + 1, place);
    part.place.in_list = true;
    part.end = end_of(item, part.place);
    at = part.end;
    if (is_flow(place)) {
      at = scanner_.skip_space(at);
      at += scanner_.at(at) == ',' ? 1 : 0;
    }
    parts.push_back(part);
  }
  return parts;
}

std::size_t TextEditor::end_of(const Node& node, const Place& place) {
  if (place.left_out) {
    return place.floor;
  }
  const bool has_parts = node.is_map() || node.is_list();
  if (is_alias(place) || !has_parts) {
    return scanner_.scalar_end(place.start, place.in_flow, place.outer);
  }
  if (is_flow(place)) {
    return scanner_.flow_end(place.start);
  }
  if (place.in_flow) {  // [a: b]
    has_failed_ = true;
    return place.start;
  }
  // Of the parts only the last one's end is asked for, but a dash is found behind the item before.
  const Parts parts = parts_of(node, place);
  const std::size_t end = parts.empty() ? place.start : parts.back().end;
  return node.is_map() ? behind_merges(end, place) : end;
}

/// Behind the `<<` of a block map that stand behind its last member.
std::size_t TextEditor::behind_merges(std::size_t end, const Place& place) const {
  const std::size_t indent = scanner_.column(place.start);
  for (;;) {
    const std::size_t next = scanner_.skip_space(end);
    const bool is_merge =
        scanner_.bytes().substr(std::min(next, scanner_.bytes().size())).starts_with("<<") &&
        scanner_.column(next) == indent;
    const std::size_t colon = is_merge ? scanner_.skip_blanks(next + 2) : 0;
    if (!is_merge || scanner_.at(colon) != ':') {
      return end;
    }
    const std::size_t value = scanner_.skip_space(colon + 1);
    const char first = scanner_.at(value);
    end = first == '{' || first == '[' ? scanner_.flow_end(value)
                                       : scanner_.scalar_end(value, false, indent);
  }
}

/// The name of the anchor that a value has; empty where it has none.
std::string_view TextEditor::anchor_of(const Place& place) const {
  const std::string_view bytes = scanner_.bytes();
  for (std::size_t at = scanner_.skip_space(place.floor); at < place.start;) {
    const std::size_t end = std::min(bytes.find_first_of(" \t\r\n,[]{}", at), bytes.size());
    if (bytes[at] == '&') {
      return bytes.substr(at + 1, end - at - 1);
    }
    if (bytes[at] != '!') {
      break;
    }
    at = scanner_.skip_space(end);
  }
  return {};
}

/// What most of the document's block maps and lists are indented by.
void TextEditor::learn_layout(const Node& root, const Place& root_place) {
  std::map<std::size_t, std::size_t> steps;
  std::map<std::size_t, std::size_t> list_indents;
  std::map<std::size_t, std::size_t> dashes;
  auto visit = [&](auto&& self, const Node& node, const Place& place) -> void {
    if ((!node.is_map() && !node.is_list()) || node.size() == 0 || is_flow(place) ||
        place.in_flow || is_alias(place)) {
      return;
    }
    const std::size_t column = scanner_.column(place.start);
    for (const Part& part : parts_of(node, place)) {
      const bool has_block = (part.value->is_map() || part.value->is_list()) &&
                             part.value->size() > 0 && !is_flow(part.place) &&
                             !is_alias(part.place);
      if (!has_block || scanner_.column(part.place.start) < column) {
        continue;
      }
      const std::size_t inner = scanner_.column(part.place.start) - column;
      auto& counts = part.member == nullptr ? dashes : part.value->is_map() ? steps : list_indents;
      ++counts[inner];
      self(self, *part.value, part.place);
    }
  };
  visit(visit, root, root_place);
  auto most = [](const auto& counts, std::size_t none) {
    const auto found =
        std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
    return found == counts.end() ? none : found->first;
  };
  layout_.step = std::max<std::size_t>(most(steps, 2), 1);
  layout_.list_indent = most(list_indents, 0);
  layout_.dash = std::max<std::size_t>(most(dashes, 2), 2);
}

}  // namespace seaworthy::document
