// Threads take the next number that nobody has, unless it is too far ahead of the one that is to be
// done next; that one is always being worked on or finished, so that nobody waits for ever.
#include "cli/ordered_work.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace seaworthy::cli {
namespace {

constexpr std::size_t kAheadPerThread = 16;

class Queue {
 public:
  Queue(std::size_t count, std::size_t threads)
      : count_(count), ahead_(threads * kAheadPerThread), finished_(ahead_, false) {}

  void run(const std::function<void(std::size_t)>& work) {
    std::unique_lock lock(mutex_);
    for (;;) {
      room_.wait(lock, [&] { return next_ == count_ || next_ < done_ + ahead_; });
      if (next_ == count_) {
        return;
      }
      const std::size_t index = next_++;
      lock.unlock();
      work(index);
      lock.lock();
      finished_[index % ahead_] = true;
      if (index == done_) {
        finished_one_.notify_one();
      }
    }
  }

  void drain(const std::function<void(std::size_t)>& done) {
    std::unique_lock lock(mutex_);
    while (done_ < count_) {
      finished_one_.wait(lock, [&] { return finished_[done_ % ahead_]; });
      const std::size_t index = done_;
      lock.unlock();
      done(index);
      lock.lock();
      finished_[index % ahead_] = false;
      ++done_;
      room_.notify_all();
    }
  }

 private:
  std::size_t count_;
  std::size_t ahead_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable finished_one_;
  std::vector<bool> finished_;  // of the numbers from done_ on, by number modulo ahead_
  std::size_t next_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

void do_in_order(std::size_t count, std::size_t threads,
                 const std::function<void(std::size_t)>& work,
                 const std::function<void(std::size_t)>& done) {
  threads = std::min(threads, count);
  if (threads <= 1) {
    for (std::size_t index = 0; index < count; ++index) {
      work(index);
      done(index);
    }
    return;
  }
  Queue queue(count, threads);
  std::vector<std::jthread> workers;
  for (std::size_t at = 0; at < threads; ++at) {
    workers.emplace_back([&] { queue.run(work); });
  }
  queue.drain(done);
}

std::size_t processor_count() {
  return std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

}  // namespace seaworthy::cli
