#include "document/merge_item.h"

#include <algorithm>

#include "document/go_print.h"

namespace seaworthy::document {
namespace {

/// value.Compare's order of kinds: numbers, strings, bools, lists, maps, null, and last what it
/// does not know.
int rank(const Node& node) {
  switch (node.kind()) {
    case Kind::kInt:
    case Kind::kDouble:
      return 0;
    case Kind::kString:
      return 1;
    case Kind::kBool:
      return 2;
    case Kind::kList:
      return 3;
    case Kind::kMap:
      return 4;
    case Kind::kNull:
      break;
  }
  return 5;
}

std::weak_ordering compare_numbers(const Node& a, const Node& b) {
  if (a.is_int() && b.is_int()) {
    return a.as_int() <=> b.as_int();
  }
  const double x = a.is_int() ? static_cast<double>(a.as_int()) : a.as_double();
  const double y = b.is_int() ? static_cast<double>(b.as_int()) : b.as_double();
  return x < y   ? std::weak_ordering::less
         : x > y ? std::weak_ordering::greater
                 : std::weak_ordering::equivalent;
}

std::weak_ordering compare(const Node& a, const Node& b);

std::weak_ordering compare_maps(const Node& a, const Node& b) {
  // value.MapCompareUsing looks at the keys of both in order.
  std::vector<std::pair<std::string_view, const Node*>> fields;
  for (const Node* map : {&a, &b}) {
    for (const Member& member : map->members()) {
      fields.emplace_back(member.key.text(), nullptr);
    }
  }
  std::ranges::sort(fields);
  fields.erase(std::ranges::unique(fields).begin(), fields.end());
  for (const auto& [name, unused] : fields) {
    const Node* x = a.find(name);
    const Node* y = b.find(name);
    if (x == nullptr || y == nullptr) {
      return x == nullptr ? std::weak_ordering::greater : std::weak_ordering::less;
    }
    if (const auto order = compare(*x, *y); order != 0) {
      return order;
    }
  }
  return std::weak_ordering::equivalent;
}

std::weak_ordering compare(const Node& a, const Node& b) {
  if (rank(a) != rank(b)) {
    return rank(a) <=> rank(b);
  }
  switch (a.kind()) {
    case Kind::kInt:
    case Kind::kDouble:
      return compare_numbers(a, b);
    case Kind::kString:
      return a.as_string() <=> b.as_string();
    case Kind::kBool:
      return a.as_bool() <=> b.as_bool();
    case Kind::kList:
      return std::lexicographical_compare_three_way(a.items().begin(), a.items().end(),
                                                    b.items().begin(), b.items().end(), compare);
    case Kind::kMap:
      return compare_maps(a, b);
    case Kind::kNull:
      break;
  }
  return std::weak_ordering::equivalent;
}

/// value.ToString.
std::string to_string(const UntypedTree& tree, const Node& node) {
  switch (node.kind()) {
    case Kind::kNull:
      return tree.odd(node) == nullptr ? "null" : "{{undefined}}";
    case Kind::kString:
      return go_quoted(node.as_string());
    case Kind::kList: {
      std::string out = "[";
      for (const Node& item : node.items()) {
        out += (out.size() > 1 ? "," : "") + to_string(tree, item);
      }
      return out + "]";
    }
    case Kind::kMap: {
      std::string out;
      for (const Member& member : node.members()) {
        out += std::string(member.key.text()) + "=" + to_string(tree, member.value);
      }
      return out;
    }
    default:
      return go_text(tree, node);
  }
}

std::string quoted_list(const std::vector<std::string_view>& words) {
  std::string out = "[";
  for (const std::string_view word : words) {
    out += (out.size() > 1 ? " " : "") + go_quoted(word);
  }
  return out + "]";
}

}  // namespace

std::expected<MergeItem, std::string> MergeItem::of(const MergeSchema& schema,
                                                    const MergeSchema::List& list,
                                                    const UntypedTree& tree, const Node& item) {
  MergeItem made;
  const bool is_null = item.is_null() && tree.odd(item) == nullptr;
  if (list.keys.empty()) {
    if (item.is_map()) {
      return std::unexpected("associative list without keys has an element that's a map type");
    }
    if (item.is_list()) {
      return std::unexpected("not supported: associative list with lists as elements");
    }
    if (is_null) {
      return std::unexpected(
          "associative list without keys has an element that's an explicit null");
    }
    made.value_ = &item;
    return made;
  }
  if (is_null) {
    return std::unexpected("associative list with keys may not have a null element");
  }
  if (!item.is_map()) {
    return std::unexpected("associative list with keys may not have non-map elements");
  }
  for (const std::string_view key : list.keys) {
    if (const Node* value = item.find(key)) {
      made.keys_.emplace_back(key, value);
      continue;
    }
    const MergeSchema::Atom& element = schema.atom(list.element);
    if (element.map == MergeSchema::kNone) {
      return std::unexpected("couldn't find default value for " + std::string(key) +
                             ": associative list may not have non-map types");
    }
    const MergeSchema::Field* field = schema.map(element).find(key);
    if (field != nullptr && field->key_default) {
      made.keys_.emplace_back(key, &*field->key_default);
    }
  }
  if (made.keys_.empty()) {
    return std::unexpected("associative list with keys has an element that omits all key fields " +
                           quoted_list(list.keys) +
                           " (and doesn't have default values for any key fields)");
  }
  std::ranges::stable_sort(made.keys_, {}, [](const auto& key) { return key.first; });
  return made;
}

std::string MergeItem::text(const UntypedTree& tree) const {
  if (value_ != nullptr) {
    return "[=" + to_string(tree, *value_) + "]";
  }
  std::string out = "[";
  for (const auto& [name, value] : keys_) {
    out += (out.size() > 1 ? "," : "") + std::string(name) + "=" + to_string(tree, *value);
  }
  return out + "]";
}

std::weak_ordering operator<=>(const MergeItem& a, const MergeItem& b) {
  if (a.value_ != nullptr && b.value_ != nullptr) {
    return compare(*a.value_, *b.value_);
  }
  for (std::size_t i = 0; i < a.keys_.size() && i < b.keys_.size(); ++i) {
    if (const auto order = a.keys_[i].first <=> b.keys_[i].first; order != 0) {
      return order;
    }
    if (const auto order = compare(*a.keys_[i].second, *b.keys_[i].second); order != 0) {
      return order;
    }
  }
  return a.keys_.size() <=> b.keys_.size();
}

}  // namespace seaworthy::document
