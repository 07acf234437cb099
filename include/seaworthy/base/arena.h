#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace seaworthy {

/// Memory that is handed out in order and given back all at once. Holds only trivially destructible
/// things. Lifetime: what it hands out lives until reset() or the arena's end. Threads: one at a
/// time.
class Arena {
 public:
  explicit Arena(std::size_t block_bytes = kBlockBytes) : block_bytes_(block_bytes) {}

  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;
  ~Arena() = default;

  void* allocate(std::size_t bytes, std::size_t alignment = alignof(std::max_align_t)) {
    auto position = (cursor_ + (alignment - 1)) & ~(alignment - 1);
    if (position + bytes > end_ || cursor_ == 0) {
      grow(bytes + alignment);
      position = (cursor_ + (alignment - 1)) & ~(alignment - 1);
    }
    cursor_ = position + bytes;
    return reinterpret_cast<void*>(position);  // NOLINT(performance-no-int-to-ptr)
  }

  /// Room for `count` values, not yet constructed.
  template <class T>
  T* allocate_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(allocate(sizeof(T) * count, alignof(T)));
  }

  template <class T, class... Args>
  T* create(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) {
      return {};
    }
    char* bytes = allocate_array<char>(text.size());
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }

  template <class T>
  std::span<const T> copy(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (values.empty()) {
      return {};
    }
    T* room = allocate_array<T>(values.size());
    std::uninitialized_copy(values.begin(), values.end(), room);
    return {room, values.size()};
  }

  /// Forgets everything handed out; keeps its largest block for the next user, so that a warm arena
  /// asks for no memory.
  void reset() {
    if (blocks_.size() > 1) {
      keep_largest();
    } else if (!blocks_.empty()) {
      cursor_ = end_ - blocks_.front().size;
    }
  }

  /// Bytes asked of the system and held.
  [[nodiscard]] std::size_t held_bytes() const { return held_bytes_; }

 private:
  static constexpr std::size_t kBlockBytes = std::size_t{16} * 1024;

  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };

  void grow(std::size_t at_least);
  void keep_largest();

  std::vector<Block> blocks_;
  std::uintptr_t cursor_ = 0;
  std::uintptr_t end_ = 0;
  std::size_t block_bytes_;
  std::size_t held_bytes_ = 0;
};

}  // namespace seaworthy
