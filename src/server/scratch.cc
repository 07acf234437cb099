#include "server/scratch.h"

namespace seaworthy::server {

std::unique_ptr<Scratch> ScratchPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!kept_.empty()) {
      auto scratch = std::move(kept_.back());
      kept_.pop_back();
      return scratch;
    }
  }
  return std::make_unique<Scratch>();
}

void ScratchPool::give_back(std::unique_ptr<Scratch> scratch) {
  if (scratch->arena.held_bytes() > kKeptBytesMax) {
    return;
  }
  scratch->arena.reset();
  const std::lock_guard lock(mutex_);
  if (kept_.size() < kKeptMax) {
    kept_.push_back(std::move(scratch));
  }
}

}  // namespace seaworthy::server
