// The file system of the machine by its system calls, because the limits and the errors matter:
// - read() never trusts the size that stat gives (a file of /proc says 0), and stops one byte over
//   the limit.
// - write() makes ".<name>.<random>" beside the file, gives it the mode and owner of what it
//   replaces, syncs it and renames it over the name: a reader sees the old file or the new one.
// - files_below() walks in the order of names, links to folders last, and remembers the folders
//   (device and inode) that it has met: through links there may be more ways to one than can be
//   gone.
#include "seaworthy/system/disk_file_system.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <set>
#include <string_view>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seaworthy/base/limits.h"

namespace seaworthy::system {
namespace {

/// An open file that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}

  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

ErrorCode code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::kNotFound;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::kDenied;
    case EISDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case EINVAL:
      return ErrorCode::kInvalid;
    default:
      return ErrorCode::kUnavailable;
  }
}

std::unexpected<Error> fail_errno(const std::string& path, int error) {
  return fail(code_of(error), path + ": " + std::strerror(error));
}

Result<void> write_all(int fd, const std::string& path, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = ::write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return fail_errno(path, errno);
    }
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

/// Where the symbolic links of `path` lead, or `path` itself where it is not there yet.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  return real ? std::string(real.get()) : path;
}

/// The name of a new file beside `target` that listings leave out.
std::string name_beside(const std::string& target) {
  const std::size_t slash = target.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : target.substr(0, slash + 1);
  const std::string name = slash == std::string::npos ? target : target.substr(slash + 1);
  std::random_device random;
  return folder + "." + name.substr(0, 200) + "." + std::to_string(random()) + ".new";
}

/// Gives a new file the owner, group and mode of the one that it is to replace. Errors: kDenied:
/// it belongs to somebody else, and would not any more.
Result<void> take_place(int fd, const std::string& path, const struct stat& replaced) {
  // The owner first, because changing it clears set-user-ID bits. Only root may give files away,
  // but to a group of one's own everybody may.
  if (::fchown(fd, replaced.st_uid, replaced.st_gid) != 0) {
    static_cast<void>(::fchown(fd, static_cast<uid_t>(-1), replaced.st_gid) == 0);
  }
  struct stat status{};
  if (::fstat(fd, &status) != 0) {
    return fail_errno(path, errno);
  }
  if (status.st_uid != replaced.st_uid || status.st_gid != replaced.st_gid) {
    return fail(ErrorCode::kDenied, path + ": belongs to somebody else, who would lose it");
  }
  return ::fchmod(fd, replaced.st_mode & 07777U) == 0 ? Result<void>() : fail_errno(path, errno);
}

/// Makes `beside`, a new file that is to replace the one at `path`, if there is one. Errors name
/// `path`.
Result<void> make_file(const std::string& beside, const std::string& path,
                       const std::string& contents, const struct stat* replaced) {
  const Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) {
    return fail_errno(path, errno);
  }
  if (replaced != nullptr) {
    if (auto taken = take_place(file.get(), path, *replaced); !taken) {
      return taken;
    }
  }
  if (auto written = write_all(file.get(), path, contents); !written) {
    return written;
  }
  if (::fdatasync(file.get()) != 0) {
    return fail_errno(path, errno);
  }
  return {};
}

/// One walk through folders, into each once.
class Walk {
 public:
  void entry(const std::string& path, std::uint32_t depth) {
    struct stat status{};
    const bool known = ::stat(path.c_str(), &status) == 0;
    if (!known && (depth == 0 || (errno != ENOENT && errno != ELOOP))) {
      return note(path, fail_errno(path, errno).error());
    }
    if (known && S_ISDIR(status.st_mode)) {
      struct stat itself{};
      if (depth > 0 && ::lstat(path.c_str(), &itself) == 0 && S_ISLNK(itself.st_mode)) {
        links_.push_back({path, depth});
      } else {
        enter(path, status, depth);
      }
      return;
    }
    if (known && !S_ISREG(status.st_mode) && depth > 0) {
      return;
    }
    if (found_.files.size() < limits::kFilesMax) {
      found_.files.push_back(path);
    } else if (!is_full_) {
      is_full_ = true;
      note(path, too_many(path).error());
    }
  }

  /// Goes where symbolic links lead that no other way has led to.
  FilesBelow finish() {
    for (std::size_t at = 0; at < links_.size() && !is_full_; ++at) {
      const Link link = links_[at];
      struct stat status{};
      if (::stat(link.path.c_str(), &status) == 0) {
        enter(link.path, status, link.depth);
      }
    }
    std::ranges::sort(found_.files);
    return std::move(found_);
  }

 private:
  struct Link {
    std::string path;
    std::uint32_t depth = 0;
  };

  void enter(const std::string& path, const struct stat& status, std::uint32_t depth) {
    if (met_.emplace(status.st_dev, status.st_ino).second) {
      folder(path, depth + 1);
    }
  }

  void folder(const std::string& path, std::uint32_t depth) {
    if (depth > limits::kFolderDepthMax) {
      const auto text = fmt::format("{}: more than {} folders deep", path, limits::kFolderDepthMax);
      return note(path, {ErrorCode::kOverLimit, text});
    }
    auto names = names_in(path);
    if (!names) {
      return note(path, std::move(names).error());
    }
    std::ranges::sort(*names);
    for (const std::string& name : *names) {
      if (is_full_) {
        return;
      }
      entry(path.ends_with('/') ? path + name : path + "/" + name, depth);
    }
  }

  void note(const std::string& path, Error error) {
    found_.unreadable.push_back({path, std::move(error)});
  }

  static std::unexpected<Error> too_many(const std::string& path) {
    return fail(ErrorCode::kOverLimit,
                fmt::format("{}: more than {} files", path, limits::kFilesMax));
  }

  static Result<std::vector<std::string>> names_in(const std::string& path) {
    struct Close {
      void operator()(DIR* opened) const { ::closedir(opened); }
    };

    const std::unique_ptr<DIR, Close> folder(::opendir(path.c_str()));
    if (!folder) {
      return fail_errno(path, errno);
    }
    std::vector<std::string> names;
    errno = 0;
    // Each stream is this function's own, which is what readdir asks for.
    while (const dirent* item = ::readdir(folder.get())) {  // NOLINT(concurrency-mt-unsafe)
      if (item->d_name[0] == '.') {
        continue;
      }
      if (names.size() == limits::kFilesMax) {
        return too_many(path);
      }
      names.emplace_back(item->d_name);
    }
    if (errno != 0) {
      return fail_errno(path, errno);
    }
    return names;
  }

  std::set<std::pair<dev_t, ino_t>> met_;
  std::vector<Link> links_;  ///< To folders, which are entered when all others have been.
  FilesBelow found_;
  bool is_full_ = false;
};

}  // namespace

Result<std::string> DiskFileSystem::read(const std::string& path) const {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return fail_errno(path, errno);
  }
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) {
    return fail_errno(path, errno);
  }
  if (S_ISDIR(status.st_mode)) {
    return fail(ErrorCode::kInvalid, path + ": is a folder");
  }
  const auto over_limit = [&path] {
    return fail(ErrorCode::kOverLimit,
                fmt::format("{}: larger than {} MiB", path, limits::kFileBytesMax / (1024 * 1024)));
  };
  const auto expected = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
  if (S_ISREG(status.st_mode) && expected > limits::kFileBytesMax) {
    return over_limit();
  }
  std::string contents;
  std::size_t size = 0;
  // One byte more than expected, so that the end of the file is seen without growing.
  contents.resize(S_ISREG(status.st_mode) ? expected + 1 : std::size_t{64} * 1024);
  for (;;) {
    if (size == contents.size()) {
      contents.resize(std::max<std::size_t>(size * 2, std::size_t{4} * 1024));
    }
    const ssize_t got = ::read(file.get(), contents.data() + size, contents.size() - size);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return fail_errno(path, errno);
    }
    if (got == 0) {
      break;
    }
    size += static_cast<std::size_t>(got);
    if (size > limits::kFileBytesMax) {
      return over_limit();
    }
  }
  contents.resize(size);
  return contents;
}

Result<void> DiskFileSystem::write(const std::string& path, const std::string& contents) {
  struct stat status{};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    return fail(ErrorCode::kInvalid, path + ": is a folder");
  }
  if (exists && !S_ISREG(status.st_mode)) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    return file.get() < 0 ? Result<void>(fail_errno(path, errno))
                          : write_all(file.get(), path, contents);
  }
  if (exists && ::access(path.c_str(), W_OK) != 0) {
    return fail_errno(path, errno);  // A rename would get around a file's write protection.
  }
  const std::string target = resolved(path);
  const std::string beside = name_beside(target);
  auto filled = make_file(beside, path, contents, exists ? &status : nullptr);
  if (filled && ::rename(beside.c_str(), target.c_str()) != 0) {
    filled = fail_errno(path, errno);
  }
  if (!filled) {
    ::unlink(beside.c_str());
  }
  return filled;
}

bool DiskFileSystem::is_folder(const std::string& path) const {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool DiskFileSystem::is_stream(const std::string& path) const {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode);
}

std::string DiskFileSystem::real_path(const std::string& path) const { return resolved(path); }

FilesBelow DiskFileSystem::files_below(const std::string& path) const {
  Walk walk;
  walk.entry(path, 0);
  return walk.finish();
}

}  // namespace seaworthy::system
