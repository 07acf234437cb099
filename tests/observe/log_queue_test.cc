#include "seaworthy/observe/log_queue.h"

#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace seaworthy::observe {
namespace {

using std::chrono::milliseconds;

/// A pipe of the smallest size, 4096 bytes, of which a test reads when it likes.
class Pipe {
 public:
  Pipe() {
    EXPECT_EQ(::pipe2(ends_.data(), O_CLOEXEC), 0);
    ::fcntl(ends_[1], F_SETPIPE_SZ, 4096);
  }

  ~Pipe() {
    close_reader();
    close_writer();
  }

  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int writer() const { return ends_[1]; }

  void close_reader() { close(ends_[0]); }

  void close_writer() { close(ends_[1]); }

  /// Until the writer is closed, or `size` bytes have come.
  std::string read(std::size_t size = SIZE_MAX) {
    std::string text;
    std::array<char, 4096> bytes{};
    for (ssize_t got = 1; got > 0 && text.size() < size;) {
      got = ::read(ends_[0], bytes.data(), bytes.size());
      text.append(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
    return text;
  }

 private:
  static void close(int& fd) {
    if (fd >= 0) {
      ::close(fd);
    }
    fd = -1;
  }

  std::array<int, 2> ends_{};
};

std::string dropped(const Metrics& metrics) {
  const std::string text = metrics.text();
  const std::string name = "\nseaworthy_log_lines_dropped_total ";
  const std::size_t at = text.find(name) + name.size();
  return text.substr(at, text.find('\n', at) - at);
}

TEST(LogQueueTest, LosesNothingInTheOrdinaryCase) {
  Pipe pipe;
  Metrics metrics("1");
  std::string got;
  std::thread reader([&] { got = pipe.read(); });
  constexpr int kThreads = 4;
  constexpr int kLines = 2000;
  {
    LogQueue queue(pipe.writer(), metrics);
    std::vector<std::thread> writers;
    for (int i = 0; i < kThreads; ++i) {
      writers.emplace_back([&queue, i] {
        for (int line = 0; line < kLines; ++line) {
          queue.write(std::to_string(i) + " " + std::to_string(line) + "\n");
        }
      });
    }
    for (auto& writer : writers) {
      writer.join();
    }
    queue.write(std::string(10'000, 'x') + "\n");  // Longer than what a pipe takes at once.
  }
  pipe.close_writer();
  reader.join();
  std::array<int, kThreads> next{};
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = got.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = got.substr(begin, end - begin);
    if (line.starts_with('x')) {
      EXPECT_EQ(line.size(), 10'000U);
      continue;
    }
    const auto thread = static_cast<std::size_t>(line.at(0) - '0');
    EXPECT_EQ(line.substr(2), std::to_string(next.at(thread)++));
  }
  for (const int lines : next) {
    EXPECT_EQ(lines, kLines);
  }
  EXPECT_EQ(dropped(metrics), "0");
}

TEST(LogQueueTest, AReaderWhoDoesNotReadHoldsNobodyUp) {
  Pipe pipe;
  Metrics metrics("1");
  LogQueue queue(pipe.writer(), metrics, {.bytes_max = 10'000, .flush = milliseconds(10)});
  const std::string line(99, 'x');
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) {
    queue.write(line + "\n");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  // At most what waits and what the pipe itself holds.
  EXPECT_GE(std::stoi(dropped(metrics)), 1000 - (10'000 + 4096) / 100);
  // Once it reads again, what waited and what is new arrive, as whole lines.
  const std::size_t kept = 1000 - std::stoul(dropped(metrics));
  std::string all = pipe.read(kept * line.size() + kept);
  std::string expected;
  for (std::size_t i = 0; i < kept; ++i) {
    expected += line + "\n";
  }
  std::string before;
  do {  // the queue is empty only once its thread has noticed
    before = dropped(metrics);
    queue.write("the last\n");
  } while (dropped(metrics) != before);
  all += pipe.read(9);
  EXPECT_EQ(all, expected + "the last\n");
}

TEST(LogQueueTest, EndsThoughNobodyReads) {
  Pipe pipe;
  Metrics metrics("1");
  const auto start = std::chrono::steady_clock::now();
  {
    LogQueue queue(pipe.writer(), metrics, {.bytes_max = 100'000, .flush = milliseconds(50)});
    queue.write(std::string(50'000, 'x') + "\n");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(LogQueueTest, ALostReaderIsNoMistake) {
  Pipe pipe;
  Metrics metrics("1");
  LogQueue queue(pipe.writer(), metrics);
  pipe.close_reader();
  for (int i = 0; i < 100; ++i) {
    queue.write("line\n");
  }
}

}  // namespace
}  // namespace seaworthy::observe
