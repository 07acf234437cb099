#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "seaworthy/base/result.h"

namespace seaworthy::system {

/// Turns SIGTERM and SIGINT into values that a thread waits for, and SIGHUP into a call. While it
/// lives, the three do not interrupt the thread that made it nor the threads started by that one
/// later, so make it before any other thread.
class SignalWatcher {
 public:
  [[nodiscard]] static Result<std::unique_ptr<SignalWatcher>> make();
  ~SignalWatcher();
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;

  /// What wait() calls at each SIGHUP, and then waits on. Without it nothing happens then.
  void on_hangup(std::function<void()> call);

  /// The number of the next signal, or nothing where none came within `timeout`. Threads: one at a
  /// time.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds timeout);
  /// The number of the next signal, however long that takes.
  [[nodiscard]] int wait();
  /// Has the same effect as a SIGTERM from outside. Threads: any.
  void notify();

 private:
  struct State;
  explicit SignalWatcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace seaworthy::system
