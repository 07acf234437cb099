#include "engine/field_changes.h"

#include "seaworthy/document/path.h"

namespace seaworthy::engine {
namespace {

using document::Node;
using document::Path;

class Comparison {
 public:
  explicit Comparison(std::size_t count_max) : count_max_(count_max) {}

  void compare(const Node& before, const Node& after, const Path& path) {
    if (changes_.size() >= count_max_ || document::equal(before, after)) {
      return;
    }
    if (is_branch(before) && is_branch(after) && before.kind() == after.kind()) {
      return after.is_map() ? maps(before, after, path) : lists(before, after, path);
    }
    // A new branch is all of its leaves; one that is gone is gone as a whole.
    if (after.is_map() && after.size() > 0) {
      return maps(Node(), after, path);
    }
    if (after.is_list() && after.size() > 0) {
      return lists(Node(), after, path);
    }
    changes_.push_back({.path = path.text(), .value = after, .is_length = false});
  }

  [[nodiscard]] std::vector<FieldChange> take() { return std::move(changes_); }

 private:
  static bool is_branch(const Node& node) { return node.is_map() || node.is_list(); }

  void maps(const Node& before, const Node& after, const Path& path) {
    for (const auto& member : after.members()) {
      compare(before[member.key], member.value, path / member.key.text());
    }
    for (const auto& member : before.members()) {
      if (after.find(member.key) == nullptr) {
        compare(member.value, Node(), path / member.key.text());
      }
    }
  }

  void lists(const Node& before, const Node& after, const Path& path) {
    if (before.size() != after.size()) {
      changes_.push_back({.path = path.text(), .value = after, .is_length = true});
      return;
    }
    for (std::size_t index = 0; index < after.size(); ++index) {
      compare(before.items()[index], after.items()[index], path / index);
    }
  }

  std::size_t count_max_;
  std::vector<FieldChange> changes_;
};

}  // namespace

std::vector<FieldChange> field_changes(const Node& before, const Node& after,
                                       std::size_t count_max) {
  Comparison comparison(count_max);
  comparison.compare(before, after, Path());
  return comparison.take();
}

}  // namespace seaworthy::engine
