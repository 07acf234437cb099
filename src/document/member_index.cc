#include "document/member_index.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace seaworthy::document {
namespace {

/// Up to here a scan over the hashes is as fast as anything.
constexpr std::size_t kScanMax = 32;

}  // namespace

bool key_less(const Key& a, const Key& b) {
  return a.hash() != b.hash() ? a.hash() < b.hash() : a.text() < b.text();
}

MemberIndex::MemberIndex(std::span<const Member> members) : members_(members) {
  if (members.size() <= kScanMax) {
    return;
  }
  sorted_.reserve(members.size());
  for (const Member& member : members) {
    sorted_.push_back(&member);
  }
  std::ranges::sort(sorted_,
                    [](const Member* a, const Member* b) { return key_less(a->key, b->key); });
}

const Member* MemberIndex::find(const Key& key, std::size_t hint) const {
  if (hint < members_.size() && members_[hint].key == key) {
    return &members_[hint];
  }
  if (sorted_.empty()) {
    const auto found = std::ranges::find(members_, key, &Member::key);
    return found == members_.end() ? nullptr : &*found;
  }
  const auto at = std::ranges::lower_bound(
      sorted_, key, key_less, [](const Member* member) -> const Key& { return member->key; });
  return at != sorted_.end() && (*at)->key == key ? *at : nullptr;
}

std::size_t unite_duplicates(Member* members, std::size_t count) {
  constexpr std::size_t kPairsMax = 64;
  if (count <= kPairsMax) {
    // A bit per hash: only where one is set already can there be an equal key before.
    std::array<std::uint64_t, 4> seen{};
    std::size_t kept = 0;
    for (std::size_t at = 0; at < count; ++at) {
      const std::uint32_t hash = members[at].key.hash();
      const std::uint64_t bit = std::uint64_t{1} << (hash & 63);
      std::uint64_t& word = seen[(hash >> 6) & 3];
      Member* const end = members + kept;
      Member* const first =
          (word & bit) == 0 ? end : std::find_if(members, end, [&](const Member& each) {
            return each.key == members[at].key;
          });
      word |= bit;
      if (first != end) {
        first->value = members[at].value;
      } else {
        if (kept != at) {
          members[kept] = members[at];
        }
        ++kept;
      }
    }
    return kept;
  }
  // Sorted by key, then place, equal keys stand side by side: the first of each run takes the last
  // one's value.
  std::vector<Member*> sorted(count);
  for (std::size_t at = 0; at < count; ++at) {
    sorted[at] = members + at;
  }
  std::ranges::sort(sorted, [](const Member* a, const Member* b) {
    return a->key == b->key ? a < b : key_less(a->key, b->key);
  });
  std::vector<bool> dropped(count);
  bool any = false;
  for (std::size_t at = 0; at < count;) {
    std::size_t next = at + 1;
    for (; next < count && sorted[next]->key == sorted[at]->key; ++next) {
      sorted[at]->value = sorted[next]->value;
      dropped[static_cast<std::size_t>(sorted[next] - members)] = true;
      any = true;
    }
    at = next;
  }
  if (!any) {
    return count;
  }
  std::size_t kept = 0;
  for (std::size_t at = 0; at < count; ++at) {
    if (!dropped[at]) {
      members[kept++] = members[at];
    }
  }
  return kept;
}

}  // namespace seaworthy::document
