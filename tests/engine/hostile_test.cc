// What somebody would try who may write Pods, workloads and labels, but not policies: each row is
// an attempt, and what is denied of it.
#include <gtest/gtest.h>

#include "engine/enforcement_fixture.h"

namespace seaworthy::engine {
namespace {

class HostileTest : public EnforcementFixture {};

struct Attempt {
  std::string what;
  std::string before;  ///< Empty: a CREATE.
  std::string after;
  Words denied;
};

std::string pod(const std::string& spec, const std::string& metadata = "") {
  return "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop" + metadata +
         "}, spec: {" + spec + "}}";
}

std::string bad(const std::string& name, const std::string& image) {
  return "{name: " + name + ", image: '" + image + "', resources: {limits: {}}}";
}

std::string good(const std::string& name, const std::string& image) {
  return "{name: " + name + ", image: '" + image +
         "', securityContext: {flag: true}, resources: {limits: {}}}";
}

std::string deployment(const std::string& metadata, const std::string& containers) {
  return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: "
         "{metadata: {" +
         metadata + "}, spec: {containers: [" + containers + "]}}}}";
}

std::string main_of(const std::string& containers) { return "containers: [" + containers + "]"; }

const Words kFirst{"flag spec.containers[0]"};
const Words kSecond{"flag spec.containers[1]"};
const Words kTemplate{"flag spec.template.spec.containers[0]"};

/// Updates of what was there before the policies.
std::vector<Attempt> updates() {
  const auto one = bad("a", "x:1");
  const auto two = one + ", " + bad("b", "x:2");
  return {
      {"an old bad Pod gets a label", pod(main_of(one)), pod(main_of(one), ", labels: {a: b}"),
       kNone},
      {"an image swap in an old bad container", pod(main_of(one)), pod(main_of(bad("a", "x:2"))),
       kFirst},
      {"the same image by another name", pod(main_of(one)),
       pod(main_of(bad("a", "docker.io/library/x:1"))), kFirst},
      {"an image swap beside a deletion", pod(main_of(one)),
       pod(main_of(bad("a", "x:2")), ", deletionTimestamp: '2026-01-01T00:00:00Z'"), kFirst},
      {"an image swap in a Pod that calls itself a mirror", pod(main_of(one)),
       pod(main_of(bad("a", "x:2")), ", annotations: {kubernetes.io/config.mirror: h}"), kFirst},
      {"reordered", pod(main_of(two)), pod(main_of(bad("b", "x:2") + ", " + bad("a", "x:1"))),
       kNone},
      {"names that change places",
       pod(main_of(two)),
       pod(main_of(bad("b", "x:1") + ", " + bad("a", "x:2"))),
       {"flag spec.containers[0]", "flag spec.containers[1]"}},
      {"renamed", pod(main_of(one)), pod(main_of(bad("z", "x:1"))), kFirst},
      {"renamed as one that was good", pod(main_of(good("a", "x:1") + ", " + bad("b", "x:2"))),
       pod(main_of(bad("a", "x:2") + ", " + good("b", "x:1"))), kFirst},
      {"one more behind the old one", pod(main_of(one)), pod(main_of(two)), kSecond},
      {"a second one of the same name", pod(main_of(one)),
       pod(main_of(one + ", " + bad("a", "evil.io/x:1"))), kSecond},
      {"from the init containers to the main ones",
       pod("initContainers: [" + one + "], " + main_of(good("b", "x:1"))),
       pod(main_of(good("b", "x:1") + ", " + one)), kSecond},
      {"a restarted workload", deployment("annotations: {}", one),
       deployment("annotations: {kubectl.kubernetes.io/restartedAt: now}", one), kTemplate},
      {"a scaled workload, its template in another order of keys",
       deployment("labels: {a: b, c: d}", one), deployment("labels: {c: d, a: b}", one), kNone},
      {"a workload's containers reordered",
       deployment("", two),
       deployment("", bad("b", "x:2") + ", " + bad("a", "x:1")),
       {"flag spec.template.spec.containers[0]", "flag spec.template.spec.containers[1]"}},
  };
}

TEST_F(HostileTest, UpdatesOfWhatIsOld) {
  load_rules("{mode: deny}");
  for (const auto& each : updates()) {
    EXPECT_EQ(denied({.manifest = each.after, .old_object = each.before}), each.denied)
        << each.what;
  }
}

/// A CREATE under documents that loosen for somebody else.
struct Pretence {
  std::string what;
  std::string documents;
  Request request;
  Words denied;
};

std::string owned(const std::string& owner) {
  return pod(main_of(bad("a", "x:1")),
             ", labels: {pod-template-hash: x}, ownerReferences: [{" + owner + "}]");
}

TEST_F(HostileTest, PretencesOfBeingSomebodyElse) {
  const std::string workload =
      "rules: [{workloads: [{kind: DaemonSet, name: agent}], mode: audit}, {mode: deny}]";
  const std::string dev =
      "rules: [{namespaces: {selector: {matchLabels: {env: dev}}}, mode: 'off'}, {mode: deny}]";
  const std::string ci =
      "rules: [{users: ['system:serviceaccount:ci:robot'], mode: audit}, {mode: deny}]";
  const std::string controllers =
      "acknowledgeControllers: true, rules: [{groups: ['system:serviceaccounts'], mode: audit}, "
      "{mode: deny}]";
  const std::vector<Pretence> pretences{
      {"an owner that does not control",
       workload,
       {.manifest = owned("kind: DaemonSet, name: agent")},
       kFirst},
      {"an owner that says that it does not control",
       workload,
       {.manifest = owned("kind: DaemonSet, name: agent, controller: false")},
       kFirst},
      {"an owner of another kind",
       workload,
       {.manifest = owned("kind: Agent, name: agent, controller: true")},
       kFirst},
      {"an owner that begins like it",
       workload,
       {.manifest = owned("kind: DaemonSet, name: agent-x, controller: true")},
       kFirst},
      {"a Pod of its name",
       workload,
       {.manifest = "{apiVersion: v1, kind: Pod, metadata: {name: agent}, spec: {containers: [" +
                    bad("a", "x:1") + "]}}"},
       kFirst},
      {"a node as its owner",
       "rules: [{mode: deny}]",
       {.manifest = owned("apiVersion: v1, kind: Node, name: n, controller: true")},
       kFirst},
      {"the annotation of a mirror Pod",
       "rules: [{mode: deny}]",
       {.manifest =
            pod(main_of(bad("a", "x:1")), ", annotations: {kubernetes.io/config.mirror: h}")},
       kFirst},
      {"made by a custom resource's controller",
       "rules: [{mode: deny}]",
       {.manifest = owned("apiVersion: example.com/v1, kind: Ship, name: web, controller: true"),
        .user = "system:serviceaccount:ships:controller",
        .groups = {"system:serviceaccounts", "system:serviceaccounts:ships",
                   "system:authenticated"}},
       kFirst},
      {"a namespace's label, which nobody knows",
       dev,
       {.manifest = pod(main_of(bad("a", "x:1")))},
       kFirst},
      {"a namespace's label, which is another",
       dev,
       {.manifest = pod(main_of(bad("a", "x:1"))), .namespace_labels = "{env: development}"},
       kFirst},
      {"a label of the Pod itself",
       dev,
       {.manifest = pod(main_of(bad("a", "x:1")), ", labels: {env: dev}")},
       kFirst},
      {"an account of the same name elsewhere",
       ci,
       {.manifest = pod(main_of(bad("a", "x:1"))), .user = "system:serviceaccount:evil:robot"},
       kFirst},
      {"a controller that makes a user's Pods",
       ci,
       {.manifest = owned("kind: ReplicaSet, name: web-x, controller: true"),
        .user = "system:serviceaccount:kube-system:replicaset-controller",
        .groups = {"system:serviceaccounts"}},
       kFirst},
      {"the same, where a document says that it means controllers",
       controllers,
       {.manifest = owned("kind: ReplicaSet, name: web-x, controller: true"),
        .user = "system:serviceaccount:kube-system:replicaset-controller",
        .groups = {"system:serviceaccounts"}},
       kNone},
  };
  for (const auto& each : pretences) {
    load(enforcement("e", each.documents));
    EXPECT_EQ(denied(each.request), each.denied) << each.what;
  }
}

TEST_F(HostileTest, TheNameOfAnExcusedSidecar) {
  load(exception("mesh",
                 "policies: [flag], containers: [proxy], images: [registry.example.com/mesh/]"));
  const auto with = [](const std::string& containers,
                       const std::string& main = good("web", "x:1")) {
    return Request{.manifest = pod("initContainers: [" + containers + "], " + main_of(main)),
                   .flags = {.mode = Mode::kDeny}};
  };
  const Words sidecar{"flag spec.initContainers[0]"};
  const std::string rest = ", restartPolicy: Always, resources: {limits: {}}}";
  EXPECT_EQ(denied(with("{name: proxy, image: 'registry.example.com/mesh/proxy:1'" + rest)), kNone);
  for (const auto* image :
       {"evil.io/mesh/proxy:1", "registry.example.com/meshwork/proxy:1",
        "registry.example.com:5000/mesh/proxy:1", "evil.io/registry.example.com/mesh/proxy:1",
        "registry.example.com.evil.io/mesh/proxy:1", "registry.example.com/Mesh/proxy:1", "",
        "proxy"}) {
    EXPECT_EQ(denied(with("{name: proxy, image: '" + std::string(image) + "'" + rest)), sidecar)
        << image;
  }
  // Its name on a main container, and its image under another name.
  EXPECT_EQ(denied(with(good("setup", "x:1"), bad("proxy", "evil.io/x:1"))), kFirst);
  EXPECT_EQ(denied(with(bad("other", "registry.example.com/mesh/proxy:1"))), sidecar);
}

}  // namespace
}  // namespace seaworthy::engine
