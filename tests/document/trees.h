#pragma once

#include <random>
#include <string>
#include <vector>

#include "seaworthy/document/edit.h"

namespace seaworthy::document {

/// Random trees of every kind of value, for properties that hold for all; the same for the same
/// seed.
class Trees {
 public:
  Trees(unsigned seed, Arena& arena) : random_(seed), arena_(arena) {}

  Node tree(int depth) {
    switch (below(depth > 0 ? 9 : 6)) {
      case 0:
        return Node::null();
      case 1:
        return Node::boolean(below(2) == 0);
      case 2:
        return Node::integer(static_cast<std::int64_t>(random_()));
      case 3:
        return Node::number(numbers());
      case 4:
      case 5:
        return make_string(text(), arena_);
      case 6:
        return list(depth);
      default:
        return map(depth);
    }
  }

  /// A copy of `node` with a few changes, so that both have most in common.
  Node changed(const Node& node, int depth) {
    if (below(12) == 0) {
      return tree(depth);
    }
    std::vector<Node> items;
    MapBuilder map(arena_);
    for (const Node& item : node.items()) {
      if (below(8) == 0) {
        items.push_back(tree(depth - 1));
      }
      if (below(8) != 0) {
        items.push_back(changed(item, depth - 1));
      }
    }
    std::string added;
    if (below(4) == 0) {
      added = text();
    }
    for (const Member& member : node.members()) {
      if (member.key.text() == added) {
        added.clear();
      }
      if (below(8) != 0) {
        map.add(member.key.text(), changed(member.value, depth - 1));
      }
    }
    if (node.is_list()) {
      return make_list(items, arena_);
    }
    if (!node.is_map()) {
      return node;
    }
    if (!added.empty()) {
      map.add(added, tree(depth - 1));
    }
    return map.build();
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  double numbers() {
    constexpr double kSome[] = {0.5, -1.25, 1e21, 1e-7, 1e300, 5e-324, 123456789.125, 0.1};
    return kSome[below(std::size(kSome))];
  }

  std::string text() {
    static const std::string kSome[] = {
        "a",          "name",     "x/y~z",        "true",      "1",     "null",
        "",           " lead",    "trail ",       "a: b",      "#x",    "a #b",
        "- a",        "l1\nl2",   "l1\nl2\n",     "\n\nx\n\n", "tab\t", "\"q\"",
        "é€😀",       "\x01\x7f", "\u0085\u2028", "yes",       "0x1F",  "12:30",
        "2001-01-01", "~",        "<<",           "key: |",    "'",     "\\"};
    return kSome[below(std::size(kSome))] + (below(3) == 0 ? std::to_string(below(5)) : "");
  }

  Node list(int depth) {
    std::vector<Node> items;
    const bool named = below(2) == 0;  // Items with names, as containers are.
    for (std::size_t count = below(5); count > 0; --count) {
      items.push_back(
          named ? MapBuilder(arena_)
                      .add("name",
                           make_string(std::string(1, static_cast<char>('a' + below(6))), arena_))
                      .add("value", tree(depth - 1))
                      .build()
                : tree(depth - 1));
    }
    return make_list(items, arena_);
  }

  Node map(int depth) {
    Node node = MapBuilder(arena_).build();
    for (std::size_t count = below(6); count > 0; --count) {
      node = with_member(node, text(), tree(depth - 1), arena_);
    }
    return node;
  }

  std::mt19937 random_;
  Arena& arena_;
};

}  // namespace seaworthy::document
