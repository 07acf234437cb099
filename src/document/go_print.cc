// Go's fmt for what a decoded JSON tree is made of: int64, float64, string, bool, nil,
// []interface {} and map[string]interface {}, the last with its keys sorted.

#include "document/go_print.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "seaworthy/base/text.h"

namespace seaworthy::document {
namespace {

std::vector<const Member*> sorted_members(const Node& map) {
  std::vector<const Member*> members;
  for (const Member& member : map.members()) {
    members.push_back(&member);
  }
  std::ranges::sort(members, {}, [](const Member* member) { return member->key.text(); });
  return members;
}

std::string escaped(unsigned char byte) {
  constexpr std::string_view kNamed = "abtnvfr";  // from \a (7) on
  constexpr std::string_view kHex = "0123456789abcdef";
  if (byte >= '\a' && byte <= '\r') {
    return {'\\', kNamed[static_cast<std::size_t>(byte - '\a')]};
  }
  return {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
}

}  // namespace

std::string go_quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    if (length > 1 || (byte >= 0x20 && byte < 0x7F)) {
      if (byte == '"' || byte == '\\') {
        out += '\\';
      }
      out += text.substr(at, length);
    } else {
      out += escaped(byte);
    }
    at += length;
  }
  return out + '"';
}

std::string go_number(double value) {
  // strconv.FormatFloat(value, 'g', -1, 64) with fmt's threshold for exponents.
  constexpr int kExponentMin = -4;
  constexpr int kExponentMax = 21;
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "+Inf" : "-Inf";
  }
  char room[400] = {};  // NOLINT(modernize-avoid-c-arrays)
  const auto scientific =
      std::to_chars(std::begin(room), std::end(room), value, std::chars_format::scientific);
  const std::string_view text(room, static_cast<std::size_t>(scientific.ptr - room));
  const int exponent = std::atoi(std::string(text.substr(text.find('e') + 1)).c_str());
  if (exponent < kExponentMin || exponent >= kExponentMax) {
    return std::string(text);
  }
  const auto fixed =
      std::to_chars(std::begin(room), std::end(room), value, std::chars_format::fixed);
  return {room, static_cast<std::size_t>(fixed.ptr - room)};
}

std::string go_text(const UntypedTree& tree, const Node& node) {
  switch (node.kind()) {
    case Kind::kNull:
      return tree.odd(node) == nullptr ? "<nil>" : tree.odd(node)->text;
    case Kind::kBool:
      return node.as_bool() ? "true" : "false";
    case Kind::kInt:
      return std::to_string(node.as_int());
    case Kind::kDouble:
      return go_number(node.as_double());
    case Kind::kString:
      return std::string(node.as_string());
    case Kind::kList: {
      std::string out = "[";
      for (const Node& item : node.items()) {
        out += (out.size() > 1 ? " " : "") + go_text(tree, item);
      }
      return out + "]";
    }
    case Kind::kMap: {
      std::string out = "map[";
      std::string_view separator;
      for (const Member* member : sorted_members(node)) {
        out += std::string(separator) + std::string(member->key.text()) + ":" +
               go_text(tree, member->value);
        separator = " ";
      }
      return out + "]";
    }
  }
  return {};
}

std::string go_source(const UntypedTree& tree, const Node& node) {
  switch (node.kind()) {
    case Kind::kNull:
      return tree.odd(node) == nullptr ? "interface {}(nil)" : tree.odd(node)->source;
    case Kind::kString:
      return go_quoted(node.as_string());
    case Kind::kList: {
      if (tree.is_nil(node)) {
        return "[]interface {}(nil)";
      }
      std::string out = "[]interface {}{";
      std::string_view separator;
      for (const Node& item : node.items()) {
        out += std::string(separator) + go_source(tree, item);
        separator = ", ";
      }
      return out + "}";
    }
    case Kind::kMap: {
      std::string out = "map[string]interface {}{";
      std::string_view separator;
      for (const Member* member : sorted_members(node)) {
        out += std::string(separator) + go_quoted(member->key.text()) + ":" +
               go_source(tree, member->value);
        separator = ", ";
      }
      return out + "}";
    }
    default:
      return go_text(tree, node);
  }
}

std::string go_type(const UntypedTree& tree, const Node& node) {
  switch (node.kind()) {
    case Kind::kNull:
      return tree.odd(node) == nullptr ? "<nil>" : tree.odd(node)->type_name;
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int64";
    case Kind::kDouble:
      return "float64";
    case Kind::kString:
      return "string";
    case Kind::kList:
      return "[]interface {}";
    case Kind::kMap:
      return "map[string]interface {}";
  }
  return {};
}

}  // namespace seaworthy::document
