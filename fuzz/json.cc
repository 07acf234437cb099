#include "seaworthy/document/json.h"

#include <string>
#include <string_view>
#include <vector>

#include "document/json_reader.h"
#include "entries.h"
#include "seaworthy/admission/review.h"
#include "seaworthy/base/check.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::fuzz {
namespace {

using document::Key;
using document::Member;
using document::Node;

/// The tree of the slower reader's events, made as plainly as can be.
class PlainBuilder final : public document::JsonEvents {
 public:
  explicit PlainBuilder(Arena& arena) : arena_(&arena), open_(1) {}

  void on_scalar(const Node& value, std::size_t) override { put(value); }

  void on_key(std::string_view name, std::size_t) override { open_.back().key = Key(name); }

  void on_map_start(std::size_t) override { open_.emplace_back(); }

  void on_list_start(std::size_t) override { open_.emplace_back(); }

  void on_map_end() override {
    const auto members = std::move(open_.back().members);
    Node map = Node::map({});
    for (const Member& member : members) {  // of one name the last stays, in the first's place
      map = document::with_member(map, member.key.text(), member.value, *arena_);
    }
    close(map);
  }

  void on_list_end() override {
    std::vector<Node> items;
    for (const Member& member : open_.back().members) {
      items.push_back(member.value);
    }
    close(document::make_list(items, *arena_));
  }

  [[nodiscard]] Node root() const {
    SEAWORTHY_CHECK(open_.size() == 1 && open_.back().members.size() == 1);
    return open_.back().members.front().value;
  }

 private:
  struct Open {
    Key key;
    std::vector<Member> members;
  };

  void put(const Node& value) { open_.back().members.push_back({open_.back().key, value}); }

  void close(const Node& node) {
    open_.pop_back();
    put(node);
  }

  Arena* arena_;
  std::vector<Open> open_;
};

/// Without what the path names.
Node without(const Node& node, std::span<const std::string_view> path, Arena& arena) {
  if (!node.is_map()) {
    return node;
  }
  Node map = Node::map({});
  for (const Member& member : node.members()) {
    const bool on_path = path.front() == "*" || path.front() == member.key.text();
    if (on_path && path.size() == 1) {
      continue;
    }
    const Node value = on_path ? without(member.value, path.subspan(1), arena) : member.value;
    map = document::with_member(map, member.key.text(), value, arena);
  }
  return map;
}

bool is_utf8(std::string_view text) {
  return document::find_invalid_utf8(text) == std::string_view::npos;
}

}  // namespace

void json(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Arena arena;
  PlainBuilder events(arena);
  const bool reads =
      is_utf8(text) && !document::read_json_events(text, limits::kDocumentDepthMax, arena, events);
  const std::string slowly = reads ? document::print_json(events.root()) : "";
  document::JsonParser parser;
  for (int time = 0; time < 2; ++time) {  // the buffers that are kept change nothing
    const auto tree = parser.parse(text, arena);
    SEAWORTHY_CHECK(tree.has_value() == reads);
    SEAWORTHY_CHECK(!reads || document::print_json(*tree) == slowly);
    SEAWORTHY_CHECK(reads || !tree.error().message.empty());
  }
  const auto skipped = admission::kManagedFieldsPath;
  const auto rest = parser.parse(text, arena, {.skipped = skipped});
  if (reads) {
    // What only the slower reader can read is read whole.
    SEAWORTHY_CHECK(rest.has_value());
    const std::string printed = document::print_json(*rest);
    SEAWORTHY_CHECK(printed == slowly ||
                    printed == document::print_json(without(events.root(), skipped, arena)));
    // A large double is printed as a whole number of fewer digits, a negative zero as an integer's:
    // so the second print is the one that stays.
    const auto again = document::parse_json(slowly, arena);
    SEAWORTHY_CHECK(again.has_value());
    const std::string second = document::print_json(*again);
    const auto last = document::parse_json(second, arena);
    SEAWORTHY_CHECK(last && document::print_json(*last) == second);
  } else if (text.find("managedFields") == std::string::npos &&
             text.find('\\') == std::string::npos) {
    SEAWORTHY_CHECK(!rest.has_value());
  }
}

}  // namespace seaworthy::fuzz
