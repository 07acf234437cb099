#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "seaworthy/base/limits.h"
#include "seaworthy/observe/log.h"
#include "seaworthy/observe/metrics.h"

namespace seaworthy::observe {

struct LogQueueOptions {
  std::size_t bytes_max = limits::kLogQueueBytesMax;  ///< Of lines that wait.
  std::chrono::milliseconds flush = limits::kLogFlushTimeout;
};

/// Hands lines to a thread that writes them, so that a reader who does not read (a full pipe, a
/// stopped terminal) holds nobody up: what does not fit into the queue then is dropped and counted.
/// Lines stay whole and in order.
class LogQueue final : public LogSink {
 public:
  /// `descriptor` stays the caller's. Lifetime: `metrics` outlives it.
  LogQueue(int descriptor, Metrics& metrics, const LogQueueOptions& options = {});
  /// Writes what waits, as long as it is taken within `flush`.
  ~LogQueue() override;
  LogQueue(const LogQueue&) = delete;
  LogQueue& operator=(const LogQueue&) = delete;

  void write(std::string_view line) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seaworthy::observe
