#pragma once

#include "policy/fields.h"

namespace seaworthy::policy {

/// Reports, at its place, each call in an expression under `node` that would ask a cluster, a
/// registry or another server: `resource.Get`, `http.Post`, `image.GetMetadata` … False where there
/// is one. `path`: of the node.
bool check_supported(const ReadContext& context, const document::Node& node,
                     const std::string& path);

}  // namespace seaworthy::policy
