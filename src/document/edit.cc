// Edits make a new spine over old branches: the changed map or list is copied shallowly, what it
// holds is shared.
#include "seaworthy/document/edit.h"

#include <algorithm>
#include <string>

#include "seaworthy/base/check.h"

namespace seaworthy::document {
namespace {

std::span<Member> copy_members(std::span<const Member> members, std::size_t room, Arena& arena) {
  Member* copied = arena.allocate_array<Member>(room);
  std::uninitialized_copy(members.begin(), members.end(), copied);
  return {copied, room};
}

Result<Node> with_value_at(const Node& node, const Path& path, std::size_t depth, const Node& value,
                           Arena& arena) {
  if (depth == path.steps().size()) {
    return value;
  }
  auto refuse = [&](const std::string& reason) {
    const Path reached(std::vector<PathStep>(
        path.steps().begin(), path.steps().begin() + static_cast<std::ptrdiff_t>(depth)));
    return fail(ErrorCode::kInvalid, "cannot set " + path.text() + ": " +
                                         (depth == 0 ? std::string("the root") : reached.text()) +
                                         " " + reason);
  };
  const PathStep& step = path.steps()[depth];
  const auto* index = std::get_if<std::size_t>(&step);
  if (node.is_list()) {
    if (index == nullptr) {
      return refuse("is a list and has no member '" + std::get<std::string>(step) + "'");
    }
    if (*index >= node.size()) {
      return refuse("has " + std::to_string(node.size()) + " items");
    }
    SEAWORTHY_TRY(const Node item,
                  with_value_at(node.items()[*index], path, depth + 1, value, arena));
    return with_item(node, *index, item, arena);
  }
  if (!node.is_map() && !node.is_null()) {
    return refuse("is a " + std::string(name_of(node.kind())));
  }
  if (node.is_null() && index != nullptr) {
    return refuse("has no items");
  }
  const std::string name = index == nullptr ? std::get<std::string>(step) : std::to_string(*index);
  SEAWORTHY_TRY(const Node member, with_value_at(node[Key(name)], path, depth + 1, value, arena));
  return with_member(node, name, member, arena);
}

}  // namespace

Node with_member(const Node& map, std::string_view name, const Node& value, Arena& arena) {
  SEAWORTHY_CHECK(map.is_map() || map.is_null());
  const Key key(name);
  const auto members = map.members();
  const auto found = std::ranges::find(members, key, &Member::key);
  const bool present = found != members.end();
  auto copied = copy_members(members, members.size() + (present ? 0 : 1), arena);
  if (present) {
    copied[static_cast<std::size_t>(found - members.begin())].value = value;
  } else {
    std::construct_at(&copied.back(), Key(arena.copy(name)), value);
  }
  return Node::map(copied);
}

Node without_member(const Node& map, std::string_view name, Arena& arena) {
  const Key key(name);
  const auto members = map.members();
  const auto found = std::ranges::find(members, key, &Member::key);
  if (found == members.end()) {
    return map;
  }
  Member* copied = arena.allocate_array<Member>(members.size() - 1);
  std::uninitialized_copy(found + 1, members.end(),
                          std::uninitialized_copy(members.begin(), found, copied));
  return Node::map({copied, members.size() - 1});
}

Node with_item(const Node& list, std::size_t index, const Node& value, Arena& arena) {
  SEAWORTHY_CHECK(index < list.items().size());
  Node* copied = arena.allocate_array<Node>(list.size());
  std::ranges::uninitialized_copy(list.items(), std::span(copied, list.size()));
  copied[index] = value;
  return Node::list({copied, list.size()});
}

Node with_appended(const Node& list, const Node& value, Arena& arena) {
  SEAWORTHY_CHECK(list.is_list() || list.is_null());
  const std::size_t count = list.items().size();
  Node* copied = arena.allocate_array<Node>(count + 1);
  std::ranges::uninitialized_copy(list.items(), std::span(copied, count));
  std::construct_at(copied + count, value);
  return Node::list({copied, count + 1});
}

Result<Node> with_value(const Node& root, const Path& path, const Node& value, Arena& arena) {
  return with_value_at(root, path, 0, value, arena);
}

Node deep_copy(const Node& node, Arena& arena) {
  if (node.is_string()) {
    return make_string(node.as_string(), arena);
  }
  if (node.is_list()) {
    Node* items = arena.allocate_array<Node>(node.size());
    std::size_t count = 0;
    for (const Node& item : node.items()) {
      std::construct_at(items + count++, deep_copy(item, arena));
    }
    return Node::list({items, count});
  }
  if (node.is_map()) {
    Member* members = arena.allocate_array<Member>(node.size());
    std::size_t count = 0;
    for (const Member& member : node.members()) {
      std::construct_at(members + count++, Key(arena.copy(member.key.text())),
                        deep_copy(member.value, arena));
    }
    return Node::map({members, count});
  }
  return node;
}

MapBuilder& MapBuilder::add(std::string_view name, const Node& value) {
  const Key key(arena_->copy(name));
  SEAWORTHY_CHECK(std::ranges::find(members_, key, &Member::key) == members_.end());
  members_.push_back({key, value});
  return *this;
}

Node MapBuilder::build() const {
  return Node::map(arena_->copy(std::span<const Member>(members_)));
}

Node make_list(std::span<const Node> items, Arena& arena) { return Node::list(arena.copy(items)); }

Node make_string(std::string_view text, Arena& arena) { return Node::string(arena.copy(text)); }

}  // namespace seaworthy::document
