#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "seaworthy/document/node.h"

namespace seaworthy::document {

/// How a text is laid out in block style, in columns.
struct YamlLayout {
  std::size_t step = 2;         ///< A map's indent within a map.
  std::size_t list_indent = 0;  ///< A list's within a map.
  std::size_t dash = 2;         ///< An item's text behind its dash's place.
};

/// A map or list, not empty, at `indent`; its first line is not indented. Ends in a line break.
std::string print_yaml_block(const Node& node, std::size_t indent, const YamlLayout& layout);

/// Whether a text holds, besides LF, a character that must be written as an escape.
bool has_unprintable(std::string_view text);

/// A scalar or an empty map or list on one line, for block style.
std::string print_yaml_word(const Node& node);

/// A key for block style.
std::string print_yaml_key(std::string_view name);

/// How a text is laid out in flow style.
struct FlowLayout {
  bool is_json = false;
  bool is_tight = false;    ///< {"a":1,"b":2}
  bool is_tall = false;     ///< A line for each member and item.
  std::string indent;       ///< Of the line that the value begins on; only if tall.
  std::string step = "  ";  ///< Only if tall.
};

/// Any value in flow style; a tall one has line breaks within, none at its end.
std::string print_flow(const Node& node, const FlowLayout& layout);

/// A key for flow style.
std::string print_flow_key(std::string_view name, const FlowLayout& layout);

}  // namespace seaworthy::document
