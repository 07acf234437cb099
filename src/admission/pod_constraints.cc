// What the API server refuses in a Pod although each field is right by itself. Only rules that a
// remedy can run into are here; each function is one of them, over the spec after defaulting.
#include "seaworthy/admission/pod_constraints.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "seaworthy/admission/workload.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/document/quantity.h"

namespace seaworthy::admission {
namespace {

using document::Node;
using document::Quantity;

/// A resource's quantity by name.
using Amounts = std::map<std::string_view, Quantity>;

class Violations {
 public:
  void add(std::string path, std::string message) {
    found_.push_back({std::move(path), std::move(message)});
  }

  std::vector<ConstraintViolation> take() {
    std::ranges::sort(found_);
    return std::move(found_);
  }

 private:
  std::vector<ConstraintViolation> found_;
};

std::string path_of(const Container& container) {
  return fmt::format("{}[{}]", container.list, container.index);
}

/// Quantities of a resource list; JSON numbers count as whole ones.
Amounts amounts_of(const Node& list) {
  Amounts amounts;
  for (const auto& member : list.members()) {
    if (member.value.is_int()) {
      amounts.emplace(member.key.text(), Quantity::from_integer(member.value.as_int()));
    } else if (auto quantity = Quantity::parse(member.value.as_string())) {
      amounts.emplace(member.key.text(), *quantity);
    }
  }
  return amounts;
}

void add_to(Amounts& sum, const Amounts& more) {
  for (const auto& [name, quantity] : more) {
    auto [place, is_new] = sum.try_emplace(name, quantity);
    if (!is_new) {
      place->second = place->second.plus(quantity);
    }
  }
}

void raise_to(Amounts& most, const Amounts& other) {
  for (const auto& [name, quantity] : other) {
    auto [place, is_new] = most.try_emplace(name, quantity);
    if (!is_new && place->second < quantity) {
      place->second = quantity;
    }
  }
}

/// What all containers together ask for. Rule: k8s.io/component-helpers/resource
/// AggregateContainerRequests: main containers and sidecars run together; an init container runs
/// beside the sidecars before it.
Amounts aggregate_requests(const Node& spec) {
  Amounts running;
  Amounts sidecars;
  Amounts starting;
  for (const auto& container : containers_of(spec)) {
    const auto requests = amounts_of(container.node["resources"]["requests"]);
    switch (container.kind) {
      case ContainerKind::kMain:
        add_to(running, requests);
        break;
      case ContainerKind::kSidecar:
        add_to(running, requests);
        add_to(sidecars, requests);
        raise_to(starting, sidecars);
        break;
      case ContainerKind::kInit: {
        Amounts together = requests;
        add_to(together, sidecars);
        raise_to(starting, together);
        break;
      }
      case ContainerKind::kEphemeral:
        break;
    }
  }
  raise_to(running, starting);
  return running;
}

/// Rule: validateContainerSecurityContext.
void check_privilege_escalation(const Container& container, Violations& violations) {
  const Node& context = container.node["securityContext"];
  const Node& escalation = context["allowPrivilegeEscalation"];
  if (!escalation.is_bool() || escalation.as_bool()) {
    return;
  }
  const auto path = path_of(container) + ".securityContext";
  if (context["privileged"].as_bool()) {
    violations.add(path, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
  }
  for (const Node& capability : context["capabilities"]["add"].items()) {
    if (capability.as_string() == "CAP_SYS_ADMIN") {
      violations.add(
          path,
          "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }
  }
}

/// Rule: validateResourceRequirements: a request is at most its limit.
void check_requests_below_limits(const Node& resources, const std::string& path,
                                 Violations& violations) {
  const auto limits = amounts_of(resources["limits"]);
  for (const auto& [name, request] : amounts_of(resources["requests"])) {
    const auto limit = limits.find(name);
    if (limit != limits.end() && request > limit->second) {
      violations.add(
          fmt::format("{}.requests[{}]", path, name),
          fmt::format("must be less than or equal to {} limit of {}", name, limit->second.text()));
    }
  }
}

/// Rule: validatePodResourceConsistency.
void check_pod_resources(const Node& spec, Violations& violations) {
  const Node& resources = spec["resources"];
  if (!resources.is_map()) {
    return;
  }
  check_requests_below_limits(resources, "resources", violations);
  const auto pod_requests = amounts_of(resources["requests"]);
  for (const auto& [name, sum] : aggregate_requests(spec)) {
    const auto request = pod_requests.find(name);
    if (request != pod_requests.end() && sum > request->second) {
      violations.add(
          fmt::format("resources.requests[{}]", name),
          fmt::format("must be greater than or equal to aggregate container requests of {}",
                      sum.text()));
    }
  }
  const auto pod_limits = amounts_of(resources["limits"]);
  for (const auto& container : containers_of(spec)) {
    for (const auto& [name, limit] : amounts_of(container.node["resources"]["limits"])) {
      const auto pod_limit = pod_limits.find(name);
      if (pod_limit != pod_limits.end() && limit > pod_limit->second) {
        violations.add(fmt::format("{}.resources.limits[{}]", path_of(container), name),
                       fmt::format("must be less than or equal to pod limits of {}",
                                   pod_limit->second.text()));
      }
    }
  }
}

constexpr std::array<std::string_view, 11> kLinuxPodFields{"appArmorProfile",
                                                           "seLinuxOptions",
                                                           "seccompProfile",
                                                           "fsGroup",
                                                           "sysctls",
                                                           "runAsUser",
                                                           "fsGroupChangePolicy",
                                                           "runAsGroup",
                                                           "supplementalGroups",
                                                           "supplementalGroupsPolicy",
                                                           "seLinuxChangePolicy"};
constexpr std::array<std::string_view, 10> kLinuxContainerFields{
    "appArmorProfile", "seLinuxOptions",           "seccompProfile",
    "capabilities",    "readOnlyRootFilesystem",   "privileged",
    "procMount",       "allowPrivilegeEscalation", "runAsUser",
    "runAsGroup"};
constexpr std::array<std::string_view, 4> kLinuxSpecFields{"hostPID", "hostIPC", "hostUsers",
                                                           "shareProcessNamespace"};

/// True for what the API's types would write out: false and [] are omitted by some fields, so only
/// what says something counts.
bool is_set(const Node& value) {
  return !value.is_null() && !(value.is_list() && value.size() == 0);
}

/// Rule: validateWindows, validateLinux.
void check_operating_system(const Node& spec, Violations& violations) {
  const auto os = spec["os"]["name"].as_string();
  if (os == "windows") {
    for (const auto field : kLinuxSpecFields) {
      const bool is_flag = field == "hostPID" || field == "hostIPC";
      if (is_flag ? spec[field].as_bool() : is_set(spec[field])) {
        violations.add(std::string(field), "cannot be set for a windows pod");
      }
    }
    for (const auto field : kLinuxPodFields) {
      if (is_set(spec["securityContext"][field])) {
        violations.add(fmt::format("securityContext.{}", field), "cannot be set for a windows pod");
      }
    }
    if (is_set(spec["resources"])) {
      violations.add("resources", "may not be set for a windows pod");
    }
  }
  for (const auto& container : containers_of(spec)) {
    const Node& context = container.node["securityContext"];
    if (os == "windows") {
      for (const auto field : kLinuxContainerFields) {
        if (is_set(context[field])) {
          violations.add(fmt::format("{}.securityContext.{}", path_of(container), field),
                         "cannot be set for a windows pod");
        }
      }
    } else if (os == "linux" && is_set(context["windowsOptions"])) {
      violations.add(path_of(container) + ".securityContext.windowsOptions",
                     "windows options cannot be set for a linux pod");
    }
  }
}

/// Rule: validateVolumes, ValidateVolumeMounts, of which a device's path is no mount's.
void check_volumes(const Node& spec, const std::vector<Container>& containers,
                   Violations& violations) {
  std::set<std::string_view> volumes;
  const auto written = spec["volumes"].items();
  for (std::size_t index = 0; index < written.size(); ++index) {
    const auto name = written[index]["name"].as_string();
    if (!volumes.insert(name).second) {
      violations.add(fmt::format("volumes[{}].name", index),
                     fmt::format("Duplicate value: \"{}\"", name));
    }
  }
  for (const auto& container : containers) {
    std::set<std::string_view> paths;
    std::set<std::string_view> devices;
    for (const Node& device : container.node["volumeDevices"].items()) {
      devices.insert(device["devicePath"].as_string());
    }
    const auto mounts = container.node["volumeMounts"].items();
    for (std::size_t index = 0; index < mounts.size(); ++index) {
      const auto at = fmt::format("{}.volumeMounts[{}]", path_of(container), index);
      const auto name = mounts[index]["name"].as_string();
      if (!volumes.contains(name)) {
        violations.add(at + ".name", fmt::format("Not found: \"{}\"", name));
      }
      const auto path = mounts[index]["mountPath"].as_string();
      if (!paths.insert(path).second) {
        violations.add(at + ".mountPath", "must be unique");
      }
      if (devices.contains(path)) {
        violations.add(at + ".mountPath", "must not already exist as a path in volumeDevices");
      }
      if (container.kind == ContainerKind::kEphemeral &&
          !mounts[index]["subPath"].as_string().empty()) {
        violations.add(at + ".subPath", "cannot be set for an Ephemeral Container");
      }
    }
  }
}

/// Rule: validateEphemeralContainers: neither resources, ports nor probes.
void check_ephemeral(const Container& container, Violations& violations) {
  if (container.kind != ContainerKind::kEphemeral) {
    return;
  }
  for (const auto* field :
       {"resources", "ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"}) {
    if (container.node[field].size() > 0) {
      violations.add(fmt::format("{}.{}", path_of(container), field),
                     "cannot be set for an Ephemeral Container");
    }
  }
}

/// Requests that are not there become the limits, where both are what they should be. Rule:
/// SetDefaults_Pod.
Node default_requests(const Node& resources, Arena& arena) {
  Node requests = resources["requests"];
  if (!resources.is_map() || !(requests.is_null() || requests.is_map())) {
    return resources;
  }
  for (const auto& limit : resources["limits"].members()) {
    if (requests.find(limit.key) == nullptr) {
      requests = document::with_member(requests, limit.key.text(), limit.value, arena);
    }
  }
  return requests.is_null() ? resources
                            : document::with_member(resources, "requests", requests, arena);
}

}  // namespace

Node with_defaults(const Node& pod_spec, Arena& arena) {
  Node spec = pod_spec;
  for (const auto& container : containers_of(pod_spec)) {
    if (container.kind == ContainerKind::kEphemeral ||
        !container.node["resources"]["limits"].is_map()) {
      continue;
    }
    const Node resources = default_requests(container.node["resources"], arena);
    const Node changed = document::with_member(container.node, "resources", resources, arena);
    const Node list = document::with_item(spec[container.list], container.index, changed, arena);
    spec = document::with_member(spec, container.list, list, arena);
  }
  return spec;
}

std::vector<ConstraintViolation> check_pod_constraints(const Node& pod_spec) {
  Arena arena;
  const Node spec = with_defaults(pod_spec, arena);
  Violations violations;
  const auto containers = containers_of(spec);
  for (const auto& container : containers) {
    check_privilege_escalation(container, violations);
    check_requests_below_limits(container.node["resources"], path_of(container) + ".resources",
                                violations);
    check_ephemeral(container, violations);
  }
  check_pod_resources(spec, violations);
  check_operating_system(spec, violations);
  check_volumes(spec, containers, violations);
  if (spec["shareProcessNamespace"].as_bool() && spec["hostPID"].as_bool()) {
    violations.add("shareProcessNamespace",
                   "ShareProcessNamespace and HostPID cannot both be enabled");
  }
  return violations.take();
}

std::vector<ConstraintViolation> check_metadata_constraints(const Node& metadata) {
  // Source: k8s.io/apimachinery/pkg/api/validation/objectmeta.go TotalAnnotationSizeLimitB.
  constexpr std::size_t kAnnotationsBytesMax = std::size_t{256} * 1024;
  std::size_t bytes = 0;
  for (const auto& annotation : metadata["annotations"].members()) {
    bytes += annotation.key.text().size() + annotation.value.as_string().size();
  }
  if (bytes <= kAnnotationsBytesMax) {
    return {};
  }
  return {{"annotations",
           fmt::format("Too long: may not be more than {} bytes", kAnnotationsBytesMax)}};
}

}  // namespace seaworthy::admission
