#pragma once

#include <set>
#include <string>
#include <string_view>

#include "policy/fields.h"

namespace seaworthy::policy {

/// Reports, at its place, each call in an expression under `node` that would ask a cluster, a
/// registry or another server: `resource.Get`, `http.Post`, `image.GetMetadata` … False where there
/// is one. `path`: of the node.
bool check_supported(const ReadContext& context, const document::Node& node,
                     const std::string& path);

/// Warns at `node`, in a field called `path`, of a name that is none of the controllers that rules
/// for Pods are also made for: Kyverno leaves it out without a word. `none` and nothing are known.
void check_controller(const ReadContext& context, const document::Node& node, std::string_view path,
                      std::string_view name, const std::set<std::string>& known);

}  // namespace seaworthy::policy
