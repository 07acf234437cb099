// SIGTERM, SIGINT and SIGHUP are blocked and read from a signalfd, so that nothing ever runs in a
// signal handler; an eventfd beside it carries notify().
#include "seaworthy/system/signal_watcher.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace seaworthy::system {

struct SignalWatcher::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() {
    if (blocked) {
      ::pthread_sigmask(SIG_SETMASK, &mask_before, nullptr);
    }
    for (const int fd : {signals, event}) {
      if (fd >= 0) {
        ::close(fd);
      }
    }
  }

  int signals = -1;
  int event = -1;
  bool blocked = false;
  sigset_t mask_before{};
  std::function<void()> hangup;
};

SignalWatcher::SignalWatcher(std::unique_ptr<State> state) : state_(std::move(state)) {}

SignalWatcher::~SignalWatcher() = default;

Result<std::unique_ptr<SignalWatcher>> SignalWatcher::make() {
  auto state = std::make_unique<State>();
  sigset_t mask;
  ::sigemptyset(&mask);
  ::sigaddset(&mask, SIGTERM);
  ::sigaddset(&mask, SIGINT);
  ::sigaddset(&mask, SIGHUP);
  state->blocked = ::pthread_sigmask(SIG_BLOCK, &mask, &state->mask_before) == 0;
  state->signals = ::signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
  state->event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
  if (!state->blocked || state->signals < 0 || state->event < 0) {
    return fail(ErrorCode::kInternal, std::string("cannot watch signals: ") + std::strerror(errno));
  }
  return std::unique_ptr<SignalWatcher>(new SignalWatcher(std::move(state)));
}

void SignalWatcher::on_hangup(std::function<void()> call) { state_->hangup = std::move(call); }

std::optional<int> SignalWatcher::wait(std::chrono::milliseconds timeout) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    std::array<pollfd, 2> sources{{{state_->signals, POLLIN, 0}, {state_->event, POLLIN, 0}}};
    const auto wait_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX));
    const int ready = ::poll(sources.data(), sources.size(), wait_ms);
    signalfd_siginfo info{};
    if (ready > 0 && ::read(state_->signals, &info, sizeof(info)) == sizeof(info)) {
      if (info.ssi_signo == SIGHUP) {
        if (state_->hangup) {
          state_->hangup();
        }
        continue;
      }
      return static_cast<int>(info.ssi_signo);
    }
    std::uint64_t count = 0;
    if (ready > 0 && ::read(state_->event, &count, sizeof(count)) == sizeof(count)) {
      return SIGTERM;
    }
    if (left.count() <= 0) {
      return std::nullopt;
    }
  }
}

int SignalWatcher::wait() {
  for (;;) {
    if (const auto signal = wait(std::chrono::hours(1))) {
      return *signal;
    }
  }
}

void SignalWatcher::notify() {
  const std::uint64_t one = 1;
  // Fails only where 2^64 - 2 are waiting already.
  static_cast<void>(::write(state_->event, &one, sizeof(one)) == sizeof(one));
}

}  // namespace seaworthy::system
