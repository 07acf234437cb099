// The difference of two trees, walked side by side. Operations on a list are given so that each
// index is right when its turn comes: removals from the back to the front, then changes and
// insertions from the front to the back.
#include <algorithm>
#include <string>
#include <vector>

#include "document/member_index.h"
#include "seaworthy/document/patch.h"
#include "seaworthy/document/path.h"

namespace seaworthy::document {
namespace {

/// The items' names where every item is a map with a string `name` and no name comes twice; else
/// nothing.
std::vector<Key> distinct_names(const Node& list) {
  static constexpr Key kName("name");
  std::vector<Key> names;
  for (const Node& item : list.items()) {
    const Node& name = item[kName];
    if (!name.is_string()) {
      return {};
    }
    names.emplace_back(name.as_string());
  }
  std::vector<Key> sorted = names;
  std::ranges::sort(sorted, key_less);
  return std::ranges::adjacent_find(sorted) == sorted.end() ? names : std::vector<Key>();
}

class Differ {
 public:
  void compare(const Node& before, const Node& after);

  Patch take() { return std::move(patch_); }

 private:
  void compare_maps(const Node& before, const Node& after);
  void compare_items(const Node& before, const Node& after);
  bool compare_named(const Node& before, const Node& after);

  void emit(PatchOperation::Op op, const Node& value = {}) {
    patch_.push_back({op, path_, {}, value});
  }

  /// Does `action` with the step at the path's end.
  template <class Action>
  void within(std::string_view step, Action&& action) {
    const std::size_t length = path_.size();
    path_ += '/';
    append_pointer_token(path_, step);
    action();
    path_.resize(length);
  }

  template <class Action>
  void within(std::size_t index, Action&& action) {
    within(std::to_string(index), std::forward<Action>(action));
  }

  std::string path_;
  Patch patch_;
};

void Differ::compare(const Node& before, const Node& after) {
  if (before.is_map() && after.is_map()) {
    if (before.size() != after.size() || before.members().data() != after.members().data()) {
      compare_maps(before, after);
    }
  } else if (before.is_list() && after.is_list()) {
    if (before.size() == after.size() && before.items().data() == after.items().data()) {
      return;
    }
    if (!compare_named(before, after)) {
      compare_items(before, after);
    }
  } else if (!equal(before, after)) {
    emit(PatchOperation::Op::kReplace, after);
  }
}

void Differ::compare_maps(const Node& before, const Node& after) {
  const MemberIndex in_before(before.members());
  const MemberIndex in_after(after.members());
  std::size_t at = 0;
  for (const Member& member : before.members()) {
    if (in_after.find(member.key, at++) != nullptr) {
      continue;
    }
    within(member.key.text(), [&] { emit(PatchOperation::Op::kRemove); });
  }
  at = 0;
  for (const Member& member : after.members()) {
    const Member* old = in_before.find(member.key, at++);
    within(member.key.text(), [&] {
      if (old == nullptr) {
        emit(PatchOperation::Op::kAdd, member.value);
      } else {
        compare(old->value, member.value);
      }
    });
  }
}

void Differ::compare_items(const Node& before, const Node& after) {
  const std::size_t common = std::min(before.size(), after.size());
  for (std::size_t at = before.size(); at-- > common;) {
    within(at, [&] { emit(PatchOperation::Op::kRemove); });
  }
  for (std::size_t at = 0; at < common; ++at) {
    within(at, [&] { compare(before.items()[at], after.items()[at]); });
  }
  for (std::size_t at = common; at < after.size(); ++at) {
    within("-", [&] { emit(PatchOperation::Op::kAdd, after.items()[at]); });
  }
}

/// False, with nothing done, where the items have no distinct names or what both have changed its
/// order.
bool Differ::compare_named(const Node& before, const Node& after) {
  const auto old_names = distinct_names(before);
  const auto new_names = distinct_names(after);
  if (old_names.empty() || new_names.empty()) {
    return false;
  }
  // As members of maps from name to item, both sides pair in O(n log n).
  std::vector<Member> old_items;
  std::vector<Member> new_items;
  for (std::size_t at = 0; at < old_names.size(); ++at) {
    old_items.push_back({old_names[at], before.items()[at]});
  }
  for (std::size_t at = 0; at < new_names.size(); ++at) {
    new_items.push_back({new_names[at], after.items()[at]});
  }
  const MemberIndex in_old(old_items);
  const MemberIndex in_new(new_items);
  const Member* last = nullptr;
  for (std::size_t at = 0; at < new_items.size(); ++at) {
    const Member* old = in_old.find(new_items[at].key, at);
    if (old == nullptr) {
      continue;
    }
    if (last != nullptr && old < last) {
      return false;
    }
    last = old;
  }
  for (std::size_t at = old_items.size(); at-- > 0;) {
    if (in_new.find(old_items[at].key, at) == nullptr) {
      within(at, [&] { emit(PatchOperation::Op::kRemove); });
    }
  }
  for (std::size_t at = 0; at < new_items.size(); ++at) {
    const Member* old = in_old.find(new_items[at].key, at);
    within(at, [&] {
      if (old == nullptr) {
        emit(PatchOperation::Op::kAdd, new_items[at].value);
      } else {
        compare(old->value, new_items[at].value);
      }
    });
  }
  return true;
}

}  // namespace

Patch diff(const Node& before, const Node& after) {
  Differ differ;
  differ.compare(before, after);
  return differ.take();
}

}  // namespace seaworthy::document
