#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace seaworthy {

/// The present version of something that never changes: who takes one keeps it, whatever is
/// published after. A mutex, since std::atomic<std::shared_ptr> is reported as a race by
/// ThreadSanitizer. Threads: any.
template <class T>
class Snapshot {
 public:
  explicit Snapshot(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  [[nodiscard]] std::shared_ptr<const T> take() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

  void publish(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_.swap(value);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace seaworthy
