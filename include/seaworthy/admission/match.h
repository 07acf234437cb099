#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "seaworthy/admission/review.h"
#include "seaworthy/document/node.h"

namespace seaworthy::admission {

/// A label selector: all requirements must hold. Rule: metav1.LabelSelector.
struct LabelSelector {
  struct Requirement {
    enum class Operator : std::uint8_t { kIn, kNotIn, kExists, kDoesNotExist };

    std::string key;
    Operator op = Operator::kIn;
    std::vector<std::string> values;
  };

  std::vector<Requirement> requirements;  ///< matchLabels are In with one value.

  [[nodiscard]] bool matches(const document::Node& labels) const;
};

/// Which requests a rule is about; each list may hold "*". Rule: admissionregistration v1
/// NamedRuleWithOperations.
struct ResourceRule {
  std::vector<std::string> api_groups;
  std::vector<std::string> api_versions;
  std::vector<std::string> operations;
  std::vector<std::string> resources;  ///< "pods", "pods/*", "*/scale", "*", "*/*"
  std::vector<std::string> resource_names;
  std::string scope = "*";

  [[nodiscard]] bool matches(const Review& review) const;
};

/// What a policy sees. Rule: in-tree matchConstraints (cel.md section 3, Matching).
struct MatchConstraints {
  std::vector<ResourceRule> resource_rules;
  std::vector<ResourceRule> exclude_resource_rules;
  std::optional<LabelSelector> namespace_selector;
  std::optional<LabelSelector> object_selector;

  /// `namespace_labels`: null where they are not known; a selector then does not match (it could
  /// loosen).
  [[nodiscard]] bool matches(const Review& review, const document::Node& namespace_labels) const;
};

}  // namespace seaworthy::admission
