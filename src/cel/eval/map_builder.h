#pragma once

#include <cstdint>
#include <span>

#include "seaworthy/base/arena.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// Builds a map of values in the arena: entries keep the order in which their keys first came.
/// Above kIndexedMin entries keys are found through a hash table, so that n insertions cost O(n).
class MapBuilder {
 public:
  explicit MapBuilder(Arena& arena) : arena_(&arena) {}

  /// The value under exactly this key (of the same kind), or null.
  [[nodiscard]] Value* find(const Value& key);
  /// Sets the value; an existing key keeps its place.
  void put(const Value& key, const Value& value);
  void remove(const Value& key);

  [[nodiscard]] Value build() const;

 private:
  static constexpr std::uint32_t kIndexedMin = 16;

  void grow();
  void index_all();
  void index(std::uint32_t position);

  Arena* arena_;
  MapEntry* entries_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t room_ = 0;
  std::uint32_t* table_ = nullptr;  ///< Positions + 1; 0: free.
  std::uint32_t mask_ = 0;
};

}  // namespace seaworthy::cel
