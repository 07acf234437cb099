#include "seaworthy/engine/field.h"

#include <gtest/gtest.h>

#include "engine/fixture.h"

namespace seaworthy::engine {
namespace {

/// The field that the first violation of the only policy is about.
std::string field(const std::string& policy, const std::string& object) {
  Arena arena;
  const auto set = testing::policies(
      "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  policies:\n"
      "    - {name: p, message: wrong, " +
      policy + "}\n");
  const auto admission = testing::admit(object, {.door = Door::kCheck}, arena, set);
  for (const auto& verdict : admission.judgement.verdicts) {
    if (verdict.finding.is_violation()) {
      return field_of(verdict.finding, testing::yaml(object, arena)).text();
    }
  }
  return "no violation";
}

std::string pod(const std::string& spec) {
  return "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {" + spec + "}}";
}

std::string container(const std::string& fields) {
  return pod("containers: [{name: a, image: 'x:1', " + fields + "}]");
}

struct Case {
  std::string policy;
  std::string object;
  std::string field;
};

class FieldTest : public ::testing::TestWithParam<Case> {};

TEST_P(FieldTest, IsWhatThePolicyNames) {
  EXPECT_EQ(field(GetParam().policy, GetParam().object), GetParam().field) << GetParam().policy;
}

constexpr const char* kPrivileged =
    "each: container, require: \"container.?securityContext.?privileged.orValue(false) != true\"";
constexpr const char* kRead =
    "each: container, require: \"container.?securityContext.?readOnly.orValue(false)\", remedy: "
    "{safety: safe, container: {securityContext: {readOnly: true}, volumeMounts: [{name: t, "
    "mountPath: /tmp}]}}";
constexpr const char* kHost =
    "require: \"pod.?hostNetwork.orValue(false) != true && pod.?hostPID.orValue(false) != true\"";
constexpr const char* kProbe =
    "each: container, require: \"has(container.livenessProbe) && "
    "(!has(container.readinessProbe) || container.livenessProbe != container.readinessProbe)\"";
constexpr const char* kNonRoot =
    "each: container, require: \"container.?securityContext.?nonRoot.or(pod.?securityContext."
    "?nonRoot).orValue(false) && pod.?restartPolicy.orValue('') == ''\"";

INSTANTIATE_TEST_SUITE_P(
    All, FieldTest,
    ::testing::Values(
        Case{kPrivileged, container("securityContext: {privileged: true}"),
             "spec.containers[0].securityContext.privileged"},
        // Not there: where it would be.
        Case{kRead, container("tty: true"), "spec.containers[0].securityContext.readOnly"},
        Case{kRead, container("securityContext: {readOnly: false}"),
             "spec.containers[0].securityContext.readOnly"},
        // The one of several that is there.
        Case{kHost, pod("hostPID: true, containers: []"), "spec.hostPID"},
        Case{kHost, pod("hostNetwork: true, hostPID: true, containers: []"), "spec.hostNetwork"},
        // What has() asks for first is what is missing, whatever else is there.
        Case{kProbe, container("readinessProbe: {a: 1}"), "spec.containers[0].livenessProbe"},
        Case{"each: volume, require: \"!has(volume.hostPath)\"",
             pod("containers: [], volumes: [{name: a, emptyDir: {}}, {name: b, hostPath: {}}]"),
             "spec.volumes[1].hostPath"},
        // The Pod's field of the same name, but nothing else of the Pod.
        Case{kNonRoot, pod("securityContext: {nonRoot: false}, containers: [{name: a}]"),
             "spec.securityContext.nonRoot"},
        Case{kNonRoot, pod("restartPolicy: Never, containers: [{name: a}]"),
             "spec.containers[0].securityContext.nonRoot"},
        // Through variables.
        Case{"each: container, variables: [{name: user, expression: "
             "\"container.?runAs.orValue(0)\"},"
             " {name: ok, expression: variables.user > 0}], require: variables.ok",
             container("runAs: 0"), "spec.containers[0].runAs"},
        // A remedy for volumes writes into the failing one; names with a slash.
        Case{"each: volume, require: \"has(volume.emptyDir.sizeLimit)\", remedy: {safety: safe, "
             "pod: "
             "{volumes: [{name: \"${volume.name}\", emptyDir: {sizeLimit: 1Gi}}]}}",
             pod("containers: [], volumes: [{name: a, emptyDir: {}}]"),
             "spec.volumes[0].emptyDir.sizeLimit"},
        Case{"require: \"has(podMetadata.annotations) && 'a/b' in podMetadata.annotations\", "
             "remedy: "
             "{safety: safe, podMetadata: {annotations: {a/b: c}}}",
             pod("containers: []"), "metadata.annotations['a/b']"},
        Case{"require: \"!has(pod.nodeName)\", remedy: {safety: safe, remove: [pod.nodeName], pod: "
             "{other: 1}}",
             pod("nodeName: n, containers: []"), "spec.nodeName"},
        Case{
            "require: pod.terminationGracePeriodSeconds > 1",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: c}, spec: {jobTemplate: {spec: "
            "{template: {spec: {terminationGracePeriodSeconds: 0, containers: []}}}}}}",
            "spec.jobTemplate.spec.template.spec.terminationGracePeriodSeconds"},
        // What tells things apart is no field at fault; nothing is named: the part.
        Case{"each: container, require: container.name == 'b'", container("tty: true"),
             "spec.containers[0]"},
        Case{"each: image, require: image.tag == ''", container("tty: true"),
             "spec.containers[0].image"},
        Case{"require: 'false'", pod("containers: []"), "spec"},
        Case{"match: {resourceRules: [{apiGroups: [''], apiVersions: [v1], resources: [services], "
             "operations: [CREATE]}]}, require: \"object.kind == 'Service' && object.spec.type != "
             "'NodePort'\"",
             "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: NodePort}}",
             "spec.type"}));

}  // namespace
}  // namespace seaworthy::engine
