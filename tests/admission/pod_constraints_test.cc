#include "seaworthy/admission/pod_constraints.h"

#include <gtest/gtest.h>

#include "support/json.h"

namespace seaworthy::admission {
namespace {

struct Case {
  std::string spec;  ///< YAML
  std::vector<std::string> expected;
};

TEST(PodConstraintsTest, FindsWhatTheApiServerWouldRefuse) {
  const Case cases[] = {
      {"{containers: [{name: a, securityContext: {allowPrivilegeEscalation: false}}]}", {}},
      {"{containers: [{name: a, securityContext: {allowPrivilegeEscalation: false, privileged: "
       "true}}]}",
       {"containers[0].securityContext: cannot set `allowPrivilegeEscalation` to false and "
        "`privileged` to true"}},
      {"{initContainers: [{name: a, securityContext: {allowPrivilegeEscalation: false, "
       "capabilities: {add: [CAP_SYS_ADMIN]}}}]}",
       {"initContainers[0].securityContext: cannot set `allowPrivilegeEscalation` to false and "
        "`capabilities.Add` CAP_SYS_ADMIN"}},
      {"{containers: [{name: a, securityContext: {allowPrivilegeEscalation: false, capabilities: "
       "{add: [SYS_ADMIN]}}}]}",
       {}},
      {"{containers: [{name: a, resources: {limits: {memory: 1Gi}, requests: {memory: 2048Mi}}}]}",
       {"containers[0].resources.requests[memory]: must be less than or equal to memory limit of "
        "1Gi"}},
      {"{containers: [{name: a, resources: {limits: {memory: 1Gi}, requests: {memory: 1024Mi}}}]}",
       {}},
      {"{resources: {limits: {memory: 256Mi}}, containers: [{name: a, resources: {limits: {memory: "
       "512Mi}, requests: {memory: 1Mi}}}]}",
       {"containers[0].resources.limits[memory]: must be less than or equal to pod limits of "
        "256Mi"}},
      // A limit without a request is defaulted to a request, which then counts.
      {"{resources: {requests: {memory: 256Mi}}, containers: [{name: a, resources: {limits: "
       "{memory: 200Mi}}}, {name: b, resources: {limits: {memory: 100Mi}}}]}",
       {"resources.requests[memory]: must be greater than or equal to aggregate container requests "
        "of 300Mi"}},
      {"{resources: {requests: {cpu: 1}}, initContainers: [{name: s, restartPolicy: Always, "
       "resources: {requests: {cpu: 600m}}}, {name: i, resources: {requests: {cpu: 500m}}}], "
       "containers: [{name: a}]}",
       {"resources.requests[cpu]: must be greater than or equal to aggregate container requests of "
        "1100m"}},
      {"{os: {name: windows}, hostPID: false, containers: [{name: a, securityContext: "
       "{runAsNonRoot: true}}]}",
       {}},
      {"{os: {name: windows}, securityContext: {fsGroup: 1}, containers: [{name: a, "
       "securityContext: {capabilities: {drop: [ALL]}}}]}",
       {"containers[0].securityContext.capabilities: cannot be set for a windows pod",
        "securityContext.fsGroup: cannot be set for a windows pod"}},
      {"{os: {name: linux}, containers: [{name: a, securityContext: {windowsOptions: {}}}]}",
       {"containers[0].securityContext.windowsOptions: windows options cannot be set for a linux "
        "pod"}},
      {"{hostPID: true, shareProcessNamespace: true, containers: []}",
       {"shareProcessNamespace: ShareProcessNamespace and HostPID cannot both be enabled"}},
      {"{volumes: [{name: v}, {name: v}], containers: [{name: a, volumeMounts: [{name: v, "
       "mountPath: /x}, {name: w, mountPath: /x}]}]}",
       {"containers[0].volumeMounts[1].mountPath: must be unique",
        "containers[0].volumeMounts[1].name: Not found: \"w\"",
        "volumes[1].name: Duplicate value: \"v\""}},
      {"{volumes: [{name: v}, {name: d}], containers: [{name: a, volumeDevices: [{name: d, "
       "devicePath: /x}], volumeMounts: [{name: v, mountPath: /x}]}, {name: b, volumeMounts: "
       "[{name: v, mountPath: /x}]}]}",
       {"containers[0].volumeMounts[0].mountPath: must not already exist as a path in "
        "volumeDevices"}},
      {"{volumes: [{name: v}], containers: [], ephemeralContainers: [{name: e, resources: {limits: "
       "{cpu: 1}}, volumeMounts: [{name: v, mountPath: /x, subPath: sub}]}]}",
       {"ephemeralContainers[0].resources: cannot be set for an Ephemeral Container",
        "ephemeralContainers[0].volumeMounts[0].subPath: cannot be set for an Ephemeral "
        "Container"}},
  };
  for (const auto& each : cases) {
    Arena arena;
    std::vector<std::string> found;
    for (const auto& violation : check_pod_constraints(testing::yaml(each.spec, arena))) {
      found.push_back(violation.path + ": " + violation.message);
    }
    EXPECT_EQ(found, each.expected) << each.spec;
  }
}

TEST(PodConstraintsTest, CountsTheBytesOfAnnotations) {
  const auto violations_with = [](std::size_t bytes) {
    Arena arena;
    const auto yaml = "{annotations: {ab: '" + std::string(bytes - 2, 'x') + "'}}";
    std::vector<std::string> found;
    for (const auto& violation : check_metadata_constraints(testing::yaml(yaml, arena))) {
      found.push_back(violation.path + ": " + violation.message);
    }
    return found;
  };
  EXPECT_EQ(violations_with(262144), std::vector<std::string>{});
  EXPECT_EQ(violations_with(262145),
            std::vector<std::string>{"annotations: Too long: may not be more than 262144 bytes"});
}

}  // namespace
}  // namespace seaworthy::admission
