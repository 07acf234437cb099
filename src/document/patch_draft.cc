#include "document/patch_draft.h"

#include <algorithm>

namespace seaworthy::document {

bool Draft::open() {
  if (opened_) {
    return true;
  }
  if (!node_.is_map() && !node_.is_list()) {
    return false;
  }
  opened_ = std::make_unique<Opened>();
  opened_->values.reserve(node_.size() + 1);
  for (const Node& item : node_.items()) {
    opened_->values.emplace_back(item);
  }
  for (const Member& member : node_.members()) {
    opened_->keys.push_back(member.key);
    opened_->values.emplace_back(member.value);
  }
  return true;
}

Node Draft::freeze(Arena& arena) const {
  if (!opened_) {
    return node_;
  }
  const std::size_t count = opened_->values.size();
  if (node_.is_list()) {
    Node* items = arena.allocate_array<Node>(count);
    for (std::size_t at = 0; at < count; ++at) {
      std::construct_at(items + at, opened_->values[at].freeze(arena));
    }
    return Node::list({items, count});
  }
  Member* members = arena.allocate_array<Member>(count);
  for (std::size_t at = 0; at < count; ++at) {
    std::construct_at(members + at, opened_->keys[at], opened_->values[at].freeze(arena));
  }
  return Node::map({members, count});
}

Draft* Draft::find(std::string_view name) {
  const auto found = std::ranges::find(opened_->keys, Key(name));
  return found == opened_->keys.end()
             ? nullptr
             : &opened_->values[static_cast<std::size_t>(found - opened_->keys.begin())];
}

void Draft::set(std::string_view name, Draft value, Arena& arena) {
  if (Draft* found = find(name)) {
    *found = std::move(value);
    return;
  }
  opened_->keys.emplace_back(arena.copy(name));
  opened_->values.push_back(std::move(value));
}

bool Draft::remove(std::string_view name) {
  const auto found = std::ranges::find(opened_->keys, Key(name));
  if (found == opened_->keys.end()) {
    return false;
  }
  opened_->values.erase(opened_->values.begin() + (found - opened_->keys.begin()));
  opened_->keys.erase(found);
  return true;
}

}  // namespace seaworthy::document
