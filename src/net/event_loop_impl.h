#pragma once

#include <atomic>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/deadline_wheel.h"
#include "seaworthy/net/event_loop.h"
#include "seaworthy/net/http_message.h"

namespace seaworthy::net {

/// What ends by a deadline of the loop.
class Timed : public Deadline {
 public:
  virtual void on_deadline() = 0;

 protected:
  ~Timed() = default;
};

/// The inside of a loop, and what its connections share because only one of them runs at a time.
struct EventLoop::Impl {
  /// One read; the header of a request is smaller.
  static constexpr std::size_t kInputBytes = std::size_t{64} * 1024;

  Impl(std::string loop_name, observe::Log& loop_log, std::chrono::milliseconds tick);

  /// Sets or moves a deadline. From the loop's thread, as all that follows.
  void set_deadline(Timed& timed, SteadyTime due);

  static void clear_deadline(Timed& timed) { DeadlineWheel::clear(timed); }

  /// When the thread began with what is ready now: what was there before had to wait since then.
  SteadyTime turn_start();

  /// For the Date field, made once a second.
  const std::string& date();

  void run();

  std::string name;
  observe::Log& log;
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
  std::unique_ptr<char[]> input;  // NOLINT: uninitialised, unlike a vector
  std::string output;
  HttpResponse response;
  std::atomic<bool> sign_due = false;  ///< Asked for and not given.
  SteadyTime sign_asked{};             ///< Of who asks.

 private:
  void arm();

  DeadlineWheel wheel_;
  boost::asio::steady_timer timer_;
  SteadyTime armed_for_ = SteadyTime::max();
  std::optional<SteadyTime> turn_start_;
  std::time_t date_second_ = 0;
  std::string date_;

 public:
  std::thread thread;  ///< Last, so that it starts with all else in place.
};

}  // namespace seaworthy::net
