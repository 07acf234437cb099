// Which item of a list has become which. Wrong pairs cost a larger edit, never a wrong one.
#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include "document/text_editor.h"
#include "seaworthy/document/text_edit.h"

namespace seaworthy::document {
namespace {

/// What the lists of a Pod are keyed by, the most telling first.
constexpr std::array<std::string_view, 7> kKeys{"mountPath", "devicePath",  "name", "containerPort",
                                                "key",       "topologyKey", "ip"};

/// Nothing where neither has a key.
std::optional<bool> compare_identity(const Node& a, const Node& b) {
  for (const auto key : kKeys) {
    const Node* first = a.find(key);
    const Node* second = b.find(key);
    if (first != nullptr || second != nullptr) {
      return first != nullptr && second != nullptr && equal(*first, *second);
    }
  }
  return std::nullopt;
}

bool has_same_identity(const Node& a, const Node& b) {
  return compare_identity(a, b).value_or(false);
}

/// As many, and none that is known to be another: nearly every list.
bool is_by_place(const Node& before, const Node& after) {
  return std::ranges::equal(before.items(), after.items(), [](const Node& a, const Node& b) {
    return a.kind() == b.kind() && compare_identity(a, b).value_or(true);
  });
}

class Pairing {
 public:
  Pairing(const Node& before, const Node& after)
      : before_(before.items()),
        after_(after.items()),
        pairs_(after.size(), std::string::npos),
        used_(before.size(), false) {}

  template <class Match>
  void pair(Match&& match) {
    std::size_t next = 0;
    for (std::size_t at = 0; at < pairs_.size(); ++at) {
      if (pairs_[at] != std::string::npos) {
        next = pairs_[at] + 1;
        continue;
      }
      // Behind the last pair first, so that the order stays where it can.
      for (std::size_t step = 0; step < before_.size(); ++step) {
        const std::size_t old = (next + step) % before_.size();
        if (!used_[old] && match(before_[old], after_[at])) {
          take(at, old);
          next = old + 1;
          break;
        }
      }
    }
  }

  /// Those that are left in one gap of both lists, where they are as many.
  void pair_gaps() {
    std::size_t after_from = 0;
    std::size_t before_from = 0;
    for (std::size_t at = 0; at <= pairs_.size(); ++at) {
      if (at < pairs_.size() && pairs_[at] == std::string::npos) {
        continue;
      }
      const std::size_t before_to = at < pairs_.size() ? pairs_[at] : before_.size();
      if (before_to >= before_from && before_to - before_from == at - after_from) {
        for (std::size_t step = 0; after_from + step < at; ++step) {
          if (!used_[before_from + step]) {
            take(after_from + step, before_from + step);
          }
        }
      }
      after_from = at + 1;
      before_from = before_to + 1;
    }
  }

  std::vector<std::size_t> take_pairs() { return std::move(pairs_); }

 private:
  void take(std::size_t after, std::size_t before) {
    pairs_[after] = before;
    used_[before] = true;
  }

  std::span<const Node> before_;
  std::span<const Node> after_;
  std::vector<std::size_t> pairs_;
  std::vector<bool> used_;
};

}  // namespace

std::vector<std::size_t> pair_items(const Node& before, const Node& after) {
  if (is_by_place(before, after)) {
    std::vector<std::size_t> pairs(after.size());
    std::iota(pairs.begin(), pairs.end(), std::size_t{0});
    return pairs;
  }
  Pairing pairing(before, after);
  pairing.pair(equal_without_nulls);
  pairing.pair(has_same_identity);
  pairing.pair_gaps();
  return pairing.take_pairs();
}

}  // namespace seaworthy::document
