#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// The items of a constant list, prepared for `x in [...]`. Rule: cel-go's set membership
/// optimisation (interpreter/decorators.go, maybeOptimizeSetMembership), whose answers differ from
/// a comparison with each item only for integers beyond 2^53.
class ConstSet {
 public:
  /// Nothing where an item is not a bool, number or string.
  static std::optional<ConstSet> of(const Value& list);

  [[nodiscard]] bool contains(const Value& value) const;

  /// As they lie in the table, free places included: the same for lists of the same items in one
  /// order.
  [[nodiscard]] std::span<const Value> items() const { return table_; }

 private:
  void insert(const Value& value);

  std::vector<Value> table_;  ///< Open addressing; kUnset: free. A power of two.
};

/// A hash for values that can be keys of a map or items of a set.
std::uint32_t hash_value(const Value& value);

}  // namespace seaworthy::cel
