#include "cli/progress.h"

#include <utility>

#include <fmt/format.h>

namespace seaworthy::cli {
namespace {

constexpr std::chrono::milliseconds kFirst{500};
constexpr std::chrono::milliseconds kBetween{100};
constexpr std::size_t kWidth = 40;

}  // namespace

Progress::Progress(const World& world, std::string what, std::size_t total)
    : world_(&world), what_(std::move(what)), total_(total) {
  if (world_->is_terminal) {
    next_ = world_->clock->monotonic() + kFirst;
  }
}

void Progress::hide() {
  if (is_shown_) {
    world_->err("\r\x1b[K");
  }
  is_shown_ = false;
}

void Progress::advance(std::size_t done) {
  if (!world_->is_terminal || total_ == 0) {
    return;
  }
  const auto now = world_->clock->monotonic();
  if (now < next_) {
    return;
  }
  next_ = now + kBetween;
  is_shown_ = true;
  const std::size_t filled = kWidth * done / total_;
  world_->err(fmt::format("\r[{:#<{}}{:.<{}}] {} of {} {}\x1b[K", "", filled, "", kWidth - filled,
                          done, total_, what_));
}

}  // namespace seaworthy::cli
