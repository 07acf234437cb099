#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "seaworthy/observe/log.h"

namespace seaworthy::net {

/// A thread that waits for sockets and timers and runs what they are waited for with. Everything
/// that belongs to it is touched by its thread only, so nothing in it is locked.
class EventLoop {
 public:
  /// Starts the thread. `tick` is how coarse the deadlines of connections are: one ends up to that
  /// much late. Lifetime: `log` outlives it.
  EventLoop(std::string name, observe::Log& log,
            std::chrono::milliseconds tick = std::chrono::milliseconds(100));
  /// Waits for the handler that runs, and drops what was to come.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Runs `task` on the thread, after what is ready already. Threads: any.
  void post(std::function<void()> task);
  /// The same, and returns when it has run. Not from the loop's own thread.
  void run(const std::function<void()>& task);

  /// How long the thread has owed a sign of life; 0 where it has given the last one that it was
  /// asked for here, and is asked for the next. Costs nothing while nobody asks. Threads: one at a
  /// time.
  [[nodiscard]] std::chrono::steady_clock::duration silence();

  struct Impl;

  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace seaworthy::net
