#include <array>
#include <string>

#include "cel/eval/go_text.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/json.h"

namespace seaworthy::cel {
namespace {

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += at + i > bytes.size() ? '=' : kDigits[group >> (18 - 6 * i) & 63];
    }
  }
  return out;
}

std::string text_of(const Value& value) {
  std::string out;
  switch (value.kind()) {
    case ValueKind::kBytes:
      return base64(value.as_text());
    case ValueKind::kDuration:
      append_duration_seconds(value.as_int(), out);
      return out;
    case ValueKind::kTimestamp:
      append_timestamp(value, out);
      return out;
    case ValueKind::kNull:
      return "null";
    default:
      append_go_value(value, out);
      return out;
  }
}

document::Node list_node(const Value& list, Arena& arena) {
  if (list.is_node_backed()) {
    return document::Node::list(list.nodes());
  }
  auto* items = arena.allocate_array<document::Node>(list.size());
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    new (&items[i]) document::Node(to_node(list.values()[i], arena));
  }
  return document::Node::list({items, list.size()});
}

document::Node map_node(const Value& map, Arena& arena) {
  if (map.is_node_backed()) {
    return document::Node::map(map.members());
  }
  auto* members = arena.allocate_array<document::Member>(map.size());
  for (std::uint32_t i = 0; i < map.size(); ++i) {
    const MapEntry& entry = map.entries()[i];
    const std::string_view key =
        entry.key.is(ValueKind::kString) ? entry.key.as_text() : arena.copy(text_of(entry.key));
    new (&members[i]) document::Member{document::Key(key), to_node(entry.value, arena)};
  }
  return document::Node::map({members, map.size()});
}

}  // namespace

document::Node to_node(const Value& value, Arena& arena) {
  switch (value.kind()) {
    case ValueKind::kBool:
      return document::Node::boolean(value.as_bool());
    case ValueKind::kInt:
      return document::Node::integer(value.as_int());
    case ValueKind::kUint:
      if (value.as_uint() <= 0x7FFFFFFFFFFFFFFFU) {
        return document::Node::integer(static_cast<std::int64_t>(value.as_uint()));
      }
      return document::Node::number(static_cast<double>(value.as_uint()));
    case ValueKind::kDouble:
      return document::Node::number(value.as_double());
    case ValueKind::kString:
      return document::Node::string(value.as_text());
    case ValueKind::kBytes:
    case ValueKind::kDuration:
    case ValueKind::kTimestamp:
    case ValueKind::kOpaque:
      return document::Node::string(arena.copy(text_of(value)));
    case ValueKind::kList:
      return list_node(value, arena);
    case ValueKind::kMap:
      return map_node(value, arena);
    case ValueKind::kOptional:
      return value.as_optional() == nullptr ? document::Node::null()
                                            : to_node(*value.as_optional(), arena);
    case ValueKind::kNull:
    case ValueKind::kType:
    case ValueKind::kError:
    case ValueKind::kUnset:
      break;
  }
  return document::Node::null();
}

std::string_view to_text(const Value& value, Arena& arena) {
  switch (value.kind()) {
    case ValueKind::kString:
      return value.as_text();
    case ValueKind::kList:
    case ValueKind::kMap:
      return arena.copy(document::print_json(to_node(value, arena)));
    case ValueKind::kOptional:
      return value.as_optional() == nullptr ? std::string_view("null")
                                            : to_text(*value.as_optional(), arena);
    default:
      return arena.copy(text_of(value));
  }
}

}  // namespace seaworthy::cel
