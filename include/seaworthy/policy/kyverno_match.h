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
  bool alone = false;  ///< Written as a kind and nothing else.

  /// Nothing where there are more than four parts, or one is empty.
  static std::optional<KyvernoKind> parse(std::string_view text);
};

/// What is taken of who asks, of roles and of namespaces' labels where they are not known here. A
/// match holds in doubt, and an exclusion or exception fails: the policy tightens either way.
enum class KyvernoDoubt : bool { kHolds, kFails };

/// Labels, as far as they are known.
struct KnownLabels {
  document::Node labels;
  bool all = true;  ///< Else those that are not among them may still be there.
};

/// A label selector whose matchLabels may hold globs, in keys and in values.
struct KyvernoSelector {
  std::vector<std::pair<std::string, std::string>> labels;
  admission::LabelSelector expressions;

  [[nodiscard]] bool matches(const KnownLabels& of, KyvernoDoubt doubt) const;
};

/// Whose request it is. Rule: rbac v1 Subject; kyverno pkg/utils/match/subjects.go.
struct KyvernoSubject {
  std::string kind;  ///< "User", "Group" or "ServiceAccount".
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
  bool names_roles = false;  ///< roles or clusterRoles: who has which is not known here.
  bool never = false;        ///< Empty, or with mistakes: it holds for no request.
};

/// The filters of `match` or `exclude`.
struct KyvernoFilters {
  std::vector<KyvernoFilter> filters;
  bool all = false;  ///< Every filter must hold; else one of them.

  /// False where there is none. `of_namespace`: none and all of them for cluster-scoped objects.
  [[nodiscard]] bool matches(const admission::Review& review, const KnownLabels& of_namespace,
                             KyvernoDoubt doubt) const;
};

/// Which requests a rule of a ClusterPolicy or Policy is about. Filters without operations are
/// about all four: on DELETE there is no `object`, on CONNECT it is the options.
/// Rule: kyverno pkg/controllers/webhook/controller.go, defaultOperations.
struct KyvernoMatch {
  KyvernoFilters match;
  KyvernoFilters exclude;

  [[nodiscard]] bool matches(const admission::Review& review,
                             const KnownLabels& of_namespace) const;
};

}  // namespace seaworthy::policy
