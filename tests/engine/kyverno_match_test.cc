// Which requests a rule of a ClusterPolicy is about, as the API server sends them.
#include <gtest/gtest.h>

#include "engine/admission_match.h"
#include "seaworthy/policy/policy_set.h"
#include "support/json.h"

namespace seaworthy::engine {
namespace {

using admission::Operation;

struct MatchCase {
  const char* name;
  std::string match;  ///< The rule's `match`, and `exclude` behind a comma.
  bool matches = false;
  admission::GroupVersionKind kind = {"", "v1", "Pod"};
  admission::GroupVersionResource resource = {"", "v1", "pods"};
  std::string sub_resource = {};
  Operation operation = Operation::kCreate;
  std::string namespace_name = "shop";
  std::string labels = R"({"kubernetes.io/metadata.name":"shop"})";  ///< Of the namespace.
  bool known = false;
  std::string user = R"({"username":"bob","groups":["dev"]})";
};

void PrintTo(const MatchCase& each, std::ostream* out) { *out << each.name; }

class KyvernoMatchTest : public ::testing::TestWithParam<MatchCase> {};

TEST_P(KyvernoMatchTest, IsKyvernos) {
  const auto& each = GetParam();
  const auto set = policy::load_policies(
      {{"p.yaml",
        "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: c, annotations: "
        "{pod-policies.kyverno.io/autogen-controllers: none}}\nspec:\n  rules:\n    - {name: r, "
        "match: " +
            each.match + ", validate: {cel: {expressions: [{expression: 'true'}]}}}\n"}},
      {});
  ASSERT_EQ(set->admission_policies().size(), 1U);
  ASSERT_EQ(set->admission_policies()[0]->rules.size(), 1U);
  Arena arena;
  admission::Review review;
  review.kind = each.kind;
  review.resource = each.resource;
  review.sub_resource = each.sub_resource;
  review.operation = each.operation;
  review.name = "a";
  review.namespace_name = each.namespace_name;
  review.user_info = testing::json(each.user, arena);
  const auto object = testing::json(R"({"metadata":{"name":"a"}})", arena);
  (each.operation == Operation::kDelete ? review.old_object : review.object) = object;
  const auto space = testing::json(R"({"metadata":{"labels":)" + each.labels + "}}", arena);
  EXPECT_EQ(matches(set->admission_policies()[0]->rules[0], review,
                    {.object = space, .known = each.known}),
            each.matches);
}

std::string kinds(const std::string& kinds) {
  return "{any: [{resources: {kinds: [" + kinds + "]}}]}";
}

/// Pods of namespaces that a selector selects; with `exclude`, those of no such namespace.
std::string of_namespaces(const std::string& selector, bool exclude = false) {
  const std::string filter =
      "{any: [{resources: {kinds: [Pod], namespaceSelector: " + selector + "}}]}";
  return exclude ? kinds("Pod") + ", exclude: " + filter : filter;
}

MatchCase of_sub_resource(const char* name, const std::string& match, bool matches,
                          admission::GroupVersionKind kind,
                          admission::GroupVersionResource resource, std::string sub_resource) {
  return {.name = name,
          .match = match,
          .matches = matches,
          .kind = kind,
          .resource = resource,
          .sub_resource = std::move(sub_resource),
          .operation = Operation::kConnect};
}

std::vector<MatchCase> sub_resources() {
  const admission::GroupVersionKind exec{"", "v1", "PodExecOptions"};
  const admission::GroupVersionKind scale{"autoscaling", "v1", "Scale"};
  const admission::GroupVersionResource pods{"", "v1", "pods"};
  const admission::GroupVersionResource deployments{"apps", "v1", "deployments"};
  const admission::GroupVersionResource rollouts{"argoproj.io", "v1alpha1", "rollouts"};
  return {
      of_sub_resource("Exec", kinds("Pod/exec"), true, exec, pods, "exec"),
      of_sub_resource("ExecOfVersion", kinds("v1/Pod/exec"), true, exec, pods, "exec"),
      of_sub_resource("ExecOfEverything", kinds("'*/exec'"), true, exec, pods, "exec"),
      of_sub_resource("EverythingOfPods", kinds("Pod/*"), true, exec, pods, "exec"),
      of_sub_resource("Everything", kinds("'*/*'"), true, exec, pods, "exec"),
      of_sub_resource("ExecOfOthers", kinds("Service/exec"), false, exec, pods, "exec"),
      of_sub_resource("Attach", kinds("Pod/attach"), false, exec, pods, "exec"),
      of_sub_resource("PodsAlone", kinds("Pod"), false, exec, pods, "exec"),
      of_sub_resource("KindOfTheOptions", kinds("PodExecOptions/exec"), false, exec, pods, "exec"),
      of_sub_resource("Scale", kinds("Deployment/scale"), true, scale, deployments, "scale"),
      of_sub_resource("ScaleOfGroup", kinds("apps/v1/Deployment/scale"), true, scale, deployments,
                      "scale"),
      of_sub_resource("ScaleOfTheOptions", kinds("autoscaling/v1/Scale/scale"), false, scale,
                      deployments, "scale"),
      of_sub_resource("ScaleOfGlob", kinds("Deploy*/scale"), true, scale, deployments, "scale"),
      of_sub_resource("ScaleOfCustom", kinds("Rollout/scale"), true, scale, rollouts, "scale"),
      of_sub_resource("ScaleOfIrregularCustom", kinds("'*/scale'"), true, scale,
                      {"example.com", "v1", "data"}, "scale"),
      of_sub_resource("StatusOfIrregularCustom", kinds("Data/status"), true,
                      {"example.com", "v1", "Data"}, {"example.com", "v1", "data"}, "status"),
      of_sub_resource("Status", kinds("Pod/status"), true, {"", "v1", "Pod"}, pods, "status"),
      of_sub_resource("EphemeralContainers", kinds("Pod"), true, {"", "v1", "Pod"}, pods,
                      "ephemeralcontainers"),
  };
}

std::vector<MatchCase> operations() {
  const std::string created = "{any: [{resources: {kinds: [Pod], operations: [CREATE]}}]}";
  return {
      {.name = "Delete", .match = kinds("Pod"), .matches = true, .operation = Operation::kDelete},
      {.name = "Connect", .match = kinds("Pod"), .matches = true, .operation = Operation::kConnect},
      {.name = "Update", .match = kinds("Pod"), .matches = true, .operation = Operation::kUpdate},
      {.name = "CreateOfCreate", .match = created, .matches = true},
      {.name = "DeleteOfCreate", .match = created, .operation = Operation::kDelete},
  };
}

std::vector<MatchCase> namespaces() {
  const std::string prod = "{matchLabels: {env: prod}}";
  const std::string shop = "{matchLabels: {kubernetes.io/metadata.name: shop}}";
  const std::string other = "{matchLabels: {kubernetes.io/metadata.name: other}}";
  const std::string none = "{matchExpressions: [{key: env, operator: DoesNotExist}]}";
  const std::string glob = "{matchLabels: {'kubernetes.io/*': 'sh?p'}}";
  return {
      {.name = "UnknownHolds", .match = of_namespaces(prod), .matches = true},
      {.name = "UnknownExpressionHolds", .match = of_namespaces(none), .matches = true},
      {.name = "UnknownExcludesNobody", .match = of_namespaces(none, true), .matches = true},
      {.name = "UnknownLabelExcludesNobody", .match = of_namespaces(prod, true), .matches = true},
      {.name = "ItsName", .match = of_namespaces(shop), .matches = true},
      {.name = "AnotherName", .match = of_namespaces(other)},
      {.name = "ItsNameIsExcluded", .match = of_namespaces(shop, true)},
      {.name = "ItsNameByGlobIsExcluded", .match = of_namespaces(glob, true)},
      {.name = "Known", .match = of_namespaces(prod), .labels = R"({"env":"test"})", .known = true},
      {.name = "KnownAndThere",
       .match = of_namespaces(prod),
       .matches = true,
       .labels = R"({"env":"prod"})",
       .known = true},
      {.name = "KnownAndExcluded",
       .match = of_namespaces(none, true),
       .labels = "{}",
       .known = true},
      {.name = "ClusterScoped", .match = of_namespaces(prod), .namespace_name = "", .labels = "{}"},
      {.name = "ClusterScopedWithout",
       .match = of_namespaces(none),
       .matches = true,
       .namespace_name = "",
       .labels = "{}"},
  };
}

std::vector<MatchCase> users() {
  const auto except = [](const std::string& filters) {
    return kinds("Pod") + ", exclude: " + filters;
  };
  return {
      {.name = "User", .match = except("{any: [{subjects: [{kind: User, name: b*}]}]}")},
      {.name = "Group", .match = except("{any: [{subjects: [{kind: Group, name: dev}]}]}")},
      {.name = "ServiceAccount",
       .match = except("{any: [{subjects: [{kind: ServiceAccount, name: '*', namespace: ci}]}]}"),
       .user = R"({"username":"system:serviceaccount:ci:a"})"},
      {.name = "Misspelt",
       .match = except("{any: [{subjects: [{kind: Usr, name: '*'}]}]}"),
       .matches = true},
      {.name = "EmptyFilter", .match = except("{any: [{}]}"), .matches = true},
      {.name = "EmptyFilterOfAll",
       .match = except("{all: [{}, {resources: {kinds: [Pod]}}]}"),
       .matches = true},
      {.name = "NoFilterAmongAll",
       .match = except("{all: [1, {resources: {kinds: [Pod]}}]}"),
       .matches = true},
      {.name = "EmptyKind",
       .match = except("{any: [{resources: {kinds: ['']}}]}"),
       .matches = true},
      {.name = "AnyAndAll",
       .match = except("{any: [{resources: {kinds: [Pod]}}], all: [{resources: {kinds: [Pod]}}]}"),
       .matches = true},
  };
}

const auto name_of_case = [](const auto& each) { return std::string(each.param.name); };

INSTANTIATE_TEST_SUITE_P(SubResources, KyvernoMatchTest, ::testing::ValuesIn(sub_resources()),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Operations, KyvernoMatchTest, ::testing::ValuesIn(operations()),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Namespaces, KyvernoMatchTest, ::testing::ValuesIn(namespaces()),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Users, KyvernoMatchTest, ::testing::ValuesIn(users()), name_of_case);

}  // namespace
}  // namespace seaworthy::engine
