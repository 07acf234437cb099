// Flow style, which is JSON's: what is added follows the last part, on a line of its own where that
// has one. Where something is removed the whole list or map is written anew, unless that would cost
// a comment: then what is removed is cut out of a map, and a list stays unwritten.
#include <algorithm>

#include "document/text_editor.h"
#include "seaworthy/document/text_edit.h"

namespace seaworthy::document {

std::string TextEditor::lead_of_line(std::size_t offset) const {
  const std::size_t start = scanner_.line_start(offset);
  return std::string(scanner_.bytes().substr(start, scanner_.skip_blanks(start) - start));
}

/// How a value that stands there is written.
FlowLayout TextEditor::flow_layout(const Place& place) const {
  FlowLayout layout = json_;
  if (layout.is_tall) {
    layout.indent = lead_of_line(place.floor);
  }
  return layout;
}

/// Whether a comment begins there; quotes within a plain text may hide one.
bool TextEditor::has_comment(std::size_t from, std::size_t to) const {
  while (from < to) {
    const char byte = scanner_.at(from);
    if (byte == '#' && (from == 0 || scanner_.skip_space(from - 1) > from)) {
      return true;
    }
    from = byte == '"' || byte == '\'' ? scanner_.quote_end(from) : from + 1;
  }
  return false;
}

/// Each with its comma, and with its line where it has one of its own; a comma that is left before
/// the closing brace is YAML's.
void TextEditor::remove_from_flow(const Parts& parts, const Node& after) {
  for (const Part& part : parts) {
    if (part.value->is_null() || after.find(part.member->key) != nullptr) {
      continue;
    }
    std::size_t end = part.end;
    const std::size_t comma = scanner_.skip_blanks(end);
    if (scanner_.at(comma) == ',') {
      end = comma + 1;
    }
    const std::size_t rest = scanner_.skip_blanks(end);
    if (scanner_.is_first_on_line(part.start) && rest == scanner_.line_end(end)) {
      const std::size_t line = scanner_.line_start(part.start);
      put(line, scanner_.next_line(end) - line, "");
    } else {
      // A comment keeps a blank before it, and the line's end none.
      const bool takes_blanks = rest < scanner_.line_end(end) &&
                                (scanner_.at(rest) != '#' || scanner_.at(part.start - 1) == ' ');
      put(part.start, (takes_blanks ? rest : end) - part.start, "");
    }
  }
}

void TextEditor::append_to_flow(const Part& last, const std::vector<Member>& members,
                                const std::vector<Node>& items) {
  FlowLayout layout = flow_layout(last.place);
  layout.is_json |= last.member != nullptr && scanner_.at(last.start) == '"';
  const bool is_tall = scanner_.is_first_on_line(last.start);
  layout.is_tight |=
      layout.is_json && !is_tall && last.member != nullptr && last.place.start == last.place.floor;
  layout.is_tall &= is_tall;
  layout.indent = is_tall ? lead_of_line(last.start) : layout.indent;
  const std::string before = is_tall ? "\n" + layout.indent : layout.is_tight ? "" : " ";
  std::string text;
  auto add = [&](const std::string& part) { text += (text.empty() ? "" : ",") + before + part; };
  for (const Member& member : members) {
    add(print_flow_key(member.key.text(), layout) + (layout.is_tight ? ":" : ": ") +
        print_flow(member.value, layout));
  }
  for (const Node& item : items) {
    add(print_flow(item, layout));
  }
  const std::size_t next = scanner_.skip_space(last.end);
  const bool has_comma = scanner_.at(next) == ',';
  std::size_t behind = has_comma ? next + 1 : last.end;
  const char rest = scanner_.at(scanner_.skip_blanks(behind));
  const bool ends_line = rest == '\n' || rest == '\r' || rest == '#';
  if (!has_comma) {
    put(last.end, 0, ",");
  }
  if (is_tall && ends_line) {
    behind = scanner_.line_end(behind);  // behind its comment
  }
  put(behind, 0, has_comma ? text + "," : text);
}

void TextEditor::edit_flow(const Node& before, const Place& place, const Node& after) {
  const Parts parts = parts_of(before, place);
  if (has_failed_ || parts.empty()) {
    return replace(before, place, after);
  }
  std::vector<Member> members;
  std::vector<Node> items;
  if (before.is_map()) {
    const bool keeps_all = std::ranges::all_of(parts, [&](const Part& part) {
      return part.value->is_null() || after.find(part.member->key) != nullptr;
    });
    if (!keeps_all && !has_comment(place.start, scanner_.flow_end(place.start))) {
      return replace(before, place, after);
    }
    if (!keeps_all) {
      remove_from_flow(parts, after);
    }
    for (const Part& part : parts) {
      if (const Node* wanted = after.find(part.member->key)) {
        changed_.insert_or_assign(part.start, *wanted);
        edit(*part.value, part.place, *wanted);
      }
    }
    for (const Member& member : after.members()) {
      const bool is_own = std::ranges::any_of(
          parts, [&](const Part& part) { return part.member->key == member.key; });
      if (!is_own && !member.value.is_null() && !is_inherited(before, member)) {
        members.push_back(member);
      }
    }
  } else {
    const auto pairs = pair_items(before, after);
    for (std::size_t at = 0; at < parts.size(); ++at) {
      if (at >= pairs.size() || pairs[at] != at) {
        has_failed_ |= has_comment(place.start, scanner_.flow_end(place.start));
        return replace(before, place, after);
      }
    }
    for (std::size_t at = 0; at < pairs.size(); ++at) {
      if (at < parts.size()) {
        edit(*parts[at].value, parts[at].place, after.items()[at]);
      } else {
        items.push_back(after.items()[at]);
      }
    }
  }
  if (!members.empty() || !items.empty()) {
    const Part& last = parts.back();
    has_failed_ |= last.member != nullptr && !last.value->is_null() &&
                   after.find(last.member->key) == nullptr;  // there is nothing to stand behind
    append_to_flow(parts.back(), members, items);
  }
}

}  // namespace seaworthy::document
