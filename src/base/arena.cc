#include "seaworthy/base/arena.h"

#include <algorithm>

namespace seaworthy {

void Arena::grow(std::size_t at_least) {
  // Blocks double, so that a large document costs few of them.
  std::size_t size = blocks_.empty() ? block_bytes_ : blocks_.back().size * 2;
  size = std::max(size, at_least);
  blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  held_bytes_ += size;
  cursor_ = reinterpret_cast<std::uintptr_t>(blocks_.back().bytes.get());
  end_ = cursor_ + size;
}

void Arena::keep_largest() {
  auto largest = std::ranges::max_element(blocks_, {}, &Block::size);
  Block kept = std::move(*largest);
  blocks_.clear();
  held_bytes_ = kept.size;
  cursor_ = reinterpret_cast<std::uintptr_t>(kept.bytes.get());
  end_ = cursor_ + kept.size;
  blocks_.push_back(std::move(kept));
}

}  // namespace seaworthy
