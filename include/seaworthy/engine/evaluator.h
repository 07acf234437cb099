#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/engine/finding.h"
#include "seaworthy/engine/known_outcomes.h"
#include "seaworthy/engine/parameter_values.h"
#include "seaworthy/engine/settings.h"
#include "seaworthy/engine/target.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::engine {

/// Whether findings have messages: nobody reads those of a policy that only audits.
enum class Wording : std::uint8_t { kFull, kNone };

/// One policy at one part of a Pod, ready to run its expressions. Lifetime: the policy, the target,
/// the arena.
class PolicyContext final : private cel::LazySlots {
 public:
  /// `memo`: of the policy's layout and the same arena; null: nothing is shared. Before the first
  /// select() nothing can be evaluated.
  PolicyContext(const policy::Policy& policy, const Target& target, Arena& arena,
                std::span<const policy::Parameter> overrides = {}, cel::Memo* memo = nullptr);
  PolicyContext(const PolicyContext&) = delete;
  PolicyContext& operator=(const PolicyContext&) = delete;

  /// Points the item's variables (container, volume, image …) at a part and forgets what
  /// `variables` had computed.
  void select(const Target::Part& part);
  /// The same where `slots` have the part's variables already, and those of the bundle's parameters
  /// that others have asked for.
  void select(const Target::Part& part, std::span<cel::Value> slots);
  /// When, require and message on the part that is selected. `passes`: `require` is known to hold.
  /// Rule: DESIGN section 5, item 7.
  Finding evaluate(const Target::Part& part, Wording wording = Wording::kFull, bool passes = false);

  [[nodiscard]] cel::Evaluation& evaluation() { return evaluation_; }

 private:
  cel::Value resolve(std::uint32_t slot, cel::Evaluation& evaluation) override;

  const policy::Policy* policy_;
  const Target* target_;
  std::span<const policy::Parameter> parameters_;
  std::span<cel::Value> slots_;
  std::string_view image_;  ///< The selected part's.
  cel::Evaluation evaluation_;
};

/// True where the policy is about this request at all. Rule: DESIGN section 4: without `match`
/// every Pod and Pod template on CREATE and UPDATE, pods/ephemeralcontainers and pods/resize
/// included.
bool selects(const policy::Policy& policy, const Target& target);

/// What of evaluations is kept from one object to the next.
struct Memory {
  const KnownOutcomes* known = nullptr;  ///< Of an object like this one; null: nothing is known.
  KnownOutcomes* noted = nullptr;        ///< Learns what policies come to on this one.
};

/// Every policy that selects the target, at every part: in the order of policies, then parts.
/// Errors: kUnavailable where the deadline passed.
Result<Findings> evaluate(std::span<const std::shared_ptr<const policy::Policy>> policies,
                          const Target& target, Arena& arena, const Deadline& deadline = {},
                          const ParameterValues& parameters = {}, Wording wording = Wording::kFull,
                          const Memory& memory = {});

}  // namespace seaworthy::engine
