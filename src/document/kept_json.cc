// Both texts are walked together. As long as their bytes are the same, a reader of JSON would be in
// the same state in both; where they differ, both are somewhere in the same string, which is read
// to its end in each, and the walk goes on from the two closing quotes.
#include "seaworthy/document/kept_json.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace seaworthy::document {
namespace {

constexpr std::string_view kAnyItem = "*";

/// How many bytes at the beginning are the same.
std::size_t common_prefix(std::string_view a, std::string_view b) {
  static_assert(std::endian::native == std::endian::little);
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= size; at += sizeof(std::uint64_t)) {
    std::uint64_t one = 0;
    std::uint64_t other = 0;
    std::memcpy(&one, a.data() + at, sizeof(one));
    std::memcpy(&other, b.data() + at, sizeof(other));
    if (one != other) {
      return at + static_cast<std::size_t>(std::countr_zero(one ^ other)) / 8;
    }
  }
  while (at < size && a[at] == b[at]) {
    ++at;
  }
  return at;
}

/// The contents of a string as they are written.
struct Quoted {
  std::string_view text;
  bool plain = true;  ///< They mean themselves.
};

/// The string whose opening quote stands before `begin`; nothing where it does not end.
std::optional<Quoted> read_quoted(std::string_view text, std::size_t begin) {
  bool plain = true;
  for (std::size_t at = begin; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"') {
      return Quoted{.text = text.substr(begin, at - begin), .plain = plain};
    }
    if (byte == '\\') {
      ++at;
      plain = false;
    } else if (byte < 0x20 || byte >= 0x80) {
      plain = false;
    }
  }
  return std::nullopt;
}

}  // namespace

/// Finds the strings of a document in its text and in its tree, and says which are the same.
class KeptJsonIndexer {
 public:
  explicit KeptJsonIndexer(KeptJson& kept) : kept_(&kept) {}

  /// False where they are not in the same order: a key that comes twice.
  bool index() {
    if (!kept_->root_.is_map() && !kept_->root_.is_list()) {
      return false;
    }
    kept_->steps_.push_back({});
    add(kept_->root_, 0, {});
    return find_in_text() && members_ == keys_;
  }

 private:
  void add(Node& node, std::uint32_t step, std::string_view name) {
    if (node.is_string()) {
      kept_->texts_.push_back(
          {.begin = 0, .end = 0, .step = step, .name = name, .node = &node, .original = node});
      return;
    }
    if (!node.is_list() && !node.is_map()) {
      return;
    }
    if (&node != &kept_->root_) {
      kept_->steps_.push_back({.parent = step, .name = name});
      step = static_cast<std::uint32_t>(kept_->steps_.size() - 1);
    }
    for (const Node& item : node.items()) {
      add(changeable(item), step, kAnyItem);
    }
    members_ += node.members().size();
    for (const Member& member : node.members()) {
      add(changeable(member.value), step, member.key.text());
    }
  }

  /// The nodes of the document's own arena were made as what may change: only the view of them is
  /// constant.
  static Node& changeable(const Node& node) { return const_cast<Node&>(node); }

  bool find_in_text() {
    const std::string_view text = kept_->bytes_;
    std::size_t found = 0;
    for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
      const auto quoted = read_quoted(text, at + 1);
      if (!quoted) {
        return false;
      }
      const std::size_t begin = at + 1;
      const std::size_t end = begin + quoted->text.size();
      at = end + 1;
      const std::size_t next = text.find_first_not_of(" \t\r\n", at);
      if (next != std::string_view::npos && text[next] == ':') {
        ++keys_;
        continue;
      }
      if (found == kept_->texts_.size()) {
        return false;
      }
      kept_->texts_[found].begin = static_cast<std::uint32_t>(begin);
      kept_->texts_[found].end = static_cast<std::uint32_t>(end);
      ++found;
    }
    return found == kept_->texts_.size();
  }

  KeptJson* kept_;
  std::size_t members_ = 0;  ///< Of the tree.
  std::size_t keys_ = 0;     ///< Of the text.
};

Result<std::optional<KeptJson>> KeptJson::make(std::string_view bytes, JsonParser& parser) {
  KeptJson kept;
  SEAWORTHY_TRY(kept.root_, parser.parse(bytes, kept.arena_));
  kept.bytes_ = bytes;
  if (!KeptJsonIndexer(kept).index()) {
    return std::nullopt;
  }
  return kept;
}

bool KeptJson::compare(std::string_view bytes, std::size_t changes_max, JsonParser& parser,
                       Arena& arena, std::vector<Change>& changes) const {
  const std::string_view mine = bytes_;
  std::size_t at = 0;
  std::size_t other = 0;
  auto text = texts_.begin();
  for (;;) {
    const std::size_t common = common_prefix(mine.substr(at), bytes.substr(other));
    at += common;
    other += common;
    if (at == mine.size() || other == bytes.size()) {
      return at == mine.size() && other == bytes.size();
    }
    text = std::lower_bound(text, texts_.end(), at,
                            [](const Text& each, std::size_t place) { return each.end < place; });
    if (text == texts_.end() || text->begin > at || changes.size() == changes_max) {
      return false;
    }
    const auto quoted = read_quoted(bytes, other - (at - text->begin));
    if (!quoted) {
      return false;
    }
    Node value = Node::string(quoted->text);
    if (!quoted->plain) {
      const auto read = parser.parse({quoted->text.data() - 1, quoted->text.size() + 2}, arena);
      if (!read) {
        return false;
      }
      value = *read;
    }
    changes.push_back({.text = static_cast<std::uint32_t>(text - texts_.begin()), .value = value});
    at = text->end;
    other = static_cast<std::size_t>(quoted->text.data() + quoted->text.size() - bytes.data());
    ++text;
  }
}

KeptJson::Reading::Reading(KeptJson& kept, std::span<const Change> changes)
    : kept_(&kept), changes_(changes) {
  for (const Change& change : changes_) {
    *kept_->texts_[change.text].node = change.value;
  }
}

KeptJson::Reading::~Reading() {
  for (const Change& change : changes_) {
    const Text& text = kept_->texts_[change.text];
    *text.node = text.original;
  }
}

std::vector<std::string_view> KeptJson::path(std::uint32_t text) const {
  std::vector<std::string_view> path{texts_[text].name};
  for (std::uint32_t step = texts_[text].step; step != 0; step = steps_[step].parent) {
    path.push_back(steps_[step].name);
  }
  std::ranges::reverse(path);
  return path;
}

std::size_t KeptJson::held_bytes() const {
  return bytes_.capacity() + arena_.held_bytes() + steps_.capacity() * sizeof(Step) +
         texts_.capacity() * sizeof(Text);
}

}  // namespace seaworthy::document
