#include "engine/as_served.h"

#include <span>
#include <string_view>

#include "seaworthy/admission/api_resources.h"
#include "seaworthy/admission/workload.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::engine {
namespace {

using document::Node;

/// `map` with metadata in the map at `path`, where that is there and has none.
Node with_metadata(const Node& map, std::span<const std::string_view> path, Arena& arena) {
  if (!map.is_map()) {
    return map;
  }
  if (path.empty()) {
    return map.find("metadata") == nullptr
               ? document::with_member(map, "metadata", document::MapBuilder(arena).build(), arena)
               : map;
  }
  const Node* inner = map.find(path.front());
  if (inner == nullptr) {
    return map;
  }
  return document::with_member(map, path.front(), with_metadata(*inner, path.subspan(1), arena),
                               arena);
}

/// With metadata.namespace, which the API server fills in before it asks anybody.
Node with_namespace(const admission::Review& review, const Node& object, Arena& arena) {
  const Node* metadata = object.is_map() ? object.find("metadata") : nullptr;
  if (metadata == nullptr || !metadata->is_map() || review.namespace_name.empty() ||
      !(*metadata)["namespace"].as_string().empty() ||
      admission::is_cluster_scoped(review.kind.group, review.kind.kind)) {
    return object;
  }
  return document::with_member(
      object, "metadata",
      document::with_member(*metadata, "namespace", Node::string(review.namespace_name), arena),
      arena);
}

}  // namespace

Node as_served(const admission::Review& review, const Node& given, Arena& arena) {
  const auto& kind = review.kind;
  const Node object = with_namespace(review, given, arena);
  if (kind.group == "rbac.authorization.k8s.io") {
    const bool has_rules = kind.kind == "Role" || kind.kind == "ClusterRole";
    return has_rules && object.is_map() && object.find("rules") == nullptr
               ? document::with_member(object, "rules", Node(), arena)
               : object;
  }
  const auto* workload = admission::find_workload_kind(kind);
  return workload == nullptr || workload->pod_path.empty()
             ? object
             : with_metadata(object, workload->pod_path, arena);
}

}  // namespace seaworthy::engine
