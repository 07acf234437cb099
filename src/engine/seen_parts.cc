// A part is printed as policies see it: the fields that they ask for, each with its number, values
// as they came, everything with its length, so that no two parts have one print. Prints are
// compared byte by byte; their hash only says where to look, so one made to collide costs its
// neighbour a place and nothing else.
#include "seaworthy/engine/seen_parts.h"

#include <cstring>
#include <span>
#include <string_view>

namespace seaworthy::engine {
namespace {

using document::Kind;
using document::Member;
using document::Node;
using policy::Each;
using policy::FieldRoot;

class Print {
 public:
  explicit Print(std::span<char> room) : room_(room) {}

  void number(std::uint64_t number) { bytes(&number, sizeof(number)); }

  void text(std::string_view text) {
    number(text.size());
    bytes(text.data(), text.size());
  }

  void node(const Node& node) {
    const std::uint64_t head = std::uint64_t{node.size()} << 8 | static_cast<unsigned>(node.kind());
    number(head);
    switch (node.kind()) {
      case Kind::kString:
        return bytes(node.as_string().data(), node.size());
      case Kind::kList:
        for (const Node& item : node.items()) {
          this->node(item);
        }
        return;
      case Kind::kMap:
        for (const Member& member : node.members()) {
          text(member.key.text());
          this->node(member.value);
        }
        return;
      default:
        return number(node.payload());
    }
  }

  void fields(const policy::FieldIndex& index, FieldRoot root, const Node& node,
              const policy::FieldSet& wanted) {
    if (!node.is_map()) {
      number(0);
      return this->node(node);
    }
    number(1);
    index.visit(root, node, wanted, [&](std::size_t place, const Node& value) {
      number(place + 2);
      this->node(value);
    });
  }

  /// Nothing where there was no room for all of it.
  [[nodiscard]] std::optional<std::string_view> text() const {
    return full_ ? std::nullopt : std::optional(std::string_view(room_.data(), size_));
  }

 private:
  void bytes(const void* from, std::size_t size) {
    if (full_ || size > room_.size() - size_) {
      full_ = true;
    } else if (size > 0) {
      std::memcpy(room_.data() + size_, from, size);
      size_ += size;
    }
  }

  std::span<char> room_;
  std::size_t size_ = 0;
  bool full_ = false;
};

}  // namespace

void SeenParts::use(const std::shared_ptr<const policy::FieldIndex>& fields) {
  if (fields_ != fields) {
    entries_.clear();
    fields_ = fields;
  }
}

SeenParts::Recollection SeenParts::recall(Each each, const Target& target,
                                          const Target::Part& part) {
  const auto& wanted = fields_->decisive(each);
  const auto& pod = target.pod();
  Print print(room_);
  print.number(static_cast<std::uint64_t>(each) << 8 |
               static_cast<std::uint64_t>(part.container_kind));
  print.fields(*fields_, FieldRoot::kObject, target.object(), wanted);
  print.fields(*fields_, FieldRoot::kPod, pod ? pod->spec : Node(), wanted);
  print.fields(*fields_, FieldRoot::kPodMetadata, pod ? pod->metadata : Node(), wanted);
  if (each == Each::kContainer) {
    print.fields(*fields_, FieldRoot::kContainer, part.node, wanted);
  }
  print.text(part.image);
  const auto text = print.text();
  if (!text) {
    return {};
  }
  if (entries_.empty()) {
    entries_.resize(limits::kSeenPartsMax);
  }
  Entry& entry = entries_[document::hash_key(*text) % entries_.size()];
  if (entry.outcomes.empty() || entry.print != *text) {
    entry.print = *text;
    entry.outcomes.assign(fields_->policies, std::nullopt);
    ++entry.turn;
  }
  return Recollection(entry);
}

}  // namespace seaworthy::engine
