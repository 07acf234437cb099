#pragma once

#include <cstddef>
#include <functional>

namespace seaworthy::cli {

/// Calls work(0) … work(count - 1), each once, on up to `threads` threads, and done(0) …
/// done(count - 1) in that order on this one, each once its work is over. Work runs only so far
/// ahead of what is done that a bounded number of results waits. With one thread it is a loop.
/// Neither function may throw.
void do_in_order(std::size_t count, std::size_t threads,
                 const std::function<void(std::size_t)>& work,
                 const std::function<void(std::size_t)>& done);

/// The processors that this process may use; at least 1.
std::size_t processor_count();

}  // namespace seaworthy::cli
