#pragma once

#include "seaworthy/base/arena.h"
#include "seaworthy/document/node.h"
#include "seaworthy/engine/evaluator.h"

namespace seaworthy::engine {

/// The remedy of the context's policy as a person would write it for this part: {container, pod,
/// podMetadata}, expressions computed, $append lists as plain ones. Null where there is none or it
/// cannot be computed. The part must be selected.
document::Node suggest(const policy::Policy& policy, PolicyContext& context, Arena& arena);

}  // namespace seaworthy::engine
