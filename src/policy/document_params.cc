#include "seaworthy/policy/document_params.h"

#include <algorithm>
#include <tuple>

#include "seaworthy/admission/api_resources.h"

namespace seaworthy::policy {
namespace {

using document::Node;

std::string_view namespace_of(const Node& object) {
  const auto name = object["metadata"]["namespace"].as_string();
  return name.empty() ? "default" : name;
}

std::string_view name_of_object(const Node& object) {
  return object["metadata"]["name"].as_string();
}

}  // namespace

DocumentParams::DocumentParams(std::span<const Node> objects, std::shared_ptr<const Arena> arena)
    : objects_(objects.begin(), objects.end()), arena_(std::move(arena)) {
  for (const Node& object : objects_) {
    const ParamKind kind{.api_version = std::string(object["apiVersion"].as_string()),
                         .kind = std::string(object["kind"].as_string())};
    by_kind_[kind].push_back(object);
    if (kind.kind == "CustomResourceDefinition") {
      const Node& spec = object["spec"];
      custom_[{std::string(spec["group"].as_string()),
               std::string(spec["names"]["kind"].as_string())}] =
          spec["scope"].as_string() == "Namespaced";
    }
  }
  for (auto& entry : by_kind_) {
    std::ranges::stable_sort(entry.second, [](const Node& a, const Node& b) {
      return std::tuple(namespace_of(a), name_of_object(a)) <
             std::tuple(namespace_of(b), name_of_object(b));
    });
  }
}

std::optional<bool> DocumentParams::is_namespaced(const ParamKind& kind) const {
  const auto group = admission::split_api_version(kind.api_version).first;
  if (admission::is_cluster_scoped(group, kind.kind)) {
    return false;
  }
  if (group.empty()) {
    return true;
  }
  const auto custom = custom_.find({std::string(group), kind.kind});
  if (custom != custom_.end()) {
    return custom->second;
  }
  const auto found = by_kind_.find(kind);
  if (found == by_kind_.end()) {
    return std::nullopt;
  }
  return std::ranges::any_of(
      found->second, [](const Node& object) { return object["metadata"]["namespace"].size() > 0; });
}

std::vector<Node> DocumentParams::list(const ParamKind& kind,
                                       std::string_view namespace_name) const {
  const auto found = by_kind_.find(kind);
  if (found == by_kind_.end()) {
    return {};
  }
  std::vector<Node> chosen;
  std::ranges::copy_if(found->second, std::back_inserter(chosen), [&](const Node& object) {
    return namespace_name.empty() || namespace_of(object) == namespace_name;
  });
  return chosen;
}

}  // namespace seaworthy::policy
