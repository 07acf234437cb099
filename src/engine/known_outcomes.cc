#include "seaworthy/engine/known_outcomes.h"

#include <algorithm>

namespace seaworthy::engine {

void KnownOutcomes::note(std::size_t policy, std::span<const Finding> findings) {
  Entry& entry = entries_[policy];
  entry.outcomes.clear();
  entry.fails = false;
  for (const Finding& finding : findings) {
    entry.outcomes.push_back(finding.outcome);
    entry.fails = entry.fails || finding.outcome == Outcome::kFail;
  }
  if (std::ranges::find(entry.outcomes, Outcome::kError) != entry.outcomes.end()) {
    entry.outcomes.clear();
  }
}

std::span<const Outcome> KnownOutcomes::of(std::size_t policy, std::size_t parts,
                                           bool worded) const {
  const Entry& entry = entries_[policy];
  const bool usable =
      entry.outcomes.size() == parts && entry.doubted != object_ && !(entry.fails && worded);
  return usable ? std::span<const Outcome>(entry.outcomes) : std::span<const Outcome>();
}

std::size_t KnownOutcomes::held_bytes() const {
  constexpr std::size_t kOutcomes = 32;  // what the system gives for a few parts
  return entries_.capacity() * (sizeof(Entry) + kOutcomes);
}

}  // namespace seaworthy::engine
