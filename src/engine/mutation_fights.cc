// Two policies fight over a field where one changes what the other has set: the platform keeps the
// last word, and who has it hangs on names. A policy fights with itself where it changes the object
// again each time that it runs: it would never come to rest. That two policies append to one list
// is no fight.
#include "engine/mutation_fights.h"

#include <algorithm>

#include "engine/field_changes.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::engine {

void MutationFights::report(const policy::AdmissionPolicy& policy,
                            const policy::AdmissionPolicy& other, const std::string& path) {
  const bool known = std::ranges::any_of(found_, [&](const MutationFight& fight) {
    return fight.path == path && ((fight.policy == &policy && fight.other == &other) ||
                                  (fight.policy == &other && fight.other == &policy));
  });
  if (!known) {
    found_.push_back({.policy = &policy, .other = &other, .path = path});
  }
}

void MutationFights::add(const policy::AdmissionPolicy& policy, const document::Node& before,
                         const document::Node& after, bool again) {
  for (auto& change : field_changes(before, after, limits::kFieldChangesMax)) {
    const auto [at, is_new] = last_.try_emplace(
        change.path, Word{.policy = &policy, .value = change.value, .is_length = change.is_length});
    if (is_new) {
      continue;
    }
    auto& word = at->second;
    const bool lengths = change.is_length || word.is_length;
    if (word.policy == &policy ? again : !lengths) {
      report(policy, *word.policy, change.path);
    }
    word = {.policy = &policy, .value = change.value, .is_length = change.is_length};
  }
}

}  // namespace seaworthy::engine
