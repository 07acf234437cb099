#include <array>
#include <string_view>

#include "seaworthy/admission/review.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::admission {
namespace {

using document::Node;

bool is_empty(const Node& node) {
  return node.is_null() ||
         ((node.is_string() || node.is_map() || node.is_list()) && node.size() == 0);
}

Node without_empty_members(const Node& map, Arena& arena) {
  document::MapBuilder builder(arena);
  for (const auto& member : map.members()) {
    if (!is_empty(member.value)) {
      builder.add(member.key.text(), member.value);
    }
  }
  return builder.build();
}

}  // namespace

Node request_variable(const Review& review, Arena& arena) {
  constexpr std::array<std::string_view, 12> kFields{
      "kind", "resource",  "subResource", "requestKind", "requestResource", "requestSubResource",
      "name", "namespace", "operation",   "userInfo",    "dryRun",          "options"};
  document::MapBuilder builder(arena);
  for (const auto field : kFields) {
    const Node& value = review.request[field];
    if (!is_empty(value)) {
      builder.add(field, value.is_map() && field != "options" ? without_empty_members(value, arena)
                                                              : value);
    }
  }
  return builder.build();
}

}  // namespace seaworthy::admission
