#pragma once

#include <span>
#include <vector>

#include "seaworthy/document/node.h"

namespace seaworthy::document {

/// Look-ups in the members of one map: a scan for a small one, binary search in a sorted index for
/// a large one, so that pairing two maps of n members costs at most O(n log n), whatever their keys
/// hash to. Lifetime: the members'.
class MemberIndex {
 public:
  explicit MemberIndex(std::span<const Member> members);

  /// The member of that name. `hint`: where it probably is (its place in a map of the same order).
  [[nodiscard]] const Member* find(const Key& key, std::size_t hint) const;

 private:
  std::span<const Member> members_;
  std::vector<const Member*> sorted_;
};

/// Of members with one key the last wins and takes the first's place. Answers how many are left.
/// O(n log n) at most.
std::size_t unite_duplicates(Member* members, std::size_t count);

/// A total order of keys, for sorting only: by hash, then text.
bool key_less(const Key& a, const Key& b);

}  // namespace seaworthy::document
