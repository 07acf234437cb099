#pragma once

#include <functional>
#include <string>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/engine/evaluator.h"
#include "seaworthy/engine/finding.h"
#include "seaworthy/engine/settings.h"
#include "seaworthy/engine/target.h"

namespace seaworthy::engine {

/// A remedy that was applied to one item and proven.
struct AppliedRemedy {
  const policy::Policy* policy = nullptr;
  Item item;
  bool without_fact =
      false;  ///< needs-fact, and nothing answered it: the container may fail to start.
};

/// A remedy that was not applied, not in full, or undone, and why, in words for a report.
struct UndoneRemedy {
  const policy::Policy* policy = nullptr;
  Item item;
  std::string reason;
};

struct Mended {
  document::Node object;  ///< The whole object; as it was where nothing was applied.
  Findings findings;      ///< Of the object as it is now.
  std::vector<AppliedRemedy> applied;
  std::vector<UndoneRemedy> undone;
};

struct MendScope {
  std::function<policy::RemedyLevel(const Finding&)> level;
  /// Only container.securityContext, only these indexes of spec.ephemeralContainers (DESIGN section
  /// 5, item 1); unset: everything.
  const std::vector<std::size_t>* only_ephemeral = nullptr;
};

/// Applies the remedies of `findings` (what `evaluate` said of `target`) in the order of policies,
/// each on the result so far, then evaluates everything again: a remedy whose rule still fails,
/// that makes another rule fail, or that breaks a rule of the Pod API is undone whole. Rule: DESIGN
/// section 5, items 2 to 4.
Result<Mended> mend(std::span<const std::shared_ptr<const policy::Policy>> policies,
                    const Target& target, const Findings& findings, const MendScope& scope,
                    Arena& arena, const Deadline& deadline = {},
                    const ParameterValues& parameters = {});

}  // namespace seaworthy::engine
