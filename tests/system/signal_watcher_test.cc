#include "seaworthy/system/signal_watcher.h"

#include <csignal>
#include <optional>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace seaworthy::system {
namespace {

using std::chrono::milliseconds;

TEST(SignalWatcherTest, GivesSignalsAsValues) {
  const auto watcher = SignalWatcher::make().value();
  EXPECT_EQ(watcher->wait(milliseconds(0)), std::nullopt);
  for (const int signal : {SIGTERM, SIGINT}) {
    // To the thread, because a test runner may have started others that do not block it.
    ASSERT_EQ(::pthread_kill(::pthread_self(), signal), 0);
    EXPECT_EQ(watcher->wait(milliseconds(10'000)), signal);
  }
  EXPECT_EQ(watcher->wait(milliseconds(0)), std::nullopt);
}

TEST(SignalWatcherTest, CallsAtAHangupAndWaitsOn) {
  const auto watcher = SignalWatcher::make().value();
  int calls = 0;
  ASSERT_EQ(::pthread_kill(::pthread_self(), SIGHUP), 0);
  EXPECT_EQ(watcher->wait(milliseconds(1)), std::nullopt);
  watcher->on_hangup([&] {
    ++calls;
    ASSERT_EQ(::pthread_kill(::pthread_self(), SIGTERM), 0);
  });
  ASSERT_EQ(::pthread_kill(::pthread_self(), SIGHUP), 0);
  EXPECT_EQ(watcher->wait(milliseconds(10'000)), SIGTERM);
  EXPECT_EQ(calls, 1);
}

TEST(SignalWatcherTest, IsWokenByNotify) {
  const auto watcher = SignalWatcher::make().value();
  std::thread other([&watcher] { watcher->notify(); });
  EXPECT_EQ(watcher->wait(), SIGTERM);
  other.join();
  EXPECT_EQ(watcher->wait(milliseconds(1)), std::nullopt);
  watcher->notify();
  watcher->notify();
  EXPECT_EQ(watcher->wait(milliseconds(0)), SIGTERM);
  EXPECT_EQ(watcher->wait(milliseconds(0)), SIGTERM);
  EXPECT_EQ(watcher->wait(milliseconds(0)), std::nullopt);
}

}  // namespace
}  // namespace seaworthy::system
