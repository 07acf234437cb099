// Selectors first, then what is excluded, then what is included. A cluster-scoped object has no
// namespace to be selected by, and matches; a Namespace that is created or updated is selected by
// its own labels.
#include "engine/admission_match.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "seaworthy/policy/subject.h"

namespace seaworthy::engine {
namespace {

using admission::LabelSelector;
using admission::Operation;
using admission::Review;
using document::Node;

/// As the API server asks of in-tree policies, but for what the server does not know of a
/// namespace. Native policies' (admission::MatchConstraints) have no labels of their own for a
/// Namespace; Kyverno's (policy::KyvernoMatch) also have globs, and ask of kinds.
bool matches_namespace(const LabelSelector& selector, const Review& review,
                       const NamespaceFacts& facts) {
  const bool is_namespace = review.resource.resource == "namespaces";
  if (review.namespace_name.empty() && !is_namespace) {
    return true;
  }
  const bool own =
      is_namespace && review.sub_resource.empty() &&
      (review.operation == Operation::kCreate || review.operation == Operation::kUpdate);
  const Node& labels =
      own ? review.object["metadata"]["labels"] : facts.object["metadata"]["labels"];
  if (own || facts.known) {
    return selector.matches(labels);
  }
  LabelSelector certain;
  std::ranges::copy_if(selector.requirements, std::back_inserter(certain.requirements),
                       [](const LabelSelector::Requirement& requirement) {
                         return requirement.key == policy::kNamespaceNameLabel;
                       });
  return certain.matches(labels);
}

/// What a request connects with (PodExecOptions) has no metadata, and no selector selects it; a
/// manifest without metadata stands for an object that will have some. Rule: apiserver
/// pkg/admission/plugin/webhook/predicates/object/matcher.go, matchObject.
bool matches_object(const LabelSelector& selector, const Review& review) {
  return selector.requirements.empty() ||
         std::ranges::any_of(
             std::array{&review.object, &review.old_object}, [&](const Node* object) {
               return object->is_map() &&
                      (review.operation != Operation::kConnect || (*object)["metadata"].is_map()) &&
                      selector.matches((*object)["metadata"]["labels"]);
             });
}

}  // namespace

bool is_exempt(const Review& review) {
  struct Exempt {
    std::string_view group;
    std::string_view resource;
  };

  static constexpr std::array<Exempt, 10> kExempt{{
      {"admissionregistration.k8s.io", "validatingadmissionpolicies"},
      {"admissionregistration.k8s.io", "validatingadmissionpolicybindings"},
      {"admissionregistration.k8s.io", "mutatingadmissionpolicies"},
      {"admissionregistration.k8s.io", "mutatingadmissionpolicybindings"},
      {"authentication.k8s.io", "tokenreviews"},
      {"authentication.k8s.io", "selfsubjectreviews"},
      {"authorization.k8s.io", "localsubjectaccessreviews"},
      {"authorization.k8s.io", "selfsubjectaccessreviews"},
      {"authorization.k8s.io", "selfsubjectrulesreviews"},
      {"authorization.k8s.io", "subjectaccessreviews"},
  }};
  return std::ranges::any_of(kExempt, [&](const Exempt& exempt) {
    return exempt.group == review.resource.group && exempt.resource == review.resource.resource;
  });
}

policy::KnownLabels labels_of(const NamespaceFacts& facts, const Review& review) {
  return {.labels = facts.object["metadata"]["labels"],
          .all = facts.known || review.namespace_name.empty()};
}

bool matches(const policy::AdmissionRule& rule, const Review& review, const NamespaceFacts& facts) {
  return rule.kyverno_match ? rule.kyverno_match->matches(review, labels_of(facts, review))
                            : matches(rule.match, review, facts);
}

bool matches(const policy::AdmissionMatch& match, const Review& review,
             const NamespaceFacts& facts) {
  const auto& constraints = match.constraints;
  auto any = [&](const std::vector<admission::ResourceRule>& rules) {
    return std::ranges::any_of(
        rules, [&](const admission::ResourceRule& rule) { return rule.matches(review); });
  };
  if (any(constraints.exclude_resource_rules) ||
      (!constraints.resource_rules.empty() && !any(constraints.resource_rules))) {
    return false;
  }
  if (constraints.namespace_selector &&
      !matches_namespace(*constraints.namespace_selector, review, facts)) {
    return false;
  }
  return !constraints.object_selector || matches_object(*constraints.object_selector, review);
}

}  // namespace seaworthy::engine
