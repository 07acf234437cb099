#include "seaworthy/document/structured_merge.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"

// How whole mutations come out is tested with Kubernetes' own answers in
// tests/engine/mutation_test.cc; here are the parts, and the kinds that Kubernetes does not have
// built in.

namespace seaworthy::document {
namespace {

/// The merged object, or the first refusal.
std::string merged(const MergeSchema& schema, std::string_view live, std::string_view patch) {
  Arena arena;
  const Node object = *parse_json(live, arena);
  const Node change = *parse_json(patch, arena);
  const auto type = schema.find(object["apiVersion"].as_string(), object["kind"].as_string());
  if (!type) {
    return "no type";
  }
  const UntypedTree tree(change);
  if (const auto fault = validate(schema, *type, tree, Duplicates::kRefused)) {
    return "patch: " + *fault;
  }
  if (const auto atomics = find_atomics(schema, *type, tree); !atomics.empty()) {
    return "atomic: " + join(atomics, ", ");
  }
  if (const auto fault = validate(schema, *type, UntypedTree(object), Duplicates::kAllowed)) {
    return "live: " + *fault;
  }
  const auto result = merge(schema, *type, object, tree, arena);
  return result ? print_json(*result) : result.error().message;
}

struct Case {
  std::string_view live;
  std::string_view patch;
  std::string_view expected;
};

TEST(StructuredMerge, KnowsTheKindsOfKubernetes) {
  const MergeSchema schema;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kKinds = {{
      {"v1", "Pod"},
      {"v1", "Namespace"},
      {"apps/v1", "Deployment"},
      {"apps/v1beta1", "StatefulSet"},
      {"batch/v1", "CronJob"},
      {"networking.k8s.io/v1", "Ingress"},
      {"rbac.authorization.k8s.io/v1", "ClusterRole"},
      {"flowcontrol.apiserver.k8s.io/v1", "FlowSchema"},
      {"apiextensions.k8s.io/v1", "CustomResourceDefinition"},
      {"apiregistration.k8s.io/v1", "APIService"},
  }};
  const auto custom = schema.find("example.com/v1", "Pod");
  for (const auto& [api_version, kind] : kKinds) {
    const auto type = schema.find(api_version, kind);
    ASSERT_TRUE(type) << kind;
    EXPECT_NE(type, custom) << kind;
    EXPECT_EQ(schema.atom(*type).scalar, MergeSchema::Scalar::kNone) << kind;
  }
  EXPECT_FALSE(schema.find("v1", "Deployment"));
  EXPECT_FALSE(schema.find("apps/v1", "Pod"));
  EXPECT_EQ(custom, schema.find("example.com/v2", "Anything"));
}

TEST(StructuredMerge, MergesBuiltInKinds) {
  constexpr std::array<Case, 7> kCases = {{
      {R"({"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":53},{"port":53,"protocol":"UDP"}]}})",
       R"({"spec":{"ports":[{"port":53,"protocol":"TCP","name":"dns"}]}})",
       R"({"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":53,"protocol":"TCP","name":"dns"},{"port":53,"protocol":"UDP"}]}})"},
      {R"({"apiVersion":"v1","kind":"Pod","metadata":{"finalizers":["a","b"]}})",
       R"({"metadata":{"finalizers":["x","a"]}})",
       R"({"apiVersion":"v1","kind":"Pod","metadata":{"finalizers":["x","a","b"]}})"},
      {R"({"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"a"},{"name":"c"},{"name":"b"}]}})",
       R"({"spec":{"containers":[{"name":"b"},{"name":"a"}]}})",
       R"({"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"c"},{"name":"b"},{"name":"a"}]}})"},
      {R"({"apiVersion":"v1","kind":"Pod"})", R"({"spec":{"tolerations":[],"nodeSelector":{}}})",
       "atomic: .spec.tolerations, .spec.nodeSelector"},
      {R"({"apiVersion":"v1","kind":"Pod"})", R"({"spec":{"hostNetwork":"yes","priority":"x"}})",
       "patch: errors:\n  .spec.hostNetwork: expected boolean, got &{yes}\n"
       "  .spec.priority: expected numeric (int or float), got string"},
      {R"({"apiVersion":"v1","kind":"Pod","spec":{"nope":1}})", R"({"spec":{"priority":1}})",
       "live: .spec.nope: field not declared in schema"},
      {R"({"apiVersion":"v1","kind":"PersistentVolume","spec":{"claimRef":{"uid":"1"}}})",
       R"({"spec":{"claimRef":{"name":"c"}}})",
       R"({"apiVersion":"v1","kind":"PersistentVolume","spec":{"claimRef":{"uid":"1","name":"c"}}})"},
  }};
  const MergeSchema schema;
  for (const Case& test : kCases) {
    EXPECT_EQ(merged(schema, test.live, test.patch), test.expected) << test.patch;
  }
}

// Rule: structured-merge-diff typed/parser.go, DeducedParseableType.
TEST(StructuredMerge, TakesCustomResourcesForWhatTheyLookLike) {
  constexpr std::array<Case, 5> kCases = {{
      {R"({"apiVersion":"example.com/v1","kind":"Boat","spec":{"mast":{"height":3}}})",
       R"({"spec":{"mast":{"wood":"oak"},"crew":2}})",
       R"({"apiVersion":"example.com/v1","kind":"Boat","spec":{"mast":{"height":3,"wood":"oak"},"crew":2}})"},
      {R"({"apiVersion":"example.com/v1","kind":"Boat","spec":{"sails":["a"]}})",
       R"({"spec":{"crew":2}})",
       R"({"apiVersion":"example.com/v1","kind":"Boat","spec":{"sails":["a"],"crew":2}})"},
      {R"({"apiVersion":"example.com/v1","kind":"Boat","spec":{"crew":1}})",
       R"({"spec":{"crew":{"captain":"a"}}})",
       R"({"apiVersion":"example.com/v1","kind":"Boat","spec":{"crew":{"captain":"a"}}})"},
      {R"({"apiVersion":"example.com/v1","kind":"Boat","spec":{"crew":1}})",
       R"({"spec":{"crew":null}})",
       R"({"apiVersion":"example.com/v1","kind":"Boat","spec":{"crew":null}})"},
      {R"({"apiVersion":"v1","kind":"Boat"})", "{}", "no type"},
  }};
  const MergeSchema schema;
  for (const Case& test : kCases) {
    EXPECT_EQ(merged(schema, test.live, test.patch), test.expected) << test.patch;
  }
}

TEST(StructuredMerge, SaysWhatJsonHasNoWordFor) {
  const MergeSchema schema;
  Arena arena;
  const Node root = *parse_json(R"({"spec":{"priority":null,"nodeName":null}})", arena);
  UntypedTree tree(root);
  const Node& priority = *root["spec"].find("priority");
  tree.explain(priority, {"1h0m0s", "3600000000000", "time.Duration"});
  EXPECT_EQ(validate(schema, *schema.find("v1", "Pod"), tree, Duplicates::kRefused),
            ".spec.priority: expected numeric (int or float), got time.Duration");
}

}  // namespace
}  // namespace seaworthy::document
