#pragma once

// The commonest thing that an evaluation does: walking from map to map of the document by names
// known when the program was made. Inline, so that paths and what is fused with them share it.

#include <cstdint>
#include <cstring>
#include <span>

#include "cel/eval/code.h"
#include "seaworthy/document/node.h"

namespace seaworthy::cel {

/// Of one size: eight bytes at a time, the last ones overlapping. No call for what is nearly always
/// short and nearly always the same.
inline bool same_text(const char* a, const char* b, std::size_t size) {
  const auto differ = [&](std::size_t at) {
    std::uint64_t left = 0;
    std::uint64_t right = 0;
    std::memcpy(&left, a + at, sizeof(left));
    std::memcpy(&right, b + at, sizeof(right));
    return left != right;
  };
  if (size < sizeof(std::uint64_t)) {
    std::size_t at = 0;
    if (size >= sizeof(std::uint32_t)) {
      std::uint32_t left = 0;
      std::uint32_t right = 0;
      std::memcpy(&left, a, sizeof(left));
      std::memcpy(&right, b, sizeof(right));
      if (left != right) {
        return false;
      }
      at = sizeof(left);
    }
    for (; at < size; ++at) {
      if (a[at] != b[at]) {
        return false;
      }
    }
    return true;
  }
  for (std::size_t at = 0; at + sizeof(std::uint64_t) < size; at += sizeof(std::uint64_t)) {
    if (differ(at)) {
      return false;
    }
  }
  return !differ(size - sizeof(std::uint64_t));
}

inline const document::Node* find(std::span<const document::Member> members,
                                  const document::Key& key) {
  for (const document::Member& member : members) {
    const std::string_view text = member.key.text();
    if (member.key.hash() == key.hash() && text.size() == key.text().size() &&
        same_text(text.data(), key.text().data(), text.size())) {
      return &member.value;
    }
  }
  return nullptr;
}

/// What came of a walk; not `done` where something else than a map of the document was in the way:
/// then the general attribute starts again.
struct Walk {
  bool done = false;
  const document::Node* found = nullptr;  ///< Null: absent, where that is no error.
  std::uint32_t taken = 0;                ///< Steps that found something.
};

/// `steps` are plain fields, at least one.
[[gnu::always_inline]] inline Walk walk(const Value& base, std::span<const Qualifier> steps) {
  if (!base.is(ValueKind::kMap) || !base.is_node_backed()) {
    return {};
  }
  const Qualifier* step = steps.data();
  const Qualifier* const last = step + steps.size() - 1;
  bool optional = step->optional;
  const document::Node* found = find(base.members(), step->field);
  std::uint32_t taken = 0;
  while (true) {
    if (found == nullptr) {
      return {optional || step->test_only, nullptr, taken};
    }
    ++taken;
    if (step == last) {
      return {true, found, taken};
    }
    if (!found->is_map()) {
      return {};
    }
    ++step;
    optional = optional || step->optional;
    found = find(found->members(), step->field);
  }
}

}  // namespace seaworthy::cel
