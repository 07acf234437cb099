// Which requests an in-tree policy is about. Rule: apiserver pkg/admission/plugin/policy/matching
// and webhook/predicates.
#include "engine/admission_match.h"

#include <gtest/gtest.h>

#include "support/json.h"

namespace seaworthy::engine {
namespace {

using admission::Operation;
using Requirement = admission::LabelSelector::Requirement;

struct MatchCase {
  const char* name;
  policy::AdmissionMatch match;
  std::string resource = "pods";
  std::string sub_resource = {};
  std::string namespace_name = "shop";
  std::string object = "{}";
  std::string old_object = "null";
  std::string namespace_object = R"({"metadata":{"labels":{"team":"a"}}})";
  bool known = true;
  Operation operation = Operation::kCreate;
  bool matches = false;
};

void PrintTo(const MatchCase& each, std::ostream* out) { *out << each.name; }

class AdmissionMatchTest : public ::testing::TestWithParam<MatchCase> {};

TEST_P(AdmissionMatchTest, IsThePlatforms) {
  const auto& each = GetParam();
  Arena arena;
  admission::Review review;
  review.resource = {"", "v1", each.resource};
  review.sub_resource = each.sub_resource;
  review.namespace_name = each.namespace_name;
  review.operation = each.operation;
  review.object = testing::json(each.object, arena);
  review.old_object = testing::json(each.old_object, arena);
  EXPECT_EQ(matches(each.match, review,
                    {.object = testing::json(each.namespace_object, arena), .known = each.known}),
            each.matches);
}

admission::ResourceRule rule(std::vector<std::string> resources, std::string scope = "*") {
  admission::ResourceRule made;
  made.api_groups = {"*"};
  made.api_versions = {"v1"};
  made.operations = {"*"};
  made.resources = std::move(resources);
  made.scope = std::move(scope);
  return made;
}

policy::AdmissionMatch rules(std::vector<admission::ResourceRule> included,
                             std::vector<admission::ResourceRule> excluded = {}) {
  policy::AdmissionMatch match;
  match.constraints.resource_rules = std::move(included);
  match.constraints.exclude_resource_rules = std::move(excluded);
  return match;
}

Requirement in(std::string key, std::string value) {
  return {.key = std::move(key), .op = Requirement::Operator::kIn, .values = {std::move(value)}};
}

policy::AdmissionMatch of_namespace(Requirement requirement) {
  policy::AdmissionMatch match;
  match.constraints.namespace_selector = {.requirements = {std::move(requirement)}};
  return match;
}

policy::AdmissionMatch of_object(Requirement requirement) {
  policy::AdmissionMatch match;
  match.constraints.object_selector = {.requirements = {std::move(requirement)}};
  return match;
}

constexpr const char* kLabelled = R"({"metadata":{"labels":{"team":"a"}}})";

INSTANTIATE_TEST_SUITE_P(
    All, AdmissionMatchTest,
    ::testing::Values(
        MatchCase{.name = "NothingSaid", .match = {}, .matches = true},
        MatchCase{.name = "ARule", .match = rules({rule({"pods"})}), .matches = true},
        MatchCase{.name = "NotItsSubResource",
                  .match = rules({rule({"pods"})}),
                  .sub_resource = "status"},
        MatchCase{.name = "AnySubResource",
                  .match = rules({rule({"pods/*"})}),
                  .sub_resource = "status",
                  .matches = true},
        MatchCase{.name = "ExclusionWins", .match = rules({rule({"*"})}, {rule({"pods"})})},
        MatchCase{.name = "ANamespaceIsNotInOne",
                  .match = rules({rule({"*"}, "Namespaced")}),
                  .resource = "namespaces"},
        MatchCase{
            .name = "NamespaceSelected", .match = of_namespace(in("team", "a")), .matches = true},
        MatchCase{.name = "NamespaceNotSelected", .match = of_namespace(in("team", "b"))},
        MatchCase{.name = "ClusterScopedIsNeverExempt",
                  .match = of_namespace(in("team", "b")),
                  .resource = "nodes",
                  .namespace_name = "",
                  .matches = true},
        MatchCase{.name = "ANewNamespaceByItsOwnLabels",
                  .match = of_namespace(in("team", "a")),
                  .resource = "namespaces",
                  .object = kLabelled,
                  .namespace_object = "null",
                  .known = false,
                  .matches = true},
        MatchCase{.name = "ANewNamespaceWithoutThem",
                  .match = of_namespace(in("team", "a")),
                  .resource = "namespaces",
                  .namespace_object = kLabelled},
        MatchCase{.name = "ADeletedNamespaceByWhatIsStored",
                  .match = of_namespace(in("team", "a")),
                  .resource = "namespaces",
                  .object = "null",
                  .operation = Operation::kDelete,
                  .matches = true},
        MatchCase{.name = "AnUnknownLabelTightens",
                  .match = of_namespace(in("team", "b")),
                  .known = false,
                  .matches = true},
        MatchCase{
            .name = "TheNameIsAlwaysKnown",
            .match = of_namespace(in("kubernetes.io/metadata.name", "other")),
            .namespace_object = R"({"metadata":{"labels":{"kubernetes.io/metadata.name":"shop"}}})",
            .known = false},
        MatchCase{.name = "ObjectSelected",
                  .match = of_object(in("team", "a")),
                  .object = kLabelled,
                  .matches = true},
        MatchCase{.name = "OldObjectSelected",
                  .match = of_object(in("team", "a")),
                  .old_object = kLabelled,
                  .matches = true},
        MatchCase{.name = "NeitherSelected",
                  .match = of_object(in("team", "b")),
                  .object = kLabelled,
                  .old_object = kLabelled},
        MatchCase{.name = "NoObjectNoLabels",
                  .match = of_object(
                      {.key = "team", .op = Requirement::Operator::kDoesNotExist, .values = {}}),
                  .object = "null"},
        MatchCase{.name = "NoMetadataNoLabelsWhereOneConnects",
                  .match = of_object(
                      {.key = "team", .op = Requirement::Operator::kDoesNotExist, .values = {}}),
                  .sub_resource = "exec",
                  .object = R"({"kind":"PodExecOptions"})",
                  .operation = Operation::kConnect},
        MatchCase{.name = "AManifestWithoutMetadataIsSelected",
                  .match = of_object(
                      {.key = "team", .op = Requirement::Operator::kDoesNotExist, .values = {}}),
                  .object = R"({"kind":"Pod"})",
                  .matches = true}),
    ::testing::PrintToStringParamName());

}  // namespace
}  // namespace seaworthy::engine
