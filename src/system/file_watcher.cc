// inotify is only the wake-up; what counts is the fingerprint. It is compared after each event and
// at every poll, which also sees what inotify does not: network file systems, files that are mounts
// of their own, and folders beyond the limit of watches. A change is told once two fingerprints, a
// moment apart, are the same.
#include "seaworthy/system/file_watcher.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <climits>
#include <exception>
#include <thread>
#include <utility>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "system/path_survey.h"

namespace seaworthy::system {
namespace {

using std::chrono::steady_clock;

/// Files that never come to rest are told of all the same, after that many moments.
constexpr int kRestsMax = 20;

}  // namespace

std::uint64_t fingerprint(const std::vector<std::string>& paths) {
  PathSurvey survey(PathSurvey::Watching::kNo);
  return survey.survey(paths);
}

struct FileWatcher::Impl {
  Impl(std::vector<FileWatch> given, FileWatcherOptions given_options)
      : watches(std::move(given)),
        options(std::move(given_options)),
        unsettled(watches.size()),
        wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  ~Impl() { ::close(wake); }

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void run();
  [[nodiscard]] std::vector<std::uint64_t> look();
  [[nodiscard]] std::vector<std::uint64_t> look_until_at_rest();
  void tell(std::size_t index);
  void wait(steady_clock::time_point until, int descriptor);
  void notify() const;

  std::vector<FileWatch> watches;
  FileWatcherOptions options;
  std::vector<bool> unsettled;  ///< By watch: to be called again at the next poll.
  PathSurvey survey{PathSurvey::Watching::kYes};
  bool told_trouble = false;
  int wake;
  std::atomic<bool> stopping = false;
  std::atomic<bool> call_all = false;
  std::thread thread;
};

void FileWatcher::Impl::run() {
  ::pthread_setname_np(::pthread_self(), "file-watcher");
  while (!stopping) {
    const auto seen = look_until_at_rest();
    const bool all = call_all.exchange(false);
    const auto next_poll = steady_clock::now() + options.poll;
    for (std::size_t i = 0; i < watches.size() && !stopping; ++i) {
      const bool changed = std::exchange(watches[i].known, seen[i]) != seen[i];
      if (changed || all || unsettled[i]) {
        tell(i);
      }
    }
    if (!survey.trouble().empty() && !std::exchange(told_trouble, true) && options.trouble) {
      options.trouble(survey.trouble());
    }
    while (!stopping && !call_all && steady_clock::now() < next_poll && !survey.take_events()) {
      wait(next_poll, survey.descriptor());
    }
  }
}

std::vector<std::uint64_t> FileWatcher::Impl::look() {
  static_cast<void>(survey.take_events());  // Of before; what comes while looking stays.
  std::vector<std::uint64_t> seen;
  survey.begin();
  for (const FileWatch& each : watches) {
    seen.push_back(survey.survey(each.paths));
  }
  survey.end();
  return seen;
}

std::vector<std::uint64_t> FileWatcher::Impl::look_until_at_rest() {
  auto seen = look();
  const bool changed = !std::ranges::equal(watches, seen, {}, &FileWatch::known);
  for (int i = 0; changed && i < kRestsMax && !stopping; ++i) {
    const auto until = steady_clock::now() + options.rest;
    while (!stopping && steady_clock::now() < until) {
      wait(until, -1);
    }
    auto again = look();
    if (again == seen) {
      break;
    }
    seen = std::move(again);
  }
  return seen;
}

void FileWatcher::Impl::tell(std::size_t index) {
  try {
    unsettled[index] = !watches[index].changed();
  } catch (const std::exception&) {  // No memory: perhaps there is some later.
    unsettled[index] = true;
  }
}

/// Until then, or something is to be done; `descriptor`: or that is readable.
void FileWatcher::Impl::wait(steady_clock::time_point until, int descriptor) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
  std::array<pollfd, 2> sources{{{wake, POLLIN, 0}, {descriptor, POLLIN, 0}}};
  ::poll(sources.data(), sources.size(),
         static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX)));
  std::uint64_t count = 0;
  static_cast<void>(::read(wake, &count, sizeof(count)) == sizeof(count));
}

void FileWatcher::Impl::notify() const {
  const std::uint64_t one = 1;
  static_cast<void>(::write(wake, &one, sizeof(one)) == sizeof(one));
}

FileWatcher::FileWatcher(std::vector<FileWatch> watches, FileWatcherOptions options)
    : impl_(std::make_unique<Impl>(std::move(watches), std::move(options))) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

FileWatcher::~FileWatcher() {
  impl_->stopping = true;
  impl_->notify();
  impl_->thread.join();
}

void FileWatcher::call_all() {
  impl_->call_all = true;
  impl_->notify();
}

}  // namespace seaworthy::system
