#pragma once

#include "seaworthy/admission/review.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/document/node.h"

namespace seaworthy::engine {

/// The object, or old object, of a manifest's review with what the API server shows of it though
/// nobody wrote it: a Role's and a ClusterRole's `rules` (null where there are none), the
/// `metadata` of the templates of workloads (a map, empty where there is none), and
/// metadata.namespace. Rule: k8s.io/api rbac/v1 and core/v1 types.go: fields without omitempty, and
/// structs.
document::Node as_served(const admission::Review& review, const document::Node& object,
                         Arena& arena);

}  // namespace seaworthy::engine
