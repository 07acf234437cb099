#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "seaworthy/base/check.h"

namespace seaworthy::document {

/// What a value of JSON is. A number without fraction or exponent that fits int64 is kInt, any
/// other kDouble (rule: k8s.io/apimachinery util/json; there are no unsigned ones).
enum class Kind : std::uint8_t { kNull, kBool, kInt, kDouble, kString, kList, kMap };

struct Member;

namespace internal {

constexpr std::uint64_t byte_at(const char* at) { return static_cast<unsigned char>(*at); }

constexpr std::uint64_t four_bytes_at(const char* at) {
  return byte_at(at) | byte_at(at + 1) << 8 | byte_at(at + 2) << 16 | byte_at(at + 3) << 24;
}

constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 32);
}

}  // namespace internal

/// The hash that keys carry, so that a look-up by a prepared Key compares integers first: eight
/// bytes a step, the same on every machine and at compile time. It is no defence against chosen
/// collisions: nothing may be slow because of one.
constexpr std::uint32_t hash_key(std::string_view text) {
  using internal::four_bytes_at;
  const char* at = text.data();
  std::size_t left = text.size();
  std::uint64_t hash = left;
  for (; left > 8; left -= 8, at += 8) {
    hash = internal::mix(hash, four_bytes_at(at) | four_bytes_at(at + 4) << 32);
  }
  if (left >= 4) {
    hash = internal::mix(hash, four_bytes_at(at) | four_bytes_at(at + left - 4) << 32);
  } else if (left > 0) {
    hash = internal::mix(hash, internal::byte_at(at) | internal::byte_at(at + left / 2) << 8 |
                                   internal::byte_at(at + left - 1) << 16);
  }
  return static_cast<std::uint32_t>(hash);
}

/// A field's name with its hash.
class Key {
 public:
  constexpr Key() = default;

  // NOLINTNEXTLINE(google-explicit-constructor): a name is a key.
  constexpr Key(std::string_view text)
      : data_(text.data()), size_(static_cast<std::uint32_t>(text.size())), hash_(hash_key(text)) {}

  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr Key(const char* text) : Key(std::string_view(text)) {}

  [[nodiscard]] constexpr std::string_view text() const { return {data_, size_}; }

  [[nodiscard]] constexpr std::uint32_t hash() const { return hash_; }

  friend bool operator==(const Key& a, const Key& b) {
    return a.hash_ == b.hash_ && a.size_ == b.size_ &&
           (a.size_ == 0 || std::memcmp(a.data_, b.data_, a.size_) == 0);
  }

 private:
  const char* data_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t hash_ = hash_key({});
};

/// One immutable value of a tree that lies in an Arena; 16 bytes, copied freely. What it points to
/// (text, items, members) is shared, so a changed tree is a new spine over old branches. Lifetime:
/// the arena's.
class Node {
 public:
  constexpr Node() = default;

  static constexpr Node null() { return {}; }

  /// Sizes over 2^32 - 1 are a bug; what comes from outside is limited far below.
  static Node boolean(bool value);
  static Node integer(std::int64_t value);
  static Node number(double value);
  static Node string(std::string_view text);
  static Node list(std::span<const Node> items);
  static Node map(std::span<const Member> members);

  [[nodiscard]] Kind kind() const { return kind_; }

  [[nodiscard]] bool is_null() const { return kind_ == Kind::kNull; }

  [[nodiscard]] bool is_bool() const { return kind_ == Kind::kBool; }

  [[nodiscard]] bool is_int() const { return kind_ == Kind::kInt; }

  [[nodiscard]] bool is_double() const { return kind_ == Kind::kDouble; }

  [[nodiscard]] bool is_string() const { return kind_ == Kind::kString; }

  [[nodiscard]] bool is_list() const { return kind_ == Kind::kList; }

  [[nodiscard]] bool is_map() const { return kind_ == Kind::kMap; }

  /// These answer a neutral value (false, 0, "", nothing) where the node is of another kind.
  [[nodiscard]] bool as_bool() const { return is_bool() && integer_ != 0; }

  [[nodiscard]] std::int64_t as_int() const { return is_int() ? integer_ : 0; }

  [[nodiscard]] double as_double() const { return is_double() ? number_ : 0; }

  [[nodiscard]] std::string_view as_string() const {
    return is_string() ? std::string_view(text_, size_) : std::string_view();
  }

  [[nodiscard]] std::span<const Node> items() const;
  [[nodiscard]] std::span<const Member> members() const;

  /// Items of a list, members of a map, bytes of a string; 0 for the rest.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The value's eight bytes whatever its kind: a number's, 0 or 1 of a bool, where the text, the
  /// items or the members lie.
  [[nodiscard]] std::uint64_t payload() const {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &integer_, sizeof(bits));
    return bits;
  }

  /// The member's value; null where there is none or this is no map. A present null is a node of
  /// kind kNull.
  [[nodiscard]] const Node* find(const Key& key) const;
  /// `find` that never fails: an absent member is a null node.
  [[nodiscard]] const Node& operator[](const Key& key) const;
  /// A present member that is not null.
  [[nodiscard]] bool has(const Key& key) const;

 private:
  Kind kind_ = Kind::kNull;
  std::uint32_t size_ = 0;

  union {
    std::int64_t integer_ = 0;  ///< Of a bool: 0 or 1.
    double number_;
    const char* text_;
    const Node* items_;
    const Member* members_;
  };
};

/// A field of a map: members keep the order of the text they came from.
struct Member {
  Key key;
  Node value;
};

inline Node Node::boolean(bool value) {
  Node node;
  node.kind_ = Kind::kBool;
  node.integer_ = value ? 1 : 0;
  return node;
}

inline Node Node::integer(std::int64_t value) {
  Node node;
  node.kind_ = Kind::kInt;
  node.integer_ = value;
  return node;
}

inline Node Node::number(double value) {
  Node node;
  node.kind_ = Kind::kDouble;
  node.number_ = value;
  return node;
}

inline Node Node::string(std::string_view text) {
  SEAWORTHY_CHECK(text.size() <= 0xFFFFFFFFU);
  Node node;
  node.kind_ = Kind::kString;
  node.size_ = static_cast<std::uint32_t>(text.size());
  node.text_ = text.data();
  return node;
}

inline Node Node::list(std::span<const Node> items) {
  SEAWORTHY_CHECK(items.size() <= 0xFFFFFFFFU);
  Node node;
  node.kind_ = Kind::kList;
  node.size_ = static_cast<std::uint32_t>(items.size());
  node.items_ = items.data();
  return node;
}

inline Node Node::map(std::span<const Member> members) {
  SEAWORTHY_CHECK(members.size() <= 0xFFFFFFFFU);
  Node node;
  node.kind_ = Kind::kMap;
  node.size_ = static_cast<std::uint32_t>(members.size());
  node.members_ = members.data();
  return node;
}

inline std::span<const Node> Node::items() const {
  return is_list() ? std::span(items_, size_) : std::span<const Node>();
}

inline std::span<const Member> Node::members() const {
  return is_map() ? std::span(members_, size_) : std::span<const Member>();
}

inline const Node* Node::find(const Key& key) const {
  if (!is_map()) {
    return nullptr;
  }
  for (const Member *at = members_, *end = members_ + size_; at != end; ++at) {
    if (at->key == key) {
      return &at->value;
    }
  }
  return nullptr;
}

inline bool Node::has(const Key& key) const {
  const Node* found = find(key);
  return found != nullptr && !found->is_null();
}

static_assert(sizeof(Node) == 16);
static_assert(sizeof(Member) == 32);

/// Equal as Kubernetes compares objects after decoding: maps without order, 1 and 1.0 differ in
/// kind but not in value.
bool equal(const Node& a, const Node& b);

/// `equal` where an absent member, null, {} and [] are the same (rule: omitempty of the API's
/// types): whether two Pod templates run the same.
bool semantically_equal(const Node& a, const Node& b);

/// "null", "bool", "int", "double", "string", "list", "map": for messages.
std::string_view name_of(Kind kind);

}  // namespace seaworthy::document
