#include "seaworthy/engine/manifest_review.h"

#include <fmt/format.h>

#include "seaworthy/admission/api_resources.h"
#include "seaworthy/admission/workload.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::engine {
namespace {

using document::Node;

/// The kind's resource name: the table's for workloads, else the plural.
std::string resource_of(const admission::GroupVersionKind& kind) {
  const auto* workload = admission::find_workload_kind(kind);
  return workload == nullptr ? admission::resource_name_of(kind.kind)
                             : std::string(workload->resource);
}

/// The manifest as the API server decodes it: a member that is null is not there.
Node without_nulls(const Node& node, Arena& arena) {
  if (node.is_list()) {
    std::vector<Node> items;
    for (const Node& item : node.items()) {
      items.push_back(without_nulls(item, arena));
    }
    return document::make_list(items, arena);
  }
  if (!node.is_map()) {
    return node;
  }
  document::MapBuilder builder(arena);
  for (const auto& member : node.members()) {
    if (!member.value.is_null()) {
      builder.add(member.key.text(), without_nulls(member.value, arena));
    }
  }
  return builder.build();
}

}  // namespace

Result<admission::Review> review_of_manifest(const Node& written, std::string_view namespace_name,
                                             Arena& arena) {
  const Node manifest = without_nulls(written, arena);
  const auto api_version = manifest["apiVersion"].as_string();
  const auto kind = manifest["kind"].as_string();
  if (api_version.empty() || kind.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("a manifest needs apiVersion and kind; {} is missing",
                            api_version.empty() ? "apiVersion" : "kind"));
  }
  admission::Review review;
  review.api_version = "admission.k8s.io/v1";
  review.uid = "manifest";
  const auto [group, version] = admission::split_api_version(api_version);
  review.kind = {group, version, kind};
  review.resource = {review.kind.group, review.kind.version, arena.copy(resource_of(review.kind))};
  review.operation = admission::Operation::kCreate;
  const Node& metadata = manifest["metadata"];
  review.name = metadata["name"].as_string();
  const auto own_namespace = metadata["namespace"].as_string();
  if (group.empty() && kind == "Namespace") {
    review.namespace_name = review.name;  // as the API server has it (webhook contract 1.2)
  } else if (!admission::is_cluster_scoped(group, kind)) {
    review.namespace_name = own_namespace.empty() ? arena.copy(namespace_name) : own_namespace;
  }
  review.object = manifest;

  auto string = [](std::string_view text) { return Node::string(text); };
  const Node kind_node = document::MapBuilder(arena)
                             .add("group", string(review.kind.group))
                             .add("version", string(review.kind.version))
                             .add("kind", string(kind))
                             .build();
  const Node resource_node = document::MapBuilder(arena)
                                 .add("group", string(review.resource.group))
                                 .add("version", string(review.resource.version))
                                 .add("resource", string(review.resource.resource))
                                 .build();
  const Node options = document::MapBuilder(arena)
                           .add("kind", string("CreateOptions"))
                           .add("apiVersion", string("meta.k8s.io/v1"))
                           .build();
  review.request = document::MapBuilder(arena)
                       .add("kind", kind_node)
                       .add("resource", resource_node)
                       .add("requestKind", kind_node)
                       .add("requestResource", resource_node)
                       .add("name", string(review.name))
                       .add("namespace", string(review.namespace_name))
                       .add("operation", string("CREATE"))
                       .add("dryRun", Node::boolean(false))
                       .add("options", options)
                       .build();
  return review;
}

}  // namespace seaworthy::engine
