// Values of all open containers wait on one stack; when a container ends, its own go to their final
// place in the arena and their offsets are noted by address. An alias shares its anchor's branch,
// so that expansion costs no memory; what it would cost those who walk the tree is counted.
//
// Merges follow go.yaml.in/yaml/v2 (decode.go, merge), which kubectl runs: a map's entries take
// effect in their order, so a `<<` overrides the keys before it and is overridden by those behind
// it; of a list, earlier maps win.
#include "document/source_builder.h"

#include <algorithm>
#include <map>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"

namespace seaworthy::document {
namespace {

std::uint32_t to_offset(std::size_t offset) { return static_cast<std::uint32_t>(offset); }

std::string shown(SourcePosition position) {
  return "line " + std::to_string(position.line) + ", column " + std::to_string(position.column);
}

}  // namespace

SourceText::SourceText(std::string_view text, std::string_view name)
    : bytes(text), file(name), line_starts{0} {
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    mark_long_line(line_starts.back(), end);
    line_starts.push_back(to_offset(end + 1));
  }
  mark_long_line(line_starts.back(), text.size());
}

void SourceText::mark_long_line(std::size_t start, std::size_t end) {
  constexpr std::size_t kBytesPerMark = std::size_t{16} * 1024;
  std::size_t next = start + kBytesPerMark;
  if (next > end) {
    return;
  }
  std::uint32_t column = 0;
  for (std::size_t at = start; at < end; at += utf8_length(bytes, at), ++column) {
    if (at >= next) {
      marks.push_back({to_offset(at), column});
      next = at + kBytesPerMark;
    }
  }
}

SourcePosition SourceText::position(std::size_t offset) const {
  offset = std::min(offset, bytes.size());
  const auto line = std::ranges::upper_bound(line_starts, offset) - line_starts.begin();
  std::size_t start = line_starts[static_cast<std::size_t>(line - 1)];
  std::uint32_t column = 1;
  const auto mark = std::ranges::upper_bound(marks, offset, {}, &Mark::offset);
  if (mark != marks.begin() && std::prev(mark)->offset > start) {
    start = std::prev(mark)->offset;
    column += std::prev(mark)->column;
  }
  return {static_cast<std::uint32_t>(line),
          column + to_offset(code_point_count(bytes.substr(start, offset - start)))};
}

Diagnostic SourceText::error(std::size_t offset, std::string message) const {
  Diagnostic diagnostic;
  diagnostic.file = file;
  diagnostic.position = position(offset);
  diagnostic.message = std::move(message);
  const std::size_t start = line_starts[diagnostic.position.line - 1];
  // A line that is a whole program helps nobody.
  constexpr std::size_t kLineMax = 400;
  const auto line = line_of(bytes.substr(start, kLineMax + 1), 1);
  if (line.size() <= kLineMax && is_valid_utf8(line)) {
    diagnostic.source_line = line;
  }
  auto& shown = diagnostic.source_line;
  for (std::size_t at = 0; at < shown.size(); ++at) {  // Nothing that a terminal would obey.
    const auto byte = static_cast<unsigned char>(shown[at]);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7F) {
      shown[at] = ' ';
    } else if (byte == 0xC2 && static_cast<unsigned char>(shown[at + 1]) < 0xA0) {
      shown[at + 1] = '\xA0';  // U+0080 to U+009F: a blank as long
    }
  }
  return diagnostic;
}

void SourceBuilder::start_document(std::size_t offset) {
  entries_.clear();
  frames_.clear();
  anchors_.clear();
  document_ = {};
  document_.text_ = text_;
  root_ = {};
  root_.offset = to_offset(offset);
  nodes_ = alias_nodes_ = 0;
  has_root_ = has_errors_ = gave_up_ = kept_last_ = false;
}

void SourceBuilder::end_document() {
  kept_last_ = !has_errors_ && has_root_ && !root_.value.is_null();
  if (!kept_last_) {
    return;
  }
  const Node* root = arena_.create<Node>(root_.value);
  document_.root_ = root;
  document_.values_.emplace_back(root, root_.offset);
  std::ranges::sort(document_.values_);
  std::ranges::sort(document_.keys_);
  documents_.push_back(std::move(document_));
}

void SourceBuilder::drop_last_document() {
  if (kept_last_) {
    documents_.pop_back();
  }
  kept_last_ = false;
}

void SourceBuilder::report(std::size_t offset, std::string message) {
  has_errors_ = true;
  if (diagnostics_.size() >= limits::kDiagnosticsPerFileMax) {
    return;
  }
  if (diagnostics_.size() + 1 == limits::kDiagnosticsPerFileMax) {
    message = "more mistakes follow, which are not shown";
  }
  diagnostics_.push_back(text_->error(offset, std::move(message)));
}

void SourceBuilder::give_up(std::size_t offset, std::string message) {
  if (gave_up_) {
    return;
  }
  report(offset, std::move(message));
  gave_up_ = true;
}

bool SourceBuilder::admit(std::size_t offset, std::size_t depth) {
  if (gave_up_) {
    return false;
  }
  if (depth > limits::kDocumentDepthMax) {
    give_up(offset, "more than " + std::to_string(limits::kDocumentDepthMax) + " levels");
  } else if (++nodes_ > limits::kDocumentNodesMax) {
    give_up(offset, "more than " + std::to_string(limits::kDocumentNodesMax) + " values");
  }
  return !gave_up_;
}

std::size_t SourceBuilder::near_offset() const {
  if (frames_.empty()) {
    return root_.offset;
  }
  return frames_.back().has_key ? frames_.back().pending.key_offset : frames_.back().self.offset;
}

const Node* SourceBuilder::anchored(std::size_t anchor) const {
  const auto found = anchors_.find(anchor);
  return found == anchors_.end() ? nullptr : &found->second.value;
}

void SourceBuilder::add(Entry entry, std::size_t anchor) {
  if (anchor != 0) {
    anchors_.insert_or_assign(anchor, entry);
  }
  if (frames_.empty()) {
    root_ = entry;
    has_root_ = true;
    return;
  }
  Frame& frame = frames_.back();
  if (frame.is_map) {
    entry.key = frame.pending.key;
    entry.key_offset = frame.pending.key_offset;
    entry.is_merge = frame.pending.is_merge;
    frame.has_key = false;
  }
  entries_.push_back(std::move(entry));
}

void SourceBuilder::scalar(const Node& value, std::size_t offset, std::size_t anchor) {
  if (!admit(offset, frames_.size())) {
    return;
  }
  Entry entry;
  entry.value = value;
  entry.offset = to_offset(offset);
  add(std::move(entry), anchor);
}

void SourceBuilder::key(std::string_view name, std::size_t offset, bool is_merge) {
  if (gave_up_) {
    return;
  }
  Frame& frame = frames_.back();
  frame.has_key = true;
  frame.pending = {};
  frame.pending.key = Key(name);
  frame.pending.key_offset = to_offset(offset);
  frame.pending.is_merge = is_merge;
}

void SourceBuilder::start(bool is_map, std::size_t offset, std::size_t anchor) {
  if (!admit(offset, frames_.size() + 1)) {
    return;
  }
  Frame frame;
  frame.self.offset = to_offset(offset);
  frame.first = entries_.size();
  frame.anchor = anchor;
  frame.is_map = is_map;
  frames_.push_back(std::move(frame));
}

void SourceBuilder::end() {
  if (gave_up_) {
    return;
  }
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  for (std::size_t at = frame.first; at < entries_.size(); ++at) {
    frame.self.nodes =
        std::min<std::uint32_t>(frame.self.nodes + entries_[at].nodes, limits::kDocumentNodesMax);
    frame.self.depth = std::max(frame.self.depth, entries_[at].depth);
  }
  ++frame.self.depth;
  if (frame.is_map) {
    end_map(frame);
  } else {
    end_list(frame);
  }
  entries_.resize(frame.first);
  add(std::move(frame.self), frame.anchor);
}

void SourceBuilder::end_list(Frame& frame) {
  const std::size_t count = entries_.size() - frame.first;
  Node* items = arena_.allocate_array<Node>(count);
  for (std::size_t at = 0; at < count; ++at) {
    const Entry& entry = entries_[frame.first + at];
    document_.values_.emplace_back(std::construct_at(items + at, entry.value), entry.offset);
  }
  frame.self.value = Node::list({items, count});
  // A list that `<<` is given: what its items are is asked when the map ends.
  if (!frames_.empty() && frames_.back().has_key && frames_.back().pending.is_merge) {
    frames_.back().merge_items.assign(entries_.begin() + static_cast<std::ptrdiff_t>(frame.first),
                                      entries_.end());
  }
}

void SourceBuilder::end_map(Frame& frame) {
  report_duplicates(frame.first);
  const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(frame.first);
  if (std::any_of(begin, entries_.end(), [](const Entry& entry) { return entry.is_merge; })) {
    merge(frame);
  }
  const std::size_t count = entries_.size() - frame.first;
  Member* members = arena_.allocate_array<Member>(count);
  frame.self.first_key = to_offset(document_.keys_.size());
  frame.self.first_value = to_offset(document_.values_.size());
  for (std::size_t at = 0; at < count; ++at) {
    const Entry& entry = entries_[frame.first + at];
    const Member* member = std::construct_at(members + at, entry.key, entry.value);
    document_.keys_.emplace_back(member, entry.key_offset);
    document_.values_.emplace_back(&member->value, entry.offset);
  }
  frame.self.value = Node::map({members, count});
}

void SourceBuilder::report_duplicates(std::size_t first) {
  std::vector<const Entry*> sorted;
  for (std::size_t at = first; at < entries_.size(); ++at) {
    sorted.push_back(&entries_[at]);
  }
  // By key, then place: equal keys stand together, the first of them first.
  std::ranges::sort(sorted, [](const Entry* a, const Entry* b) {
    if (a->key.hash() != b->key.hash()) {
      return a->key.hash() < b->key.hash();
    }
    return a->key == b->key ? a < b : a->key.text() < b->key.text();
  });
  std::vector<std::pair<const Entry*, const Entry*>> found;
  for (std::size_t at = 0; at < sorted.size();) {
    const std::size_t head = at;
    for (++at; at < sorted.size() && sorted[at]->key == sorted[head]->key; ++at) {
      found.emplace_back(sorted[at], sorted[head]);
    }
  }
  std::ranges::sort(found);
  if (found.size() > limits::kDiagnosticsPerFileMax) {
    found.resize(limits::kDiagnosticsPerFileMax);
  }
  for (const auto& [again, before] : found) {
    report(again->key_offset,
           "the key '" + std::string(again->key.text()) + "' is already there (" +
               shown(text_->position(before->key_offset)) + "): keep one of them");
  }
}

bool SourceBuilder::merge_map(const Entry& map, std::size_t offset, std::vector<Entry>& into) {
  if (!map.value.is_map()) {
    report(offset, "'<<' takes a map or a list of maps, not this " +
                       std::string(name_of(map.value.kind())));
    return false;
  }
  for (std::size_t at = 0; at < map.value.size(); ++at) {
    Entry entry;
    entry.key = map.value.members()[at].key;
    entry.value = map.value.members()[at].value;
    entry.key_offset = document_.keys_[map.first_key + at].second;
    entry.offset = document_.values_[map.first_value + at].second;
    into.push_back(entry);
  }
  alias_nodes_ += map.value.size();
  return true;
}

void SourceBuilder::merge(Frame& frame) {
  std::vector<Entry> all;
  for (std::size_t at = frame.first; at < entries_.size(); ++at) {
    const Entry& entry = entries_[at];
    if (!entry.is_merge) {
      all.push_back(entry);
    } else if (!entry.value.is_list() || entry.is_alias) {
      merge_map(entry, entry.offset, all);
    } else {
      // Later ones first, so that earlier ones override them.
      for (std::size_t item = frame.merge_items.size(); item-- > 0;) {
        if (!merge_map(frame.merge_items[item], frame.merge_items[item].offset, all)) {
          break;
        }
      }
    }
    if (alias_nodes_ > limits::kYamlAliasNodesMax) {
      give_up(entry.offset, "aliases and merges add more than " +
                                std::to_string(limits::kYamlAliasNodesMax) + " values");
      return;
    }
  }
  std::map<std::string_view, std::size_t> places;
  entries_.resize(frame.first);
  for (Entry& entry : all) {
    const auto [place, added] = places.emplace(entry.key.text(), entries_.size());
    if (added) {
      entries_.push_back(entry);
    } else {
      entries_[place->second] = entry;
    }
  }
}

void SourceBuilder::alias(std::size_t anchor, std::size_t offset) {
  if (gave_up_) {
    return;
  }
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    return give_up(offset, "the anchor contains itself");
  }
  Entry entry = found->second;
  if (!admit(offset, frames_.size() + entry.depth)) {
    return;
  }
  alias_nodes_ += entry.nodes;
  if (alias_nodes_ > limits::kYamlAliasNodesMax) {
    return give_up(offset, "aliases and merges add more than " +
                               std::to_string(limits::kYamlAliasNodesMax) + " values");
  }
  entry.offset = to_offset(offset);
  entry.is_alias = true;
  add(std::move(entry), 0);
}

}  // namespace seaworthy::document
