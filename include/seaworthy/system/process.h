#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace seaworthy::system {

/// Bytes of this process that are in memory; 0 where /proc does not say.
[[nodiscard]] std::uint64_t resident_bytes();

/// When this process started; the epoch where /proc does not say.
[[nodiscard]] std::chrono::system_clock::time_point process_start();

/// The processors that this process may use: its affinity, and no more than its control group's
/// quota rounded up (cgroup v2 cpu.max). At least 1.
[[nodiscard]] std::size_t available_processors();

/// Raises the soft limit of open files to the hard one, as Go programs do; returns what it is then.
std::size_t raise_open_files_limit();

}  // namespace seaworthy::system
