#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace seaworthy::system {

/// What is at `paths` (files, or folders with all below them but hidden names) as one number:
/// names, and of each file where it leads to, its size and times. Contents are not read. A path
/// where nothing is has a number, too.
[[nodiscard]] std::uint64_t fingerprint(const std::vector<std::string>& paths);

/// Files that are used together, and what is to be done when they change.
struct FileWatch {
  std::vector<std::string> paths;
  /// fingerprint() from before they were read, so that no change falls between reading and
  /// watching.
  std::uint64_t known = 0;
  /// Called on the watcher's thread once the files have been at rest for a moment. False: not good
  /// yet (a pair of which one half is written); it is called again at each poll until it is.
  std::function<bool()> changed;
};

struct FileWatcherOptions {
  std::chrono::milliseconds rest{100};   ///< How long files have to be at rest.
  std::chrono::milliseconds poll{5000};  ///< How often is looked where nothing wakes the watcher.
  /// Told once where changes are only seen by polling, and why.
  std::function<void(const std::string&)> trouble;
};

/// Tells when files have changed, however that was done: written in place, replaced by a rename,
/// reached by symbolic links of which one was swapped (the `..data` of a mounted ConfigMap or
/// Secret), removed and made again, not there yet. Has a thread of its own.
class FileWatcher {
 public:
  explicit FileWatcher(std::vector<FileWatch> watches, FileWatcherOptions options = {});
  /// Waits for a call that is under way.
  ~FileWatcher();
  FileWatcher(const FileWatcher&) = delete;
  FileWatcher& operator=(const FileWatcher&) = delete;

  /// Calls every watch's `changed`, whether anything changed or not. Returns at once. Threads: any.
  void call_all();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seaworthy::system
