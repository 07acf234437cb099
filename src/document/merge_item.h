#pragma once

#include <compare>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seaworthy/document/structured_merge.h"

namespace seaworthy::document {

/// What tells an item of an associative list from the others: its keys' values, or, in a set, its
/// own value. Rule: structured-merge-diff fieldpath/element.go and typed/helpers.go.
class MergeItem {
 public:
  /// Or why the item cannot be told: "associative list with keys may not have non-map elements".
  static std::expected<MergeItem, std::string> of(const MergeSchema& schema,
                                                  const MergeSchema::List& list,
                                                  const UntypedTree& tree, const Node& item);

  /// "[name=\"a\"]", "[=\"a\"]".
  [[nodiscard]] std::string text(const UntypedTree& tree) const;

  /// An order in which numbers are compared across kinds.
  friend std::weak_ordering operator<=>(const MergeItem& a, const MergeItem& b);

  friend bool operator==(const MergeItem& a, const MergeItem& b) { return (a <=> b) == 0; }

 private:
  std::vector<std::pair<std::string_view, const Node*>> keys_;  ///< In order of name.
  const Node* value_ = nullptr;
};

}  // namespace seaworthy::document
