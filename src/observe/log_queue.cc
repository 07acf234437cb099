// The thread takes all that waits at once and writes it in pieces that a pipe takes whole or not at
// all: poll() says that at least PIPE_BUF bytes fit (pipe(7)), so a write of no more never blocks,
// although the descriptor is shared with other processes and must stay blocking for them.
#include "seaworthy/observe/log_queue.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <string>
#include <thread>

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

namespace seaworthy::observe {
namespace {

using std::chrono::steady_clock;

/// How soon a destructor is noticed while the descriptor takes nothing.
constexpr int kPollMs = 50;
/// Of a buffer that had to grow, what stays.
constexpr std::size_t kKeptBytes = std::size_t{64} * 1024;

}  // namespace

struct LogQueue::Impl {
  Impl(int to, Metrics& counts, const LogQueueOptions& given)
      : descriptor(to), metrics(counts), options(given) {}

  void run();
  [[nodiscard]] bool put_out(std::string_view bytes);
  [[nodiscard]] bool is_over();

  int descriptor;
  Metrics& metrics;
  LogQueueOptions options;
  std::mutex mutex;
  std::condition_variable wake;
  std::string waiting;
  std::size_t in_hand = 0;  ///< Bytes that the thread has taken and not written yet.
  bool stopping = false;
  steady_clock::time_point end;  ///< Once stopping.
  std::thread thread;
};

void LogQueue::Impl::run() {
  ::pthread_setname_np(::pthread_self(), "log");
  sigset_t broken_pipe;
  ::sigemptyset(&broken_pipe);
  ::sigaddset(&broken_pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  std::string taken;
  for (std::unique_lock lock(mutex);;) {
    wake.wait(lock, [this] { return stopping || !waiting.empty(); });
    if (waiting.empty()) {
      return;
    }
    taken.swap(waiting);
    in_hand = taken.size();
    lock.unlock();
    const bool out = put_out(taken);
    taken.clear();
    if (taken.capacity() > kKeptBytes) {
      taken.shrink_to_fit();
    }
    lock.lock();
    in_hand = 0;
    if (!out) {
      return;
    }
  }
}

/// False where the time for it is over.
bool LogQueue::Impl::put_out(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd source{descriptor, POLLOUT, 0};
    if (::poll(&source, 1, kPollMs) <= 0) {
      if (is_over()) {
        return false;
      }
      continue;
    }
    const ssize_t written =
        ::write(descriptor, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) {
      continue;
    }
    if (written <= 0) {
      return true;  // There is nobody to tell.
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool LogQueue::Impl::is_over() {
  const std::scoped_lock lock(mutex);
  return stopping && steady_clock::now() >= end;
}

LogQueue::LogQueue(int descriptor, Metrics& metrics, const LogQueueOptions& options)
    : impl_(std::make_unique<Impl>(descriptor, metrics, options)) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

LogQueue::~LogQueue() {
  {
    const std::scoped_lock lock(impl_->mutex);
    impl_->stopping = true;
    impl_->end = steady_clock::now() + impl_->options.flush;
  }
  impl_->wake.notify_one();
  impl_->thread.join();
}

void LogQueue::write(std::string_view line) {
  {
    const std::scoped_lock lock(impl_->mutex);
    if (impl_->waiting.size() + impl_->in_hand + line.size() <= impl_->options.bytes_max) {
      impl_->waiting += line;
      line = {};
    }
  }
  if (line.empty()) {
    impl_->wake.notify_one();
  } else {
    impl_->metrics.log_line_dropped();
  }
}

}  // namespace seaworthy::observe
