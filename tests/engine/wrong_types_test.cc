// Anybody may post a Pod whose fields are of other types than the Pod API's: every field of one
// that has them all, with other kinds of values in its place, is mended by the built-in remedies.
// What is asserted is that an answer comes, and what becomes of the wrong value.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/document/json.h"

namespace seaworthy::engine {
namespace {

using document::Node;
using document::Path;

constexpr std::string_view kPod = R"yaml(
apiVersion: v1
kind: Pod
metadata:
  name: a
  annotations: {a: b}
  labels: {x: y}
  ownerReferences: [{kind: Job, name: x, apiVersion: batch/v1, controller: true, uid: u}]
spec:
  os: {name: linux}
  nodeSelector: {a: b}
  hostNetwork: true
  resources: {limits: {cpu: "1"}}
  securityContext:
    runAsUser: 0
    sysctls: [{name: a, value: b}]
    seccompProfile: {type: Unconfined}
    supplementalGroups: [1]
    windowsOptions: {hostProcess: false}
  volumes:
  - {name: v, hostPath: {path: /}}
  - {name: p, projected: {sources: [{secret: {name: x}}]}}
  imagePullSecrets: [{name: x}]
  initContainers: [{name: i, image: b, restartPolicy: Always}]
  ephemeralContainers: [{name: e, image: b, securityContext: {}}]
  containers:
  - name: a
    image: b
    command: [x]
    args: [y]
    ports: [{containerPort: 1, hostPort: 1}]
    env: [{name: A, value: b}, {name: B, valueFrom: {secretKeyRef: {name: x, key: y}}}]
    envFrom: [{secretRef: {name: x}}]
    volumeMounts: [{name: v, mountPath: /tmp, subPath: x}]
    volumeDevices: [{name: q, devicePath: /dev/x}]
    resources: {limits: {cpu: "1"}, requests: {cpu: "2"}}
    securityContext: {privileged: true, capabilities: {add: [A], drop: [B]}}
    livenessProbe: {httpGet: {path: /, port: 1, httpHeaders: [{name: a, value: b}]}}
    lifecycle: {preStop: {exec: {command: [x]}}}
)yaml";

/// In place of each field.
constexpr std::string_view kWrong = "[abc, 5, {a: b}, [abc], [null]]";

void add_paths(const Node& node, const Path& path, std::vector<Path>& paths) {
  if (!path.empty()) {
    paths.push_back(path);
  }
  for (const auto& member : node.members()) {
    add_paths(member.value, path / member.key.text(), paths);
  }
  for (std::size_t index = 0; index < node.items().size(); ++index) {
    add_paths(node.items()[index], path / index, paths);
  }
}

/// Every policy that is built in and has a remedy; they are loaded once.
std::shared_ptr<const policy::PolicySet> remedies_that_are_built_in() {
  std::vector<policy::SourceText> sources;
  const std::filesystem::path root = std::string(SEAWORTHY_SOURCE_DIR) + "/policies/production";
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    if (text.str().find("\n      remedy:") != std::string::npos) {
      sources.push_back({.file = entry.path().string(), .text = text.str()});
    }
  }
  std::ranges::sort(sources, {}, [](const auto& source) { return source.file; });
  return policy::load_policies(sources);
}

TEST(WrongTypesTest, EveryFieldOfAPodMayBeAnything) {
  const auto set = remedies_that_are_built_in();
  Arena arena;
  const Node pod = testing::yaml(kPod, arena);
  const Node wrong = testing::yaml(kWrong, arena);
  std::vector<Path> paths;
  add_paths(pod, Path(), paths);
  ASSERT_GT(paths.size(), 100U);
  ASSERT_GE(set->policies().size(), 8U);
  for (const auto& path : paths) {
    for (const Node& value : wrong.items()) {
      Arena scratch;
      const auto object = document::with_value(pod, path, value, scratch);
      ASSERT_TRUE(object) << path.text();
      const auto review = review_of_manifest(*object, "shop", scratch);
      if (!review) {
        continue;  // no apiVersion, no kind
      }
      JudgeRequest request;
      request.door = Door::kMutate;
      request.settings.remedy = policy::RemedyLevel::kApply;
      request.namespace_object = namespace_from_name("shop", scratch);
      const auto admission = admit(set->policies(), *review, request, scratch);
      ASSERT_TRUE(admission) << path.text() << " = " << document::print_json(value);
      EXPECT_TRUE(admission->response.allowed) << path.text();
    }
  }
}

/// What is of the wrong type is left to the API server to refuse: no remedy makes something of it.
TEST(WrongTypesTest, RemediesLeaveWhatTheyDoNotUnderstand) {
  const std::pair<std::string, std::string> cases[] = {
      {"volumes: abc, containers: [{name: a}]", R"("volumes":"abc")"},
      {"containers: [{name: a, resources: {requests: abc, limits: {cpu: 1}}}]",
       R"("requests":"abc")"},
      {"containers: [{name: a, securityContext: {capabilities: {add: [SYS_ADMIN], drop: abc}}}]",
       R"("drop":"abc")"},
  };
  const auto set = remedies_that_are_built_in();
  for (const auto& [spec, kept] : cases) {
    Arena arena;
    const auto admission =
        testing::admit("{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {" + spec + "}}",
                       {.door = Door::kMutate, .remedy = policy::RemedyLevel::kApply}, arena, set);
    EXPECT_TRUE(admission.response.allowed) << spec;
    const auto text = document::print_json(admission.judgement.mended.object);
    EXPECT_NE(text.find(kept), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace seaworthy::engine
