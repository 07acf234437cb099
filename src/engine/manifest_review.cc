#include "seaworthy/engine/manifest_review.h"

#include <fmt/format.h>

#include "seaworthy/admission/workload.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::engine {
namespace {

using document::Node;

/// The kind's resource name: the table's for workloads, else lower case with an s, as nearly all
/// kinds have it.
std::string resource_of(const admission::GroupVersionKind& kind) {
  if (const auto* workload = admission::find_workload_kind(kind)) {
    return std::string(workload->resource);
  }
  std::string name;
  for (const char c : kind.kind) {
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (name.ends_with('y')) {
    return name.substr(0, name.size() - 1) + "ies";
  }
  return name + (name.ends_with('s') ? "es" : "s");
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
  const auto slash = api_version.find('/');
  review.kind = {
      slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash),
      slash == std::string_view::npos ? api_version : api_version.substr(slash + 1), kind};
  review.resource = {review.kind.group, review.kind.version, arena.copy(resource_of(review.kind))};
  review.operation = admission::Operation::kCreate;
  const Node& metadata = manifest["metadata"];
  review.name = metadata["name"].as_string();
  const auto own_namespace = metadata["namespace"].as_string();
  review.namespace_name = own_namespace.empty() ? arena.copy(namespace_name) : own_namespace;
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
  review.request = document::MapBuilder(arena)
                       .add("kind", kind_node)
                       .add("resource", resource_node)
                       .add("requestKind", kind_node)
                       .add("requestResource", resource_node)
                       .add("name", string(review.name))
                       .add("namespace", string(review.namespace_name))
                       .add("operation", string("CREATE"))
                       .add("dryRun", Node::boolean(false))
                       .build();
  return review;
}

}  // namespace seaworthy::engine
