#include "seaworthy/policy/subject.h"

#include <algorithm>

#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using Requirement = admission::LabelSelector::Requirement;

/// Of a label with a known value, whatever else is known of the namespace.
bool name_label_matches(const Requirement& requirement, std::string_view name) {
  const bool is_in = std::ranges::find(requirement.values, name) != requirement.values.end();
  switch (requirement.op) {
    case Requirement::Operator::kIn:
      return is_in;
    case Requirement::Operator::kNotIn:
      return !is_in;
    case Requirement::Operator::kExists:
      return true;
    case Requirement::Operator::kDoesNotExist:
      return false;
  }
  return false;
}

}  // namespace

bool matches_any_glob(const std::vector<std::string>& globs, std::string_view text) {
  return std::ranges::any_of(globs,
                             [&](const std::string& glob) { return matches_glob(glob, text); });
}

bool matches_workloads(const std::vector<WorkloadPattern>& patterns, const Subject& subject) {
  auto matches = [&](const WorkloadPattern& pattern) {
    return std::ranges::any_of(subject.workloads, [&](const admission::ObjectName& workload) {
      return (pattern.kind.empty() || pattern.kind == workload.kind) &&
             (pattern.name.empty() || matches_glob(pattern.name, workload.name));
    });
  };
  return patterns.empty() || std::ranges::any_of(patterns, matches);
}

Match matches_namespace(const NamespacePattern& pattern, const Subject& subject) {
  const bool names_match =
      pattern.names.empty() ||
      (!subject.namespace_name.empty() && matches_any_glob(pattern.names, subject.namespace_name));
  if (!names_match) {
    return Match::kNo;
  }
  if (!pattern.selector) {
    return Match::kYes;
  }
  if (subject.namespace_name.empty()) {
    return Match::kNo;
  }
  Match match = Match::kYes;
  for (const auto& requirement : pattern.selector->requirements) {
    if (requirement.key == kNamespaceNameLabel) {
      if (!name_label_matches(requirement, subject.namespace_name)) {
        return Match::kNo;
      }
    } else if (!subject.labels_known) {
      match = Match::kUnknown;
    } else if (!admission::LabelSelector{{requirement}}.matches(subject.namespace_labels)) {
      return Match::kNo;
    }
  }
  return match;
}

}  // namespace seaworthy::policy
