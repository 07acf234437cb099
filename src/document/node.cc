#include "seaworthy/document/node.h"

#include <algorithm>
#include <cmath>

#include "document/member_index.h"

namespace seaworthy::document {
namespace {

/// By value and exactly: 9007199254740993 is not 9007199254740992.0, though converting the first
/// gives the second.
bool same_number(std::int64_t whole, double number) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (!(number >= -kTwoTo63 && number < kTwoTo63)) {
    return false;
  }
  return std::trunc(number) == number && static_cast<std::int64_t>(number) == whole;
}

/// What the API's types leave out when they are written (omitempty).
bool is_empty(const Node& node) {
  switch (node.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kList:
      return node.size() == 0;
    case Kind::kMap:
      return std::ranges::all_of(node.members(),
                                 [](const Member& member) { return is_empty(member.value); });
    default:
      return false;
  }
}

bool same_scalar(const Node& a, const Node& b) {
  if (a.is_int() && b.is_double()) {
    return same_number(a.as_int(), b.as_double());
  }
  if (a.is_double() && b.is_int()) {
    return same_number(b.as_int(), a.as_double());
  }
  if (a.kind() != b.kind()) {
    return false;
  }
  switch (a.kind()) {
    case Kind::kNull:
      return true;
    case Kind::kBool:
      return a.as_bool() == b.as_bool();
    case Kind::kInt:
      return a.as_int() == b.as_int();
    case Kind::kDouble:
      return a.as_double() == b.as_double();
    case Kind::kString:
      return a.as_string() == b.as_string();
    default:
      return false;
  }
}

bool same_list(const Node& a, const Node& b, bool (*same)(const Node&, const Node&)) {
  return std::ranges::equal(a.items(), b.items(), same);
}

bool semantically_equal_maps(const Node& a, const Node& b) {
  const MemberIndex in_b(b.members());
  std::size_t at = 0;
  for (const Member& member : a.members()) {
    const Member* other = in_b.find(member.key, at++);
    if (other == nullptr ? !is_empty(member.value)
                         : !semantically_equal(member.value, other->value)) {
      return false;
    }
  }
  const MemberIndex in_a(a.members());
  at = 0;
  return std::ranges::all_of(b.members(), [&](const Member& member) {
    return in_a.find(member.key, at++) != nullptr || is_empty(member.value);
  });
}

}  // namespace

const Node& Node::operator[](const Key& key) const {
  static constexpr Node kAbsent{};
  const Node* found = find(key);
  return found == nullptr ? kAbsent : *found;
}

bool equal(const Node& a, const Node& b) {
  if (a.kind() != b.kind() || (!a.is_list() && !a.is_map())) {
    return same_scalar(a, b);
  }
  if (a.size() != b.size()) {
    return false;
  }
  if (a.is_list()) {
    return a.items().data() == b.items().data() || same_list(a, b, equal);
  }
  if (a.members().data() == b.members().data()) {
    return true;  // A branch that both trees share.
  }
  const MemberIndex in_b(b.members());
  std::size_t at = 0;
  return std::ranges::all_of(a.members(), [&](const Member& member) {
    const Member* other = in_b.find(member.key, at++);
    return other != nullptr && equal(member.value, other->value);
  });
}

bool semantically_equal(const Node& a, const Node& b) {
  if (a.is_list() && b.is_list()) {
    return same_list(a, b, semantically_equal);
  }
  if (a.is_map() && b.is_map()) {
    return semantically_equal_maps(a, b);
  }
  return same_scalar(a, b) || (is_empty(a) && is_empty(b));
}

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kDouble:
      return "double";
    case Kind::kString:
      return "string";
    case Kind::kList:
      return "list";
    case Kind::kMap:
      return "map";
  }
  return "unknown";
}

}  // namespace seaworthy::document
