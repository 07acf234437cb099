#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <boost/intrusive/list.hpp>

namespace seaworthy::net {

using SteadyTime = std::chrono::steady_clock::time_point;
using AutoUnlink = boost::intrusive::link_mode<boost::intrusive::auto_unlink>;

struct DeadlineTag;

/// Something that ends at a time, unless it is told another one before. Leaves its wheel when it is
/// destroyed.
class Deadline
    : public boost::intrusive::list_base_hook<boost::intrusive::tag<DeadlineTag>, AutoUnlink> {
 public:
  [[nodiscard]] SteadyTime due() const { return due_; }

 private:
  friend class DeadlineWheel;
  SteadyTime due_ = SteadyTime::max();
  std::uint64_t tick_ = 0;
};

/// Deadlines by the tick in which they are due. One that is moved to later stays where it is, and
/// is only put further when its old time comes: a busy connection moves its deadline with each
/// request and pays two stores for it. Not for several threads.
class DeadlineWheel {
 public:
  DeadlineWheel(SteadyTime start, std::chrono::milliseconds tick) : start_(start), tick_(tick) {}

  void set(Deadline& deadline, SteadyTime due);
  static void clear(Deadline& deadline);

  /// Calls `expired(Deadline&)` for each that is due; it is out of the wheel then.
  template <class Expired>
  void advance(SteadyTime now, Expired&& expired) {
    const std::uint64_t last = ticks_at(now);
    std::uint64_t tick = now_;
    now_ = last > now_ ? last : now_;
    for (std::size_t i = 0; tick < last && i < kSlots; ++i) {
      expire_slot(++tick, now, expired);
    }
  }

  /// When the next slot that holds anything comes; nothing where none does.
  [[nodiscard]] std::optional<SteadyTime> next() const;

 private:
  using List = boost::intrusive::list<Deadline,
                                      boost::intrusive::base_hook<boost::intrusive::list_base_hook<
                                          boost::intrusive::tag<DeadlineTag>, AutoUnlink>>,
                                      boost::intrusive::constant_time_size<false>>;
  static constexpr std::size_t kSlots = 256;

  [[nodiscard]] std::uint64_t ticks_at(SteadyTime time) const;
  [[nodiscard]] std::uint64_t tick_for(SteadyTime due) const;

  List& slot(std::uint64_t tick) { return slots_.at(tick % kSlots); }

  template <class Expired>
  void expire_slot(std::uint64_t tick, SteadyTime now, Expired& expired) {
    List due;
    due.splice(due.end(), slot(tick));
    while (!due.empty()) {
      Deadline& deadline = due.front();
      due.pop_front();
      if (deadline.due_ <= now) {
        expired(deadline);
      } else {
        deadline.tick_ = tick_for(deadline.due_);
        slot(deadline.tick_).push_back(deadline);
      }
    }
  }

  SteadyTime start_;
  std::chrono::milliseconds tick_;
  std::uint64_t now_ = 0;  ///< Slots up to this tick have been emptied.
  std::array<List, kSlots> slots_;
};

}  // namespace seaworthy::net
