#include "seaworthy/system/disk_file_system.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seaworthy/base/limits.h"
#include "support/memory_file_system.h"
#include "support/temp_folder.h"

namespace seaworthy::system {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

void put(const std::string& path, const std::string& contents) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << contents;
}

mode_t mode_of(const std::string& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777U;
}

std::string error_of(const auto& result) { return result ? "no error" : result.error().message; }

Paths errors_of(const FilesBelow& below) {
  Paths errors;
  for (const auto& each : below.unreadable) {
    errors.push_back(each.error.message);
  }
  return errors;
}

TEST(DiskFileSystemTest, ReadsWholeFiles) {
  const testing::TempFolder folder;
  const DiskFileSystem files;
  const std::string large(300'000, 'x');
  for (const std::string& contents : {std::string(), std::string("a\0b\r\n", 5), large}) {
    put(folder / "f", contents);
    EXPECT_EQ(files.read(folder / "f").value(), contents);
  }
}

TEST(DiskFileSystemTest, ReadsFilesWhoseSizeIsNotKnownBefore) {
  EXPECT_TRUE(DiskFileSystem().read("/proc/self/status").value().starts_with("Name:"));
}

TEST(DiskFileSystemTest, SaysWhyItCannotRead) {
  const testing::TempFolder folder;
  const DiskFileSystem files;
  const auto missing = files.read(folder / "none");
  EXPECT_EQ(error_of(missing), folder / "none" + ": No such file or directory");
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(error_of(files.read(folder.path())), folder.path() + ": is a folder");
  EXPECT_EQ(files.read(folder.path()).error().code, ErrorCode::kInvalid);
  ASSERT_EQ(::symlink("self", (folder / "self").c_str()), 0);
  EXPECT_EQ(error_of(files.read(folder / "self")),
            folder / "self" + ": Too many levels of symbolic links");
}

TEST(DiskFileSystemTest, ReadsUpToTheLimitAndNotBeyond) {
  const testing::TempFolder folder;
  const DiskFileSystem files;
  put(folder / "large", "");
  fs::resize_file(folder / "large", limits::kFileBytesMax);
  EXPECT_EQ(files.read(folder / "large").value().size(), limits::kFileBytesMax);
  fs::resize_file(folder / "large", limits::kFileBytesMax + 1);
  const auto over = files.read(folder / "large");
  EXPECT_EQ(error_of(over), folder / "large" + ": larger than 32 MiB");
  EXPECT_EQ(over.error().code, ErrorCode::kOverLimit);
  EXPECT_EQ(error_of(files.read("/dev/zero")), "/dev/zero: larger than 32 MiB");
}

TEST(DiskFileSystemTest, WritesNewFilesAndLeavesNothingElse) {
  const testing::TempFolder folder;
  DiskFileSystem files;
  ASSERT_TRUE(files.write(folder / "new", "one"));
  ASSERT_TRUE(files.write(folder / "new", "two"));
  EXPECT_EQ(files.read(folder / "new").value(), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(DiskFileSystemTest, KeepsTheModeOfWhatItReplaces) {
  const testing::TempFolder folder;
  DiskFileSystem files;
  for (const mode_t mode : {0600U, 0644U, 0755U}) {
    put(folder / "f", "old");
    ASSERT_EQ(::chmod((folder / "f").c_str(), mode), 0);
    ASSERT_TRUE(files.write(folder / "f", "new"));
    EXPECT_EQ(mode_of(folder / "f"), mode);
    EXPECT_EQ(files.read(folder / "f").value(), "new");
  }
}

// Only root can set the stage, a file of somebody else's in a folder that everybody may write.
TEST(DiskFileSystemTest, TakesNoFileFromItsOwner) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can give files away";
  }
  const testing::TempFolder folder;
  put(folder / "f", "old");
  ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
  ASSERT_EQ(::chown((folder / "f").c_str(), 1000, 2000), 0);
  ASSERT_EQ(::chmod((folder / "f").c_str(), 0660), 0);
  DiskFileSystem files;
  ASSERT_TRUE(files.write(folder / "f", "root's"));
  const pid_t child = ::fork();
  if (child == 0) {
    const gid_t group = 2000;
    const bool is_nobody =
        ::setgroups(1, &group) == 0 && ::setgid(65534) == 0 && ::setuid(65534) == 0;
    const auto written = files.write(folder / "f", "new");
    ::_exit(is_nobody && error_of(written) ==
                             folder / "f" + ": belongs to somebody else, who would lose it"
                ? 0
                : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  struct stat after{};
  ASSERT_EQ(::stat((folder / "f").c_str(), &after), 0);
  EXPECT_EQ(after.st_uid, 1000U);
  EXPECT_EQ(after.st_gid, 2000U);
  EXPECT_EQ(files.read(folder / "f").value(), "root's");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(DiskFileSystemTest, WritesThroughSymbolicLinks) {
  const testing::TempFolder folder;
  DiskFileSystem files;
  put(folder / "real/f", "old");
  ASSERT_EQ(::symlink("real/f", (folder / "link").c_str()), 0);
  ASSERT_TRUE(files.write(folder / "link", "new"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(files.read(folder / "real/f").value(), "new");
}

TEST(DiskFileSystemTest, WritesToWhatIsNoFile) {
  EXPECT_TRUE(DiskFileSystem().write("/dev/null", "gone"));
  EXPECT_FALSE(fs::is_regular_file("/dev/null"));
}

TEST(DiskFileSystemTest, SaysWhyItCannotWrite) {
  const testing::TempFolder folder;
  DiskFileSystem files;
  EXPECT_EQ(error_of(files.write(folder.path(), "")), folder.path() + ": is a folder");
  EXPECT_EQ(files.write(folder / "no/f", "").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files.write("/dev/full", "x").error().code, ErrorCode::kUnavailable);
}

TEST(DiskFileSystemTest, ListsFilesBelowSorted) {
  const testing::TempFolder folder;
  const DiskFileSystem files;
  for (const char* name : {"a/z.yaml", "a.yaml", "b/c/d.json", ".hidden", ".git/config", "b/.x"}) {
    put(folder / name, "");
  }
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const Paths expected{folder / "a.yaml", folder / "a/z.yaml", folder / "b/c/d.json"};
  EXPECT_EQ(files.files_below(folder.path()).files, expected);
  const Paths below_b{folder / "b/" + "c/d.json"};
  EXPECT_EQ(files.files_below(folder / "b/").files, below_b);
  EXPECT_EQ(files.files_below(folder / "a.yaml").files, Paths{folder / "a.yaml"});
}

// As Kubernetes mounts a ConfigMap: kubelet's AtomicWriter, `..data` and links through it.
TEST(DiskFileSystemTest, ListsTheFilesOfAMountedConfigMap) {
  const testing::TempFolder folder;
  put(folder / "..2026_01_01/p.yaml", "policy");
  ASSERT_EQ(::symlink("..2026_01_01", (folder / "..data").c_str()), 0);
  ASSERT_EQ(::symlink("..data/p.yaml", (folder / "p.yaml").c_str()), 0);
  EXPECT_EQ(DiskFileSystem().files_below(folder.path()).files, Paths{folder / "p.yaml"});
  EXPECT_EQ(DiskFileSystem().read(folder / "p.yaml").value(), "policy");
}

TEST(DiskFileSystemTest, EndsAtLoopsAndListsLinksThatLeadNowhere) {
  const testing::TempFolder folder;
  put(folder / "a/f", "");
  ASSERT_EQ(::symlink("..", (folder / "a/up").c_str()), 0);
  ASSERT_EQ(::symlink("nowhere", (folder / "a/dangling").c_str()), 0);
  ASSERT_EQ(::symlink("self", (folder / "a/self").c_str()), 0);
  const Paths expected{folder / "a/dangling", folder / "a/f", folder / "a/self"};
  EXPECT_EQ(DiskFileSystem().files_below(folder.path()).files, expected);
}

TEST(DiskFileSystemTest, SaysWhyItCannotList) {
  const testing::TempFolder folder;
  const DiskFileSystem files;
  const auto none = files.files_below(folder / "none");
  EXPECT_EQ(none.files, Paths{});
  EXPECT_EQ(errors_of(none), Paths{folder / "none" + ": No such file or directory"});
  EXPECT_EQ(none.unreadable.front().path, folder / "none");
  std::string deep = folder.path();
  for (std::uint32_t i = 0; i <= limits::kFolderDepthMax; ++i) {
    deep += "/d";
  }
  put(deep + "/f", "");
  put(folder / "z/f", "");
  const auto over = files.files_below(folder.path());
  EXPECT_EQ(over.files, Paths{folder / "z/f"});  // the rest
  ASSERT_EQ(over.unreadable.size(), 1U);
  EXPECT_EQ(over.unreadable.front().error.code, ErrorCode::kOverLimit);
  EXPECT_EQ(over.unreadable.front().path, deep.substr(0, deep.size() - 2));
  EXPECT_EQ(over.unreadable.front().error.message,
            deep.substr(0, deep.size() - 2) + ": more than 64 folders deep");
  if (::geteuid() != 0) {  // Nothing is closed to root.
    fs::create_directory(folder / "closed");
    ASSERT_EQ(::chmod((folder / "closed").c_str(), 0), 0);
    const auto closed = files.files_below(folder / "closed");
    ASSERT_EQ(closed.unreadable.size(), 1U);
    EXPECT_EQ(closed.unreadable.front().error.code, ErrorCode::kDenied);
  }
}

// There are more than 12! ways through these.
TEST(DiskFileSystemTest, GoesIntoEachFolderOnce) {
  const testing::TempFolder folder;
  Paths expected;
  for (char name = 'a'; name < 'm'; ++name) {
    const std::string path = folder / std::string(1, name);
    put(path + "/file", "");
    expected.push_back(path + "/file");
    for (char other = 'a'; other < 'm'; ++other) {
      ASSERT_EQ(::symlink((std::string("../") + other).c_str(), (path + "/" + other).c_str()), 0);
    }
  }
  EXPECT_EQ(DiskFileSystem().files_below(folder.path()).files, expected);
}

TEST(DiskFileSystemTest, KnowsFilesByTheirPath) {
  const testing::TempFolder folder;
  const DiskFileSystem files;
  put(folder / "a/f", "");
  ASSERT_EQ(::symlink("a/f", (folder / "link").c_str()), 0);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  for (const auto* name : {"a/f", "link", "./a/../a/f"}) {
    EXPECT_EQ(files.real_path(folder / name), files.real_path(folder.path()) + "/a/f") << name;
    EXPECT_FALSE(files.is_stream(folder / name)) << name;
  }
  EXPECT_EQ(files.real_path(folder / "none"), folder / "none");
  EXPECT_TRUE(files.is_stream(folder / "pipe"));
  EXPECT_TRUE(files.is_stream("/dev/null"));
  EXPECT_FALSE(files.is_stream(folder / "a"));
  EXPECT_FALSE(files.is_stream(folder / "none"));
}

// The fake of the tests has to say what the disk says.
TEST(MemoryFileSystemTest, AgreesWithTheDisk) {
  const testing::TempFolder folder;
  DiskFileSystem disk;
  testing::MemoryFileSystem memory;
  for (const char* name : {"a/z.yaml", "a.yaml", "b/c/d.json", ".hidden", "b/.x"}) {
    put(folder / name, name);
    ASSERT_TRUE(memory.write(folder / name, name));
  }
  for (const std::string& path : {folder.path(), folder / "a.yaml", folder / "b/", folder / "no"}) {
    EXPECT_EQ(disk.files_below(path).files, memory.files_below(path).files);
    EXPECT_EQ(errors_of(disk.files_below(path)), errors_of(memory.files_below(path)));
    EXPECT_EQ(error_of(disk.read(path)), error_of(memory.read(path)));
    EXPECT_EQ(disk.is_folder(path), memory.is_folder(path));
  }
  EXPECT_EQ(error_of(disk.write(folder / "a", "")), error_of(memory.write(folder / "a", "")));
}

TEST(MemoryFileSystemTest, FailsOnRequest) {
  testing::MemoryFileSystem memory{{"f", "text"}};
  memory.fail_read("f", {ErrorCode::kDenied, "f: Permission denied"});
  memory.fail_write("f", {ErrorCode::kUnavailable, "f: No space left on device"});
  EXPECT_EQ(error_of(memory.read("f")), "f: Permission denied");
  EXPECT_EQ(error_of(memory.write("f", "")), "f: No space left on device");
  memory.succeed_again();
  EXPECT_EQ(memory.read("f").value(), "text");
}

}  // namespace
}  // namespace seaworthy::system
