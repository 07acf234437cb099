#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/path.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::engine {

/// The fragment with its expressions replaced by their values; a member whose value is
/// optional.none() is left out. Errors: kInvalid: an expression ended in an error.
Result<document::Node> render(const policy::Fragment& fragment, cel::Evaluation& evaluation);

/// Merges fragments of remedies into a Pod. Rule: DESIGN section 5, item 3: maps recurse, keyed
/// lists pair by the Pod API's keys, sets unite, {$append: […]} unites an atomic list; a scalar or
/// atomic list that is there and not empty stays, unless `overwrite` names its path.
class Merge {
 public:
  Merge(const std::vector<document::Path>& overwrite, Arena& arena)
      : overwrite_(&overwrite), arena_(&arena) {}

  /// `root` is "container", "pod" or "podMetadata": what paths of `overwrite` begin with.
  document::Node merge(std::string_view root, const document::Node& target,
                       const document::Node& fragment);

  /// Renames, in a rendered Pod fragment, the volumes whose names `pod_spec` uses for another
  /// source; mounts of the fragment of the container follow when it is merged after. `own` is the
  /// volume that fails, empty where none does: its name means itself and is kept.
  document::Node rename_clashing_volumes(const document::Node& pod_spec,
                                         const document::Node& fragment, std::string_view own = {});

  /// Leaves that were there with another value and stayed: `container.securityContext.runAsUser`.
  [[nodiscard]] const std::vector<std::string>& kept() const { return kept_; }

  /// Leaves that were empty and are now the fragment's.
  [[nodiscard]] const std::vector<std::string>& wrote() const { return wrote_; }

 private:
  document::Node merge_value(const document::Node& target, const document::Node& fragment);
  document::Node merge_map(const document::Node& target, const document::Node& fragment);
  document::Node merge_list(const document::Node& target, const document::Node& fragment);
  document::Node merge_keyed(const document::Node& target, const document::Node& fragment,
                             std::span<const std::string_view> keys);
  document::Node unite(const document::Node& target, const document::Node& items);
  document::Node follow_renames(const document::Node& mount);
  [[nodiscard]] bool may_overwrite() const;
  [[nodiscard]] std::string here() const;

  const std::vector<document::Path>* overwrite_;
  Arena* arena_;
  std::vector<std::string> path_;  ///< Names from the root; items of lists add none.
  std::map<std::string, std::string, std::less<>> renames_;
  std::vector<std::string> kept_;
  std::vector<std::string> wrote_;
};

/// A copy without what the path names; the same where it is not there.
document::Node remove_at(const document::Node& root, std::span<const document::PathStep> steps,
                         Arena& arena);

/// A mount path as the kernel sees it: without doubled or trailing slashes, "." and "..". Rule:
/// Go's path.Clean.
std::string clean_path(std::string_view path);

}  // namespace seaworthy::engine
