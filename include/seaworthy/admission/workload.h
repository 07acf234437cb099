#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "seaworthy/admission/review.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/path.h"

namespace seaworthy::admission {

/// A kind whose objects are Pods or make Pods, and where the Pod is in them.
struct WorkloadKind {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::string_view resource;
  /// Steps from the root to what holds the Pod's `metadata` and `spec`: none for a Pod, {"spec",
  /// "template"} for a Deployment.
  std::span<const std::string_view> pod_path;
};

/// Pod, ReplicationController, PodTemplate, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job,
/// CronJob, in their served versions.
std::span<const WorkloadKind> workload_kinds();

/// Null for kinds that hold no Pod.
const WorkloadKind* find_workload_kind(const GroupVersionKind& kind);

/// The Pod within an object: a Pod itself, or a workload's template.
struct PodSubject {
  const WorkloadKind* kind = nullptr;
  bool is_template = false;
  document::Path
      path;  ///< From the object's root to the holder of `metadata` and `spec`; empty for a Pod.
  document::Node metadata;  ///< Of the Pod or template; null where there is none.
  document::Node spec;      ///< A map.
};

/// The Pod in `object`, which is of `kind`. Nothing where the kind holds none, or the object has no
/// template (a ReplicationController may come without). Errors: kInvalid where a Pod spec is
/// required but is missing or no map.
Result<std::optional<PodSubject>> find_pod(const GroupVersionKind& kind,
                                           const document::Node& object);

enum class ContainerKind : std::uint8_t { kInit, kSidecar, kMain, kEphemeral };

/// "init", "sidecar", "main", "ephemeral".
std::string_view name_of(ContainerKind kind);

struct Container {
  document::Node node;
  ContainerKind kind = ContainerKind::kMain;
  std::string_view list;  ///< "initContainers", "containers", "ephemeralContainers"
  std::size_t index = 0;

  [[nodiscard]] std::string_view name() const { return node["name"].as_string(); }
};

/// Init, main, ephemeral containers, in this order. A sidecar is an init container with
/// `restartPolicy: Always` and nothing else.
std::vector<Container> containers_of(const document::Node& pod_spec);

struct ObjectName {
  std::string_view kind;
  std::string_view name;
};

/// The workload that a Pod belongs to, as its controller's owner reference tells: a ReplicaSet's
/// name without its pod-template-hash, a Job's of a CronJob without its suffix. No trust boundary:
/// anybody may write an owner reference.
std::optional<ObjectName> controller_of(const document::Node& metadata);

/// The Pod of a template as the controller would create it: apiVersion, kind, metadata (with the
/// namespace) and spec.
document::Node pod_of_template(const PodSubject& subject, std::string_view namespace_name,
                               Arena& arena);

}  // namespace seaworthy::admission
