#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "seaworthy/engine/finding.h"
#include "seaworthy/engine/target.h"

namespace seaworthy::engine {

/// What of a request changes what runs: only that may be refused. Rule: DESIGN section 5, item 6.
struct Change {
  bool everything = true;  ///< A creation, a changed template, or a kind that holds no Pod.
  /// Otherwise: the containers, by list and index in the new object, that were added or have a new
  /// image. Where there is one, Pod-level rules are judged too; where there is none, nothing is.
  std::set<std::pair<std::string_view, std::size_t>> containers;

  /// True where a violation of this item may be refused.
  [[nodiscard]] bool concerns(const Item& item) const;
  /// Indexes of ephemeral containers that the request adds.
  [[nodiscard]] std::vector<std::size_t> added_ephemeral() const;
};

Change compare(const Target& target);

}  // namespace seaworthy::engine
