// 256 slots of a tick each. A deadline further away than that goes into the last slot, and from
// there on again when that comes.
#include "net/deadline_wheel.h"

#include <algorithm>

namespace seaworthy::net {

std::uint64_t DeadlineWheel::ticks_at(SteadyTime time) const {
  return time <= start_ ? 0 : static_cast<std::uint64_t>((time - start_) / tick_);
}

std::uint64_t DeadlineWheel::tick_for(SteadyTime due) const {
  // The first tick that is not before it, and never the one that is over already.
  const std::uint64_t at = ticks_at(due) + 1;
  return std::clamp(at, now_ + 1, now_ + kSlots - 1);
}

void DeadlineWheel::set(Deadline& deadline, SteadyTime due) {
  deadline.due_ = due;
  if (deadline.is_linked() && deadline.tick_ <= tick_for(due)) {
    return;
  }
  deadline.unlink();
  deadline.tick_ = tick_for(due);
  slot(deadline.tick_).push_back(deadline);
}

void DeadlineWheel::clear(Deadline& deadline) { deadline.unlink(); }

std::optional<SteadyTime> DeadlineWheel::next() const {
  for (std::uint64_t ahead = 1; ahead < kSlots; ++ahead) {
    if (!slots_.at((now_ + ahead) % kSlots).empty()) {
      return start_ + tick_ * static_cast<std::int64_t>(now_ + ahead);
    }
  }
  return std::nullopt;
}

}  // namespace seaworthy::net
