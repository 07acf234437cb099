#include "seaworthy/net/event_loop.h"

#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "support/captured_log.h"
#include "support/fake_clock.h"

namespace seaworthy::net {
namespace {

TEST(EventLoopTest, OwesASignOfLifeWhileItIsStuck) {
  testing::CapturedLog lines;
  const testing::FakeClock clock;
  observe::Log log(lines, clock, observe::LogLevel::kInfo);
  EventLoop loop("loop", log);
  using Duration = std::chrono::steady_clock::duration;
  EXPECT_EQ(loop.silence(), Duration::zero());
  loop.run([] {});
  EXPECT_EQ(loop.silence(), Duration::zero());  // It gave the first one.
  loop.run([] {});
  std::promise<void> released;
  loop.post([&released] { released.get_future().wait(); });
  EXPECT_EQ(loop.silence(), Duration::zero());  // Asked for now.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_GE(loop.silence(), std::chrono::milliseconds(20));
  released.set_value();
  loop.run([] {});
  EXPECT_EQ(loop.silence(), Duration::zero());
}

}  // namespace
}  // namespace seaworthy::net
