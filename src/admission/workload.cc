#include "seaworthy/admission/workload.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "seaworthy/document/edit.h"

namespace seaworthy::admission {
namespace {

using document::Node;

constexpr std::array<std::string_view, 2> kSpecTemplate{"spec", "template"};
constexpr std::array<std::string_view, 4> kCronTemplate{"spec", "jobTemplate", "spec", "template"};
constexpr std::array<std::string_view, 1> kTemplate{"template"};

// Source: the served versions of Kubernetes 1.36; older ones (extensions/v1beta1, batch/v1beta1)
// are no longer sent by any supported server.
constexpr std::array kKinds{
    WorkloadKind{"", "v1", "Pod", "pods", {}},
    WorkloadKind{"", "v1", "ReplicationController", "replicationcontrollers", kSpecTemplate},
    WorkloadKind{"", "v1", "PodTemplate", "podtemplates", kTemplate},
    WorkloadKind{"apps", "v1", "Deployment", "deployments", kSpecTemplate},
    WorkloadKind{"apps", "v1", "StatefulSet", "statefulsets", kSpecTemplate},
    WorkloadKind{"apps", "v1", "DaemonSet", "daemonsets", kSpecTemplate},
    WorkloadKind{"apps", "v1", "ReplicaSet", "replicasets", kSpecTemplate},
    WorkloadKind{"batch", "v1", "Job", "jobs", kSpecTemplate},
    WorkloadKind{"batch", "v1", "CronJob", "cronjobs", kCronTemplate},
};

/// `name` without "-suffix"; the whole where it does not end so.
std::string_view without_suffix(std::string_view name, std::string_view suffix) {
  if (!suffix.empty() && name.size() > suffix.size() + 1 && name.ends_with(suffix) &&
      name[name.size() - suffix.size() - 1] == '-') {
    return name.substr(0, name.size() - suffix.size() - 1);
  }
  return name;
}

/// The digits that a CronJob's Jobs end in (minutes since 1970), or "".
std::string_view trailing_minutes(std::string_view name) {
  const auto dash = name.rfind('-');
  if (dash == std::string_view::npos) {
    return {};
  }
  const auto digits = name.substr(dash + 1);
  const bool minutes = digits.size() >= 8 &&
                       std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  return minutes ? digits : std::string_view{};
}

}  // namespace

std::span<const WorkloadKind> workload_kinds() { return kKinds; }

const WorkloadKind* find_workload_kind(const GroupVersionKind& kind) {
  const auto* found = std::ranges::find_if(kKinds, [&](const WorkloadKind& each) {
    return each.kind == kind.kind && each.group == kind.group && each.version == kind.version;
  });
  return found == kKinds.end() ? nullptr : found;
}

Result<std::optional<PodSubject>> find_pod(const GroupVersionKind& kind, const Node& object) {
  const WorkloadKind* workload = find_workload_kind(kind);
  if (workload == nullptr) {
    return std::optional<PodSubject>{};
  }
  PodSubject subject;
  subject.kind = workload;
  subject.is_template = !workload->pod_path.empty();
  const Node* holder = &object;
  for (const auto step : workload->pod_path) {
    holder = &(*holder)[step];
    subject.path = subject.path / step;
  }
  if (holder->is_null() && workload->kind == "ReplicationController" && object["spec"].is_map()) {
    return std::optional<PodSubject>{};  // its template is optional
  }
  subject.metadata = (*holder)["metadata"];
  subject.spec = (*holder)["spec"];
  if (!subject.spec.is_map()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} is missing or not an object", (subject.path / "spec").text()));
  }
  return std::optional<PodSubject>{std::move(subject)};
}

std::string_view name_of(ContainerKind kind) {
  switch (kind) {
    case ContainerKind::kInit:
      return "init";
    case ContainerKind::kSidecar:
      return "sidecar";
    case ContainerKind::kMain:
      return "main";
    case ContainerKind::kEphemeral:
      return "ephemeral";
  }
  return "";
}

std::vector<Container> containers_of(const Node& pod_spec) {
  std::vector<Container> containers;
  auto add = [&](std::string_view list, auto kind_of) {
    const auto items = pod_spec[list].items();
    for (std::size_t index = 0; index < items.size(); ++index) {
      containers.push_back({items[index], kind_of(items[index]), list, index});
    }
  };
  add("initContainers", [](const Node& container) {
    return container["restartPolicy"].as_string() == "Always" ? ContainerKind::kSidecar
                                                              : ContainerKind::kInit;
  });
  add("containers", [](const Node&) { return ContainerKind::kMain; });
  add("ephemeralContainers", [](const Node&) { return ContainerKind::kEphemeral; });
  return containers;
}

std::optional<ObjectName> controller_of(const Node& metadata) {
  for (const Node& owner : metadata["ownerReferences"].items()) {
    if (!owner["controller"].as_bool()) {
      continue;
    }
    const auto kind = owner["kind"].as_string();
    const auto name = owner["name"].as_string();
    if (kind == "ReplicaSet") {
      const auto deployment =
          without_suffix(name, metadata["labels"]["pod-template-hash"].as_string());
      if (deployment != name) {
        return ObjectName{"Deployment", deployment};
      }
    }
    if (kind == "Job") {
      const auto cron_job = without_suffix(name, trailing_minutes(name));
      if (cron_job != name) {
        return ObjectName{"CronJob", cron_job};
      }
    }
    return ObjectName{kind, name};
  }
  return std::nullopt;
}

Node pod_of_template(const PodSubject& subject, std::string_view namespace_name, Arena& arena) {
  Node metadata = subject.metadata;
  if (!namespace_name.empty()) {
    metadata = document::with_member(metadata, "namespace",
                                     document::make_string(namespace_name, arena), arena);
  }
  return document::MapBuilder(arena)
      .add("apiVersion", Node::string("v1"))
      .add("kind", Node::string("Pod"))
      .add("metadata", metadata)
      .add("spec", subject.spec)
      .build();
}

}  // namespace seaworthy::admission
