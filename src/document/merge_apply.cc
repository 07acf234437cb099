// The merge of two valid trees of one type (structured-merge-diff typed/merge.go). Scalars and what
// is atomic are leaves: the patch's wins. Maps are united key by key. A list with keys, or a set,
// goes through both sides at once: items that only the live object has keep their place, shared
// ones come in the patch's order, and what only the patch has follows where it stands there.

#include <map>
#include <set>
#include <utility>

#include "document/merge_atom.h"
#include "document/merge_item.h"
#include "seaworthy/base/text.h"

namespace seaworthy::document {
namespace {

class Merger {
 public:
  Merger(const MergeSchema& schema, const Node& live, const UntypedTree& patch, Arena& arena)
      : schema_(schema), live_(live), patch_(patch), arena_(arena) {}

  /// Null pointers: nothing there. Nothing where the merge leaves nothing.
  std::optional<Node> merge(MergeSchema::TypeIndex type, const Node* live, const Node* patch,
                            const std::string& prefix) {
    const std::size_t before = faults_.size();
    const MergeSchema::Atom& atom = schema_.atom(type);
    const MergeSchema::Atom of_live = live == nullptr ? atom : deduce(atom, *live);
    const MergeSchema::Atom of_patch = patch == nullptr ? atom : deduce(atom, *patch);
    std::optional<Node> out;
    if (patch == nullptr) {
      out = merge_as(of_live, live, patch);
    } else {
      if (live != nullptr && of_live != of_patch) {
        merge_as(of_live, live, patch);
      }
      out = merge_as(of_patch, live, patch);
    }
    for (std::size_t i = before; i < faults_.size(); ++i) {
      faults_[i].first.insert(0, prefix);
    }
    return out;
  }

  [[nodiscard]] std::optional<std::string> fault() const {
    if (faults_.empty()) {
      return std::nullopt;
    }
    std::vector<std::string> lines;
    for (const auto& [path, message] : faults_) {
      lines.push_back(path.empty() ? message : path + ": " + message);
    }
    return lines.size() == 1 ? lines[0] : "errors:\n  " + join(lines, "\n  ");
  }

 private:
  /// The items of one side of a list, by what tells them apart.
  struct Indexed {
    std::vector<MergeItem> order;
    std::map<MergeItem, const Node*> items;

    [[nodiscard]] bool has(const MergeItem& item) const { return items.contains(item); }

    [[nodiscard]] const Node* find(const MergeItem& item) const {
      const auto found = items.find(item);
      return found == items.end() ? nullptr : found->second;
    }
  };

  std::optional<Node> merge_as(const MergeSchema::Atom& atom, const Node* live, const Node* patch) {
    if (atom.map != MergeSchema::kNone) {
      return merge_maps(schema_.map(atom), live, patch);
    }
    if (atom.scalar != MergeSchema::Scalar::kNone) {
      return merge_scalars(atom.scalar, live, patch);
    }
    return merge_lists(schema_.list(atom), live, patch);
  }

  [[nodiscard]] std::optional<Node> leaf(const Node* live, const Node* patch) const {
    if (patch != nullptr) {
      return patch_.is_nil(*patch) ? Node::null() : *patch;
    }
    return live == nullptr ? std::nullopt : std::optional<Node>(*live);
  }

  std::optional<Node> merge_scalars(MergeSchema::Scalar type, const Node* live, const Node* patch) {
    const auto of_live = live == nullptr ? std::nullopt : scalar_fault(type, live_, *live);
    const auto of_patch = patch == nullptr ? std::nullopt : scalar_fault(type, patch_, *patch);
    if (of_live && of_patch) {
      faults_.emplace_back("", "lhs: " + *of_live);
      faults_.emplace_back("", "rhs: " + *of_patch);
      return std::nullopt;
    }
    return leaf(live, patch);
  }

  static bool is_empty(const Node* node) { return node == nullptr || node->size() == 0; }

  std::optional<Node> merge_maps(const MergeSchema::Map& type, const Node* live,
                                 const Node* patch) {
    const Node* left = live != nullptr && live->is_map() ? live : nullptr;
    const Node* right = patch != nullptr && patch->is_map() ? patch : nullptr;
    if (type.relation == MergeSchema::Relation::kAtomic || (is_empty(left) && is_empty(right))) {
      return leaf(live, patch);
    }
    std::vector<Member> out;
    const auto visit = [&](const Key& key, const Node* of_live, const Node* of_patch) {
      const MergeSchema::Field* field = type.find(key);
      const auto merged = merge(field == nullptr ? type.element : field->type, of_live, of_patch,
                                "." + std::string(key.text()));
      if (merged) {
        out.push_back({key, *merged});
      }
    };
    if (left != nullptr) {
      for (const Member& member : left->members()) {
        visit(member.key, &member.value, right == nullptr ? nullptr : right->find(member.key));
      }
    }
    if (right != nullptr) {
      for (const Member& member : right->members()) {
        if (left == nullptr || left->find(member.key) == nullptr) {
          visit(member.key, nullptr, &member.value);
        }
      }
    }
    if (out.empty()) {
      return std::nullopt;
    }
    return Node::map(arena_.copy(std::span<const Member>(out)));
  }

  std::optional<Node> merge_lists(const MergeSchema::List& type, const Node* live,
                                  const Node* patch) {
    const Node* left = live != nullptr && live->is_list() ? live : nullptr;
    const Node* right = patch != nullptr && patch->is_list() ? patch : nullptr;
    if (type.relation == MergeSchema::Relation::kAtomic || (is_empty(left) && is_empty(right))) {
      return leaf(live, patch);
    }
    const std::size_t before = faults_.size();
    const Indexed rights = index(type, patch_, right, Duplicates::kRefused);
    const Indexed lefts = index(type, live_, left, Duplicates::kAllowed);
    if (faults_.size() != before) {
      return std::nullopt;
    }
    const std::vector<Node> out = weave(type, left, lefts, rights);
    if (out.empty()) {
      return std::nullopt;
    }
    return Node::list(arena_.copy(std::span<const Node>(out)));
  }

  Indexed index(const MergeSchema::List& type, const UntypedTree& tree, const Node* list,
                Duplicates duplicates) {
    static constexpr Node kNothing{};  // items that are there twice are merged with nothing of theirs
    Indexed indexed;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      const Node& node = list->items()[i];
      const auto item = MergeItem::of(schema_, type, tree, node);
      if (!item) {
        faults_.emplace_back("", "element " + std::to_string(i) + ": " + item.error());
        continue;
      }
      const auto [found, added] = indexed.items.emplace(*item, &node);
      if (!added && duplicates == Duplicates::kRefused) {
        faults_.emplace_back("", "duplicate entries for key " + item->text(tree));
        continue;
      }
      if (!added) {
        found->second = &kNothing;
      }
      indexed.order.push_back(*item);
    }
    return indexed;
  }

  /// visitListItems. An item's own faults are lost there, and so they are here.
  std::vector<Node> weave(const MergeSchema::List& type, const Node* live, const Indexed& lefts,
                          const Indexed& rights) {
    std::vector<Node> out;
    std::set<MergeItem> merged;
    std::vector<const MergeItem*> shared;
    for (const MergeItem& item : rights.order) {
      if (lefts.has(item)) {
        shared.push_back(&item);
      }
    }
    auto next_shared = shared.begin();
    const auto take = [&](const MergeItem& item, const Node* left, const Node* right) {
      const std::size_t before = faults_.size();
      if (const auto made = merge(type.element, left, right, "")) {
        out.push_back(*made);
      }
      faults_.resize(before);
      merged.insert(item);
    };
    std::size_t l = 0;
    std::size_t r = 0;
    while (l < lefts.order.size() || r < rights.order.size()) {
      const bool more_left = l < lefts.order.size();
      if (more_left && r < rights.order.size()) {
        const MergeItem& item = lefts.order[l];
        if (item == rights.order[r]) {
          take(item, lefts.find(item), rights.find(item));
          ++l;
          ++r;
          next_shared += next_shared == shared.end() ? 0 : 1;
          continue;
        }
        if (rights.has(item) && next_shared != shared.end() && **next_shared != item) {
          ++l;  // shared, and not the one whose turn it is
          continue;
        }
      }
      if (more_left) {
        const MergeItem& item = lefts.order[l];
        if (!rights.has(item)) {
          take(item, &live->items()[l], nullptr);
          ++l;
          continue;
        }
        if (merged.contains(item)) {
          ++l;
        }
      }
      if (r < rights.order.size()) {
        const MergeItem& item = rights.order[r];
        take(item, lefts.find(item), rights.find(item));
        ++r;
        if (next_shared != shared.end() && **next_shared == item) {
          ++next_shared;
        }
      }
    }
    return out;
  }

  const MergeSchema& schema_;
  const UntypedTree live_;
  const UntypedTree& patch_;
  Arena& arena_;
  std::vector<std::pair<std::string, std::string>> faults_;  ///< Path, message.
};

}  // namespace

Result<Node> merge(const MergeSchema& schema, MergeSchema::TypeIndex type, const Node& live,
                   const UntypedTree& patch, Arena& arena) {
  Merger merger(schema, live, patch, arena);
  const std::optional<Node> merged = merger.merge(type, &live, &patch.root(), "");
  if (const auto fault = merger.fault()) {
    return fail(ErrorCode::kInvalid, *fault);
  }
  return merged.value_or(Node::null());
}

}  // namespace seaworthy::document
