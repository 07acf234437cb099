#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/path.h"

namespace seaworthy::document {

/// A copy of `map` with the member set (in its place, or last). A null node is taken as {}.
/// Unchanged parts are shared.
Node with_member(const Node& map, std::string_view name, const Node& value, Arena& arena);
/// A copy of `map` without the member.
Node without_member(const Node& map, std::string_view name, Arena& arena);
/// A copy of `list` with the item replaced; `index` must be inside.
Node with_item(const Node& list, std::size_t index, const Node& value, Arena& arena);
/// A copy of `list` with `value` last. A null node is taken as [].
Node with_appended(const Node& list, const Node& value, Arena& arena);
/// A copy of `root` with the value at `path` set; absent maps on the way are made, an index must
/// exist. Errors: kInvalid (an index that is not there, a step through a scalar).
Result<Node> with_value(const Node& root, const Path& path, const Node& value, Arena& arena);
/// A copy of the tree in `arena`, texts included: for what must outlive its own arena.
Node deep_copy(const Node& node, Arena& arena);

/// Makes a map in an arena: `MapBuilder(arena).add("a", Node::integer(1)).build()`.
class MapBuilder {
 public:
  explicit MapBuilder(Arena& arena) : arena_(&arena) {}

  /// `name` is copied into the arena. Adding a name twice is a bug.
  MapBuilder& add(std::string_view name, const Node& value);
  [[nodiscard]] Node build() const;

 private:
  Arena* arena_;
  std::vector<Member> members_;
};

/// A list in `arena`.
Node make_list(std::span<const Node> items, Arena& arena);
/// A string in `arena`.
Node make_string(std::string_view text, Arena& arena);

}  // namespace seaworthy::document
