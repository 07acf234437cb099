#pragma once

#include <string>
#include <vector>

#include "seaworthy/base/file_system.h"

namespace seaworthy::system {

/// The machine's files. Threads: any; two writers of one path do not mix their contents, the last
/// one wins.
class DiskFileSystem final : public FileSystem {
 public:
  /// Also reads what is not a regular file (a pipe of the shell), to the same limit.
  [[nodiscard]] Result<std::string> read(const std::string& path) const override;
  /// Keeps the mode, owner and group of a file that is there; a new one gets the umask's. A
  /// symbolic link stays, and what it points to is replaced; other hard links keep the old
  /// contents. What is not a regular file (/dev/stdout) is written to as it is. Errors: kNotFound
  /// (no such folder), kDenied (also: only root may keep its owner), kInvalid (a folder),
  /// kUnavailable (no space, an error of the disk).
  [[nodiscard]] Result<void> write(const std::string& path, const std::string& contents) override;
  [[nodiscard]] bool is_folder(const std::string& path) const override;
  [[nodiscard]] bool is_stream(const std::string& path) const override;
  [[nodiscard]] std::string real_path(const std::string& path) const override;
  /// Follows symbolic links, into each folder once, by its own name where that is below `path`. A
  /// link that leads nowhere is listed: a file that cannot be read must not look like one that is
  /// not there. Sockets, pipes and devices are left out. A file gives itself.
  [[nodiscard]] FilesBelow files_below(const std::string& path) const override;
};

}  // namespace seaworthy::system
