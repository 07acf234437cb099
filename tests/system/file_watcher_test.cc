// On real folders, changed as kubelets, editors and people change them.
#include "seaworthy/system/file_watcher.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/temp_folder.h"

namespace seaworthy::system {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A volume as kubelet mounts it. Rule: kubernetes pkg/volume/util/atomic_writer.go, Write().
class MountedVolume {
 public:
  explicit MountedVolume(std::string folder) : folder_(std::move(folder)) {
    fs::create_directories(folder_);
  }

  void project(const std::vector<std::pair<std::string, std::string>>& payload) {
    const std::string name = "..2026_01_01_00_00_00." + std::to_string(++generation_);
    fs::create_directory(folder_ + "/" + name);
    for (const auto& [file, text] : payload) {
      fs::create_directories(fs::path(folder_ + "/" + name + "/" + file).parent_path());
      write(folder_ + "/" + name + "/" + file, text);
    }
    fs::path before;
    if (fs::is_symlink(folder_ + "/..data")) {
      before = fs::read_symlink(folder_ + "/..data");
    }
    fs::create_symlink(name, folder_ + "/..data_tmp");
    fs::rename(folder_ + "/..data_tmp", folder_ + "/..data");
    for (const auto& [file, text] : payload) {
      const std::string top = *fs::path(file).begin();
      if (!fs::is_symlink(folder_ + "/" + top)) {
        fs::create_symlink("..data/" + top, folder_ + "/" + top);
      }
    }
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.is_symlink() && !fs::exists(entry.path())) {
        fs::remove(entry.path());  // A file that the payload has no longer.
      }
    }
    if (!before.empty()) {
      fs::remove_all(fs::path(folder_) / before);
    }
  }

 private:
  std::string folder_;
  int generation_ = 0;
};

/// Polls so seldom that only events can be what a test saw.
FileWatcherOptions by_events() {
  return {.rest = milliseconds(10), .poll = std::chrono::hours(1), .trouble = {}};
}

/// A watcher of some paths, and how often it called.
class Watched {
 public:
  explicit Watched(std::vector<std::string> paths, FileWatcherOptions options = by_events())
      : watcher_({FileWatch{paths, fingerprint(paths), [this] { return ++calls_, true; }}},
                 std::move(options)) {}

  /// One more call than before comes, after `change` and because of it.
  [[nodiscard]] bool sees(const std::function<void()>& change) {
    const int before = calls_;
    change();
    return comes_to(before + 1);
  }

  [[nodiscard]] bool comes_to(int calls) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (calls_ < calls && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    return calls_ >= calls;
  }

  [[nodiscard]] int calls() const { return calls_; }

  FileWatcher& watcher() { return watcher_; }

 private:
  std::atomic<int> calls_ = 0;
  FileWatcher watcher_;
};

TEST(FileWatcherTest, SeesAFileHoweverItIsWritten) {
  const testing::TempFolder folder;
  const std::string file = folder / "a.yaml";
  const std::string other = folder / "b.yaml";
  write(file, "1");
  Watched watched({file});
  EXPECT_TRUE(watched.sees([&] { write(file, "22"); }));
  EXPECT_TRUE(watched.sees([&] { std::ofstream(file, std::ios::app) << "3"; }));
  EXPECT_TRUE(watched.sees([&] {  // An editor.
    write(folder / ".a.yaml.swp", "4444");
    fs::rename(folder / ".a.yaml.swp", file);
  }));
  EXPECT_TRUE(watched.sees([&] { write(file, "same"); }));
  EXPECT_TRUE(watched.sees([&] { write(file, "emas"); }));  // As long as before.
  EXPECT_TRUE(watched.sees([&] { fs::remove(file); }));
  EXPECT_TRUE(watched.sees([&] { write(file, "5"); }));
  EXPECT_TRUE(watched.sees([&] { fs::permissions(file, fs::perms::owner_read); }));
  const int before = watched.calls();
  write(other, "not watched");
  EXPECT_TRUE(watched.sees([&] { fs::permissions(file, fs::perms::owner_all); }));
  EXPECT_EQ(watched.calls(), before + 1);
}

TEST(FileWatcherTest, SeesTheSwapOfAMountedVolume) {
  const testing::TempFolder folder;
  MountedVolume volume(folder / "tls");
  volume.project({{"tls.crt", "c1"}, {"tls.key", "k1"}});
  Watched watched({folder / "tls/tls.crt", folder / "tls/tls.key"});
  for (const std::string round : {"2", "3", "4"}) {
    EXPECT_TRUE(watched.sees([&] {
      volume.project({{"tls.crt", "c" + round}, {"tls.key", "k" + round}});
    })) << round;
    EXPECT_EQ(read(folder / "tls/tls.crt"), "c" + round);
  }
}

TEST(FileWatcherTest, SeesAMountedFolderOfPolicies) {
  const testing::TempFolder folder;
  MountedVolume volume(folder / "policies");
  volume.project({{"a.yaml", "a"}});
  Watched watched({folder / "policies"});
  EXPECT_TRUE(watched.sees([&] { volume.project({{"a.yaml", "A"}}); }));
  EXPECT_TRUE(watched.sees([&] { volume.project({{"a.yaml", "A"}, {"b.yaml", "b"}}); }));
  EXPECT_TRUE(watched.sees([&] { volume.project({{"b.yaml", "b"}, {"sub/c.yaml", "c"}}); }));
  EXPECT_TRUE(watched.sees([&] { volume.project({{"b.yaml", "b"}, {"sub/c.yaml", "C"}}); }));
}

TEST(FileWatcherTest, SeesNestedFoldersComeChangeAndGo) {
  const testing::TempFolder folder;
  const std::string root = folder / "policies";
  Watched watched({root});  // Not there yet.
  EXPECT_TRUE(watched.sees([&] { fs::create_directory(root); }));
  EXPECT_TRUE(watched.sees([&] { fs::create_directories(root + "/team/deep"); }));
  EXPECT_TRUE(watched.sees([&] { write(root + "/team/deep/a.yaml", "1"); }));
  EXPECT_TRUE(watched.sees([&] { write(root + "/team/deep/a.yaml", "22"); }));
  EXPECT_TRUE(watched.sees([&] { fs::remove_all(root); }));
  EXPECT_TRUE(watched.sees([&] { fs::create_directories(root + "/team"); }));
  EXPECT_TRUE(watched.sees([&] { write(root + "/team/a.yaml", "3"); }));
  EXPECT_TRUE(watched.sees([&] {
    fs::create_directory(folder / "new");
    write(folder / "new/a.yaml", "4");
    fs::rename(root, folder / "old");
    fs::rename(folder / "new", root);
  }));
  EXPECT_TRUE(watched.sees([&] { write(root + "/a.yaml", "55"); }));
}

TEST(FileWatcherTest, SeesFilesBehindLinks) {
  const testing::TempFolder folder;
  fs::create_directories(folder / "one/policies");
  fs::create_directories(folder / "two/policies");
  write(folder / "one/policies/a.yaml", "1");
  write(folder / "elsewhere.yaml", "1");
  fs::create_symlink("one", folder / "current");
  fs::create_symlink(folder / "elsewhere.yaml", folder / "two/policies/b.yaml");
  fs::create_symlink(folder / "two", folder / "two/policies/loop");
  Watched watched({folder / "current/policies"});
  EXPECT_TRUE(watched.sees([&] { write(folder / "one/policies/a.yaml", "22"); }));
  EXPECT_TRUE(watched.sees([&] {
    fs::create_symlink("two", folder / "next");
    fs::rename(folder / "next", folder / "current");
  }));
  EXPECT_TRUE(watched.sees([&] { write(folder / "elsewhere.yaml", "333"); }));
  const int before = watched.calls();
  write(folder / "one/policies/a.yaml", "nobody looks");
  EXPECT_TRUE(watched.sees([&] { write(folder / "elsewhere.yaml", "4444"); }));
  EXPECT_EQ(watched.calls(), before + 1);
}

TEST(FileWatcherTest, SeesByPollingWhatNoEventTells) {
  const testing::TempFolder folder;
  const std::string file = folder / "a.yaml";
  write(file, "1");
  FileWatcherOptions options;
  options.poll = options.rest = milliseconds(5);
  Watched watched({file}, options);
  EXPECT_TRUE(watched.sees([&] { write(file, "22"); }));
  // Nothing changes, so nothing is told, however often it looks.
  const int before = watched.calls();
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_EQ(watched.calls(), before);
}

TEST(FileWatcherTest, SeesWhatChangedBeforeItBegan) {
  const testing::TempFolder folder;
  const std::string file = folder / "a.yaml";
  write(file, "1");
  const auto known = fingerprint({file});
  write(file, "22");
  std::atomic<int> calls = 0;
  const FileWatcher watcher({{{file}, known, [&] { return ++calls, true; }}}, by_events());
  while (calls == 0) {
    std::this_thread::yield();
  }
}

TEST(FileWatcherTest, AsksAgainUntilItIsGood) {
  const testing::TempFolder folder;
  std::atomic<int> calls = 0;
  const std::vector<std::string> paths{folder / "a"};
  FileWatcherOptions options = by_events();
  options.poll = milliseconds(5);
  FileWatcher watcher({{paths, fingerprint(paths), [&] { return ++calls >= 3; }}}, options);
  EXPECT_EQ(calls, 0);
  watcher.call_all();
  while (calls < 3) {
    std::this_thread::yield();
  }
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(calls, 3);
}

TEST(FileWatcherTest, TellsOnlyTheWatchThatIsConcerned) {
  const testing::TempFolder folder;
  std::atomic<int> first = 0;
  std::atomic<int> second = 0;
  const std::vector<std::string> one{folder / "one"};
  const std::vector<std::string> two{folder / "two"};
  FileWatcher watcher({{one, fingerprint(one), [&] { return ++first, true; }},
                       {two, fingerprint(two), [&] { return ++second, true; }}},
                      by_events());
  write(one.front(), "x");
  while (first < 1) {
    std::this_thread::yield();
  }
  EXPECT_EQ(second, 0);
  watcher.call_all();
  while (first < 2 || second < 1) {
    std::this_thread::yield();
  }
}

TEST(FileWatcherTest, WaitsUntilAWriterHasFinished) {
  const testing::TempFolder folder;
  const std::string file = folder / "a.yaml";
  FileWatcherOptions options = by_events();
  options.rest = milliseconds(100);
  std::atomic<int> calls = 0;
  std::string seen;
  const std::vector<std::string> paths{file};
  const FileWatcher watcher({{paths, fingerprint(paths),
                              [&] {
                                seen = read(file);
                                return ++calls, true;
                              }}},
                            options);
  std::ofstream out(file);
  for (int i = 0; i < 20; ++i) {
    out << i << std::endl;
    std::this_thread::sleep_for(milliseconds(10));
  }
  out.close();
  while (calls == 0) {
    std::this_thread::yield();
  }
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(seen.ends_with("19\n")) << seen;
}

TEST(FingerprintTest, IsOfWhatIsReadAndOfNothingElse) {
  const testing::TempFolder folder;
  fs::create_directory(folder / "policies");
  write(folder / "policies/a.yaml", "1");
  const std::vector<std::string> paths{folder / "policies", folder / "missing"};
  const auto first = fingerprint(paths);
  EXPECT_EQ(fingerprint(paths), first);
  write(folder / "policies/.hidden", "1");
  write(folder / "beside", "1");
  EXPECT_EQ(fingerprint(paths), first);
  write(folder / "policies/b.yaml", "1");
  EXPECT_NE(fingerprint(paths), first);
  EXPECT_EQ(fingerprint({folder / "missing"}), fingerprint({folder / "missing"}));
}

}  // namespace
}  // namespace seaworthy::system
