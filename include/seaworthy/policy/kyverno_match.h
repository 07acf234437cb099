#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "seaworthy/admission/match.h"
#include "seaworthy/admission/review.h"
#include "seaworthy/document/node.h"

namespace seaworthy::policy {

/// "Pod", "apps/v1/Deployment", "Pod/exec": each part a glob, `*` where it is not written.
/// Rule: kyverno pkg/utils/kube/kind.go ParseKindSelector.
struct KyvernoKind {
  std::string group = "*";
  std::string version = "*";
  std::string kind;
  std::string sub_resource;

  static KyvernoKind parse(std::string_view text);
};

/// A label selector whose matchLabels may hold globs, in keys and in values.
struct KyvernoSelector {
  std::vector<std::pair<std::string, std::string>> labels;
  admission::LabelSelector expressions;

  [[nodiscard]] bool matches(const document::Node& labels_of_object) const;
};

/// Whose request it is. Rule: rbac v1 Subject.
struct KyvernoSubject {
  std::string kind;  ///< User, Group, ServiceAccount
  std::string name;  ///< A glob.
  std::string namespace_name;
};

/// One of the filters under `match` or `exclude`: fields that are there must all match, of each
/// list one item. Rule: kyverno pkg/engine/utils/match.go doesResourceMatchConditionBlock.
struct KyvernoFilter {
  std::vector<KyvernoKind> kinds;
  std::string name;                     ///< A glob.
  std::vector<std::string> names;       ///< Globs.
  std::vector<std::string> namespaces;  ///< Globs; a Namespace is in itself.
  std::vector<std::pair<std::string, std::string>> annotations;  ///< Globs.
  std::vector<std::string> operations;
  std::optional<KyvernoSelector> selector;
  std::optional<KyvernoSelector> namespace_selector;
  std::vector<KyvernoSubject> subjects;
  /// It names roles or clusterRoles. Who has which role is not known here: such a filter selects
  /// whoever asks where it is a match, and nobody where it is an exclusion.
  bool names_roles = false;
};

enum class KyvernoSide : bool { kMatch, kExclude };

/// The filters of `match` or `exclude`.
struct KyvernoFilters {
  std::vector<KyvernoFilter> filters;
  bool all = false;  ///< Every filter must hold; else one of them.

  /// False where there is none. `namespace_labels`: null where they are not known.
  [[nodiscard]] bool matches(const admission::Review& review,
                             const document::Node& namespace_labels, KyvernoSide side) const;
};

/// Which requests a rule of a ClusterPolicy or Policy is about.
struct KyvernoMatch {
  KyvernoFilters match;
  KyvernoFilters exclude;
  /// Whose rules name operations; otherwise only CREATE and UPDATE are looked at: the others'
  /// requests have no object.
  bool names_operations = false;

  [[nodiscard]] bool matches(const admission::Review& review,
                             const document::Node& namespace_labels) const;
};

}  // namespace seaworthy::policy
