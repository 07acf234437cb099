// What may be said is cut into all its stretches of six bytes, "grams", letters folded: six bytes
// fit a word, so that grams are compared and never only their hashes. They are sorted by a mix of
// their bits, with a directory of the upper ones: a look-up costs a step or two, and at worst, with
// texts made to collide, a binary search. Then one pass over the secrets marks the grams that they
// hold, one over the public texts those that may be said nevertheless, and a byte of a text is
// taken out where a gram over it is marked as a secret's only. So parts of a secret are found as
// well as all of it, also where a message was cut within one.
#include "engine/redactor.h"

#include <algorithm>
#include <bit>
#include <string>

#include "seaworthy/base/limits.h"

namespace seaworthy::engine {
namespace {

constexpr std::size_t kGram = limits::kRedactedBytesMin;
constexpr std::uint64_t kGramMask = (std::uint64_t{1} << (8 * kGram)) - 1;
constexpr std::string_view kRedacted = "***";

constexpr std::uint64_t folded(char byte) {
  const auto letter = static_cast<unsigned char>(byte);
  return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
}

/// Odd, so no two grams mix to one.
constexpr std::uint64_t mixed(std::uint64_t gram) { return gram * 0x9E3779B97F4A7C15U; }

/// Calls `visit` with each gram, mixed, and where it begins.
template <class Visit>
void each_gram(std::string_view text, const Visit& visit) {
  std::uint64_t gram = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    gram = (gram << 8 | folded(text[at])) & kGramMask;
    if (at + 1 >= kGram) {
      visit(mixed(gram), at + 1 - kGram);
    }
  }
}

constexpr bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

}  // namespace

void Redactor::watch(std::string_view text) {
  each_gram(text, [&](std::uint64_t gram, std::size_t) { grams_.push_back(gram); });
}

void Redactor::seal() {
  std::ranges::sort(grams_);
  const auto twice = std::ranges::unique(grams_);
  grams_.erase(twice.begin(), twice.end());
  marks_.assign(grams_.size(), 0);
  const auto bits = static_cast<unsigned>(std::bit_width(grams_.size() | 1U)) + 1;
  shift_ = 64 - bits;
  first_.assign((std::size_t{1} << bits) + 1, 0);
  for (const std::uint64_t gram : grams_) {
    ++first_[(gram >> shift_) + 1];
  }
  for (std::size_t at = 1; at < first_.size(); ++at) {
    first_[at] += first_[at - 1];
  }
}

std::size_t Redactor::find(std::uint64_t gram) const {
  const std::size_t bucket = gram >> shift_;
  const auto from = grams_.begin() + first_[bucket];
  const auto to = grams_.begin() + first_[bucket + 1];
  const auto found = std::lower_bound(from, to, gram);
  return found == to || *found != gram ? grams_.size()
                                       : static_cast<std::size_t>(found - grams_.begin());
}

void Redactor::mark(std::string_view text, Mark mark) {
  if (grams_.empty()) {
    return;
  }
  each_gram(text, [&](std::uint64_t gram, std::size_t) {
    const std::size_t at = find(gram);
    if (at < grams_.size()) {
      marks_[at] |= mark;
      found_ = found_ || mark == kSecret;
    }
  });
}

std::string_view Redactor::redact(std::string_view text, Arena& arena) const {
  std::string said;
  std::size_t said_to = 0;  // of `text`: before it, all is in `said`
  std::size_t from = 0;
  std::size_t to = 0;  // the stretch that was found last; empty: none was
  const auto take_out = [&] {
    if (from == to) {
      return;
    }
    while (from > said_to && is_continuation(text[from])) {
      --from;
    }
    while (to < text.size() && is_continuation(text[to])) {
      ++to;
    }
    said.append(text, said_to, from - said_to).append(kRedacted);
    said_to = to;
  };
  if (!found_) {
    return text;
  }
  each_gram(text, [&](std::uint64_t gram, std::size_t at) {
    const std::size_t place = find(gram);
    if (place == grams_.size() || marks_[place] != kSecret) {
      return;
    }
    if (from == to || at > to) {
      take_out();
      from = std::max(at, said_to);
    }
    to = std::max(at + kGram, from);
  });
  take_out();
  return said_to == 0 ? text : arena.copy(said.append(text, said_to));
}

}  // namespace seaworthy::engine
