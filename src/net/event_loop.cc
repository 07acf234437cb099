// One thread, one io_context. Deadlines go through one timer, armed for the next slot of the wheel
// that holds anything: a loop with nothing to wait for does not wake up.
//
// turn_start(): Asio runs handlers in the order in which they became ready. The first one of a turn
// notes the time and queues a marker behind all others; when the marker's turn comes, the turn is
// over. So the age of a turn is how long the last of its connections has waited.
#include "seaworthy/net/event_loop.h"

#include <array>
#include <exception>
#include <future>
#include <utility>

#include <pthread.h>

#include "net/event_loop_impl.h"

namespace seaworthy::net {

EventLoop::Impl::Impl(std::string loop_name, observe::Log& loop_log, std::chrono::milliseconds tick)
    : name(std::move(loop_name)),
      log(loop_log),
      work(context.get_executor()),
      input(new char[kInputBytes + HttpRequest::kBodyPadding]),
      wheel_(std::chrono::steady_clock::now(), tick),
      timer_(context) {}

void EventLoop::Impl::run() {
  ::pthread_setname_np(::pthread_self(), name.substr(0, 15).c_str());
  for (;;) {
    try {
      context.run();
      return;
    } catch (const std::exception& error) {
      // The connection whose handler it was is gone with the handler; the others go on.
      log.error("a network handler failed", {{"thread", name}, {"error", error.what()}});
    }
  }
}

void EventLoop::Impl::set_deadline(Timed& timed, SteadyTime due) {
  const bool was_linked = timed.is_linked();
  wheel_.set(timed, due);
  if (!was_linked || due < armed_for_) {
    arm();
  }
}

void EventLoop::Impl::arm() {
  const std::optional<SteadyTime> next = wheel_.next();
  if (!next || *next >= armed_for_) {
    return;
  }
  armed_for_ = *next;
  timer_.expires_at(*next);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) {
      return;  // Armed anew for an earlier time.
    }
    armed_for_ = SteadyTime::max();
    wheel_.advance(std::chrono::steady_clock::now(),
                   [](Deadline& due) { static_cast<Timed&>(due).on_deadline(); });
    arm();
  });
}

SteadyTime EventLoop::Impl::turn_start() {
  if (!turn_start_) {
    turn_start_ = std::chrono::steady_clock::now();
    boost::asio::post(context, [this] { turn_start_.reset(); });
  }
  return *turn_start_;
}

const std::string& EventLoop::Impl::date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_second_) {
    date_second_ = now;
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 64> text{};  // RFC 9110, 5.6.7; the program never leaves the C locale.
    date_.assign(text.data(),
                 std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
  }
  return date_;
}

EventLoop::EventLoop(std::string name, observe::Log& log, std::chrono::milliseconds tick)
    : impl_(std::make_unique<Impl>(std::move(name), log, tick)) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

EventLoop::~EventLoop() {
  impl_->context.stop();
  impl_->thread.join();
}

void EventLoop::post(std::function<void()> task) {
  boost::asio::post(impl_->context, std::move(task));
}

std::chrono::steady_clock::duration EventLoop::silence() {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (impl_->sign_due) {
    return now - impl_->sign_asked;
  }
  impl_->sign_asked = now;
  impl_->sign_due = true;
  post([impl = impl_.get()] { impl->sign_due = false; });
  return {};
}

void EventLoop::run(const std::function<void()>& task) {
  std::promise<void> done;
  post([&task, &done] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace seaworthy::net
