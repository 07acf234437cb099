#pragma once

#include "seaworthy/base/arena.h"
#include "seaworthy/document/node.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::translate {

/// `spec.matchConstraints`: the policy's own, or every Pod and Pod template on CREATE and UPDATE.
document::Node match_constraints(const policy::Policy& policy, Arena& arena);

/// Whether everything that the policy matches is a Pod or holds the template of one.
bool matches_only_pods(const policy::Policy& policy);

/// Whether the policy matches every Pod that is created, selectors aside.
bool matches_new_pods(const policy::Policy& policy);

/// `spec.matchConditions` that keep away what native policies are not asked about or do not refuse:
/// connections, and updates which leave alone what runs, as engine::compare tells; null where
/// neither can be among what it matches.
document::Node match_conditions(const policy::Policy& policy, Arena& arena);

/// `spec.matchConstraints` of what mends: new Pods that the policy selects.
document::Node new_pods(const policy::Policy& policy, Arena& arena);

/// `spec.matchConditions` that keep mirror Pods away: a kubelet has started them already.
document::Node no_mirrors(Arena& arena);

}  // namespace seaworthy::translate
