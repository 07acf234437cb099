#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "seaworthy/policy/policy_set.h"

namespace seaworthy::policy {

/// What comes of a load while another set is in use. Names are sorted.
struct Succession {
  /// What is to be used now; the set in use itself where nothing of it changed.
  std::shared_ptr<const PolicySet> set;
  std::vector<std::string> added;
  std::vector<std::string> changed;
  std::vector<std::string> removed;
  std::vector<std::string> kept;  ///< Earlier versions that go on, because what is there is broken.
  bool enforcement_changed = false;
  bool enforcement_kept = false;  ///< The earlier one goes on, for the same reason.

  [[nodiscard]] bool changes() const {
    return !added.empty() || !changed.empty() || !removed.empty() || enforcement_changed;
  }
};

/// The last good version of a policy goes on where the next one is set aside, or where its file, in
/// `unreadable` or in the load's diagnostics, cannot tell whether it is still there; one that is
/// missing from a file that is in order was removed. Where `next` has no policy at all, `last` goes
/// on as a whole. Enforcement and PolicyException documents belong together: where one is broken,
/// or its file is, all of `last` go on. A kept policy stays behind the one that it followed, but is
/// never the first.
[[nodiscard]] Succession succeed(const std::shared_ptr<const PolicySet>& last,
                                 const std::shared_ptr<const PolicySet>& next,
                                 std::span<const std::string> unreadable);

}  // namespace seaworthy::policy
