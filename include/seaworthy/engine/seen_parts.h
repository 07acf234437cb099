#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "seaworthy/base/limits.h"
#include "seaworthy/engine/finding.h"
#include "seaworthy/engine/target.h"
#include "seaworthy/policy/footprint.h"

namespace seaworthy::engine {

/// What policies came to on the containers and images seen last. The Pods of a workload are alike
/// in all that policies ask of them, and each of them comes at least twice: what is the same to the
/// byte is not evaluated again. Bounded (limits::kSeenPartsMax). Threads: one at a time.
class SeenParts {
  /// One part as policies see it, and what they came to.
  struct Entry {
    std::string print;
    std::vector<std::optional<Outcome>> outcomes;  ///< By Footprint::number.
    std::uint64_t turn = 0;                        ///< How often another part took the place.
  };

 public:
  /// A part's place among those that were seen. Good until use() is called.
  class Recollection {
   public:
    Recollection() = default;

    /// Nothing where the policy was not asked yet, or another part has taken the place.
    [[nodiscard]] std::optional<Outcome> outcome(const policy::Footprint& policy) const {
      return is_good() ? entry_->outcomes[policy.number] : std::nullopt;
    }

    void note(const policy::Footprint& policy, Outcome outcome) {
      if (is_good()) {
        entry_->outcomes[policy.number] = outcome;
      }
    }

   private:
    friend class SeenParts;

    explicit Recollection(Entry& entry) : entry_(&entry), turn_(entry.turn) {}

    [[nodiscard]] bool is_good() const { return entry_ != nullptr && entry_->turn == turn_; }

    Entry* entry_ = nullptr;  ///< Null: a part that is not kept.
    std::uint64_t turn_ = 0;
  };

  /// Forgets all but what was seen with the policies of this load.
  void use(const std::shared_ptr<const policy::FieldIndex>& fields);

  /// `each`: kContainer or kImage, of which the part is.
  Recollection recall(policy::Each each, const Target& target, const Target::Part& part);

 private:
  std::shared_ptr<const policy::FieldIndex> fields_;
  std::vector<Entry> entries_;
  std::array<char, limits::kSeenPartBytesMax> room_{};  ///< For the print of a part.
};

}  // namespace seaworthy::engine
