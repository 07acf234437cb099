#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "seaworthy/engine/finding.h"

namespace seaworthy::engine {

/// What policies came to, part by part, on an object whose likes are expected: the Pods of one
/// template differ in their names and little else. Policies are known by their places among those
/// that a request is judged by. Threads: one at a time.
class KnownOutcomes {
 public:
  /// Of so many policies, of which nothing is known yet.
  explicit KnownOutcomes(std::size_t policies) : entries_(policies) {}

  /// The findings of the policy, in the order of parts. Errors are not kept.
  void note(std::size_t policy, std::span<const Finding> findings);

  /// From here on another object is judged, that is like the noted one but for what is doubted.
  void begin() { ++object_; }

  /// The policy may come to something else on this object.
  void doubt(std::size_t policy) { entries_[policy].doubted = object_; }

  /// Of each of the `parts` parts of the object; empty where the policy has to be asked. `worded`:
  /// what is said of violations is wanted, so a policy that is violated has to be.
  [[nodiscard]] std::span<const Outcome> of(std::size_t policy, std::size_t parts,
                                            bool worded) const;

  /// Bytes that it takes, or will when everything is noted.
  [[nodiscard]] std::size_t held_bytes() const;

 private:
  struct Entry {
    std::vector<Outcome> outcomes;  ///< Empty: nothing is known.
    bool fails = false;
    std::uint64_t doubted = 0;  ///< In which object.
  };

  std::vector<Entry> entries_;
  std::uint64_t object_ = 1;
};

}  // namespace seaworthy::engine
