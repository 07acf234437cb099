#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/admission/match.h"
#include "seaworthy/admission/workload.h"
#include "seaworthy/document/node.h"

/// What of a request Enforcement and PolicyException documents look at.
namespace seaworthy::policy {

/// Lifetime: of the request.
struct Subject {
  std::string_view namespace_name;  ///< Empty for cluster-scoped objects.
  document::Node namespace_labels;
  bool labels_known = false;  ///< Otherwise only kubernetes.io/metadata.name is.
  /// The object itself, and the workload that it belongs to.
  std::vector<admission::ObjectName> workloads;
  std::string_view user;  ///< Empty where nobody knows.
  std::vector<std::string_view> groups;
};

/// A kind and a glob of names; each empty for any.
struct WorkloadPattern {
  std::string kind;
  std::string name;
};

/// Names and labels, both of which must match; absent: every namespace.
struct NamespacePattern {
  std::vector<std::string> names;  ///< Globs.
  std::optional<admission::LabelSelector> selector;
};

/// Whether something is about a request; kUnknown where only labels that nobody knows could tell.
enum class Match : std::uint8_t { kNo, kUnknown, kYes };

/// The label that is a namespace's name: the one that is always known, and that only the API server
/// sets.
inline constexpr std::string_view kNamespaceNameLabel = "kubernetes.io/metadata.name";

bool matches_any_glob(const std::vector<std::string>& globs, std::string_view text);
/// True where `patterns` is empty.
bool matches_workloads(const std::vector<WorkloadPattern>& patterns, const Subject& subject);
Match matches_namespace(const NamespacePattern& pattern, const Subject& subject);

}  // namespace seaworthy::policy
