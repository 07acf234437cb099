// Replaces operator new by one that counts, in a file of its own so that nothing is inlined.

#include "allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> count{0};

}  // namespace

void* operator new(std::size_t bytes) {
  count.fetch_add(1, std::memory_order_relaxed);
  void* room = std::malloc(bytes);  // NOLINT(cppcoreguidelines-no-malloc)
  if (room == nullptr) {
    std::abort();
  }
  return room;
}

void operator delete(void* room) noexcept {
  std::free(room);  // NOLINT(cppcoreguidelines-no-malloc)
}

void operator delete(void* room, std::size_t /*bytes*/) noexcept {
  std::free(room);  // NOLINT(cppcoreguidelines-no-malloc)
}

namespace seaworthy::bench {

std::uint64_t allocations() { return count.load(std::memory_order_relaxed); }

}  // namespace seaworthy::bench
