#include "seaworthy/admission/match.h"

#include <algorithm>

namespace seaworthy::admission {
namespace {

using document::Node;

bool contains_or_star(const std::vector<std::string>& list, std::string_view word) {
  return std::ranges::any_of(list,
                             [&](const std::string& each) { return each == "*" || each == word; });
}

/// Rule: AS/admission/plugin/webhook/predicates/rules/rules.go: "pods" is not "pods/status"; "*" is
/// every resource without its sub-resources; "pods/*", "*/status", "*/*".
bool matches_resource(std::string_view pattern, std::string_view resource,
                      std::string_view sub_resource) {
  if (pattern == "*/*") {
    return true;
  }
  const auto slash = pattern.find('/');
  const auto want = pattern.substr(0, slash);
  const auto want_sub =
      slash == std::string_view::npos ? std::string_view{} : pattern.substr(slash + 1);
  const bool resource_matches = want == "*" || want == resource;
  const bool sub_matches = slash == std::string_view::npos
                               ? sub_resource.empty()
                               : want_sub == "*" || want_sub == sub_resource;
  return resource_matches && sub_matches;
}

}  // namespace

bool LabelSelector::matches(const Node& labels) const {
  using Operator = Requirement::Operator;
  return std::ranges::all_of(requirements, [&](const Requirement& requirement) {
    const Node* label = labels.find(std::string_view(requirement.key));
    const bool is_in =
        label != nullptr &&
        std::ranges::find(requirement.values, label->as_string()) != requirement.values.end();
    switch (requirement.op) {
      case Operator::kIn:
        return is_in;
      case Operator::kNotIn:
        return !is_in;
      case Operator::kExists:
        return label != nullptr;
      case Operator::kDoesNotExist:
        return label == nullptr;
    }
    return false;
  });
}

bool ResourceRule::matches(const Review& review) const {
  const bool namespaced =
      !review.namespace_name.empty() && review.resource.resource != "namespaces";
  if (scope != "*" && (scope == "Namespaced") != namespaced) {
    return false;
  }
  return contains_or_star(operations, name_of(review.operation)) &&
         contains_or_star(api_groups, review.resource.group) &&
         contains_or_star(api_versions, review.resource.version) &&
         std::ranges::any_of(resources,
                             [&](const std::string& each) {
                               return matches_resource(each, review.resource.resource,
                                                       review.sub_resource);
                             }) &&
         (resource_names.empty() ||
          std::ranges::find(resource_names, review.name) != resource_names.end());
}

bool MatchConstraints::matches(const Review& review, const Node& namespace_labels) const {
  auto any = [&](const std::vector<ResourceRule>& rules) {
    return std::ranges::any_of(rules,
                               [&](const ResourceRule& rule) { return rule.matches(review); });
  };
  if (any(exclude_resource_rules) || (!resource_rules.empty() && !any(resource_rules))) {
    return false;
  }
  // Cluster-scoped objects other than namespaces have no namespace to select by: they match
  // (predicates/namespace/matcher.go).
  if (namespace_selector && !review.namespace_name.empty()) {
    if (!namespace_labels.is_map() || !namespace_selector->matches(namespace_labels)) {
      return false;
    }
  }
  if (object_selector) {
    auto selected = [&](const Node& object) {
      return object.is_map() && object_selector->matches(object["metadata"]["labels"]);
    };
    if (!selected(review.object) && !selected(review.old_object)) {
      return false;
    }
  }
  return true;
}

}  // namespace seaworthy::admission
