#include "seaworthy/policy/sight.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/policy/policy_set.h"

namespace seaworthy::policy {
namespace {

std::shared_ptr<const PolicySet> load(const std::string& policy) {
  auto set = load_policies(
      {{"p.yaml",
        "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t, version: 1.0.0}\n"
        "spec:\n  policies:\n    - " +
            policy + "\n"}});
  EXPECT_EQ(set->policies().size(), 1U) << policy;
  return set;
}

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> names;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    names.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return names;
}

struct Case {
  std::string_view each;
  std::string_view require;
  std::string_view path;
  Sight sight;
};

std::string policy_of(const Case& test) {
  return "{name: p, each: " + std::string(test.each) + ", require: \"" + std::string(test.require) +
         "\", message: \"${object.metadata.name}\"}";
}

TEST(SightTest, IsWhereTheVariablesLead) {
  constexpr Case kCases[] = {
      {"pod", "object.metadata.name == 'a'", "object/metadata/name", Sight::kRule},
      {"pod", "object.spec.size() == 1", "object/spec/containers/*/name", Sight::kRule},
      {"pod", "object.kind == 'a'", "object/metadata/name", Sight::kWords},
      {"pod", "object.kind == 'a'", "object/metadata/uid", Sight::kNothing},
      {"pod", "pod.nodeName == 'a'", "object/spec/nodeName", Sight::kRule},
      {"pod", "pod.nodeName == 'a'", "object/spec/hostname", Sight::kNothing},
      {"pod", "pod.nodeName == 'a'", "object/nodeName", Sight::kNothing},
      {"pod", "pod.containers[0].name == 'a'", "object/spec/containers/*/name", Sight::kRule},
      {"pod", "pod.containers[0].name == 'a'", "object/spec/containers/*/image", Sight::kNothing},
      {"pod", "pod.containers.all(c, c.name == 'a')", "object/spec/containers/*/image",
       Sight::kRule},
      {"pod", "podMetadata.?labels.app.orValue('') == ''", "object/metadata/labels/app",
       Sight::kRule},
      {"pod", "podMetadata.?labels.app.orValue('') == ''", "object/metadata/labels/tier",
       Sight::kNothing},
      {"pod", "podMetadata.labels[podMetadata.name] == ''", "object/metadata/labels/tier",
       Sight::kRule},
      {"pod", "podMetadata.labels['*'] == ''", "object/metadata/labels/tier", Sight::kNothing},
      {"container", "container.name == 'a'", "object/spec/initContainers/*/name", Sight::kRule},
      {"container", "container.name == 'a'", "object/spec/volumes/*/name", Sight::kNothing},
      {"container", "container.env.all(e, e.name != 'a')", "object/spec/containers/*/env/*/value",
       Sight::kRule},
      {"container", "image.tag == 'a'", "object/spec/containers/*/image", Sight::kRule},
      {"container", "image.tag == 'a'", "object/spec/containers/*/name", Sight::kNothing},
      {"container", "containerKind == 'init'", "object/spec/initContainers/*/restartPolicy",
       Sight::kRule},
      {"container", "containerKind == 'init'", "object/spec/restartPolicy", Sight::kNothing},
      {"volume", "volume.name == 'a'", "object/spec/volumes/*/name", Sight::kRule},
      {"volume", "volume.name == 'a'", "object/spec/containers/*/name", Sight::kNothing},
      {"image", "image.tag == 'a'", "object/spec/volumes/*/image/reference", Sight::kRule},
      {"image", "image.tag == 'a'", "object/spec/volumes/*/name", Sight::kNothing},
      {"pod", "request.name == 'a'", "name", Sight::kRule},
      {"pod", "request.name == 'a'", "namespace", Sight::kNothing},
      {"pod", "request.userInfo.groups.exists(g, g == 'a')", "userInfo/groups/*", Sight::kRule},
      {"pod", "namespaceObject.metadata.name == 'a'", "namespace", Sight::kRule},
      {"pod", "namespaceObject.metadata.name == 'a'", "name", Sight::kNothing},
      {"pod", "oldObject == null", "oldObject/metadata/name", Sight::kRule},
      {"pod", "true", "oldObject/metadata/name", Sight::kNothing},
  };
  for (const Case& each : kCases) {
    const auto set = load(policy_of(each));
    EXPECT_EQ(sight_of(*set->policies().front(), split(each.path), {}), each.sight)
        << each.require << " " << each.path;
  }
}

TEST(SightTest, FindsThePodOfATemplate) {
  const auto set = load(policy_of({"pod", "pod.nodeName == podMetadata.name", "", {}}));
  const auto& policy = *set->policies().front();
  constexpr std::array<std::string_view, 2> kTemplate{"spec", "template"};
  EXPECT_EQ(sight_of(policy, split("object/spec/template/spec/nodeName"), kTemplate), Sight::kRule);
  EXPECT_EQ(sight_of(policy, split("object/spec/template/metadata/name"), kTemplate), Sight::kRule);
  EXPECT_EQ(sight_of(policy, split("object/spec/nodeName"), kTemplate), Sight::kNothing);
  EXPECT_EQ(sight_of(policy, split("object/metadata/name"), kTemplate), Sight::kWords);
}

TEST(SightTest, FollowsVariablesMatchesAndRemedies) {
  const auto set = load(R"(
      name: p
      match:
        resourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE], resources: ['*']}]
        objectSelector: {matchLabels: {app: web}}
      variables: [{name: node, expression: pod.nodeName}]
      when: pod.?hostname.orValue('') != ''
      require: variables.node == 'a'
      message: m
      remedy:
        safety: careful
        pod: {nodeName: "${pod.schedulerName}"})");
  const auto& policy = *set->policies().front();
  const std::vector<std::pair<std::string_view, Sight>> cases{
      {"object/metadata/labels/app", Sight::kRule}, {"name", Sight::kRule},
      {"object/spec/nodeName", Sight::kRule},       {"object/spec/hostname", Sight::kRule},
      {"object/spec/schedulerName", Sight::kWords}, {"object/spec/dnsPolicy", Sight::kNothing},
  };
  for (const auto& [path, sight] : cases) {
    EXPECT_EQ(sight_of(policy, split(path), {}), sight) << path;
  }
}

}  // namespace
}  // namespace seaworthy::policy
