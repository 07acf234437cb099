#pragma once

#include <string>
#include <vector>

#include "seaworthy/base/result.h"

namespace seaworthy {

/// What lies below a folder.
struct FilesBelow {
  struct Unreadable {
    std::string path;
    Error error;
  };

  std::vector<std::string> files;  ///< Paths, sorted.
  /// Folders that could not be listed, wholly or to the end; what they hold is not in `files`, the
  /// rest is. kNotFound, kDenied, kOverLimit (limits::kFilesMax, kFolderDepthMax), kUnavailable.
  std::vector<Unreadable> unreadable;
};

/// The files that a command reads and writes, as something that is handed in: tests keep them in
/// memory.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// The whole file. Errors: kNotFound, kDenied, kOverLimit (limits::kFileBytesMax), kInvalid (a
  /// folder).
  [[nodiscard]] virtual Result<std::string> read(const std::string& path) const = 0;
  /// Replaces the file as a whole or not at all (written beside it, then renamed).
  [[nodiscard]] virtual Result<void> write(const std::string& path,
                                           const std::string& contents) = 0;
  [[nodiscard]] virtual bool is_folder(const std::string& path) const = 0;
  /// Whether it is there and neither a file nor a folder: a pipe or a device, which may be read
  /// only once.
  [[nodiscard]] virtual bool is_stream(const std::string& path) const = 0;
  /// The one path by which a file goes, whatever links and dots `path` takes; `path` itself where
  /// there is none.
  [[nodiscard]] virtual std::string real_path(const std::string& path) const = 0;
  /// The files below `path`, each beginning with `path`; names that begin with a dot are left out.
  [[nodiscard]] virtual FilesBelow files_below(const std::string& path) const = 0;
};

}  // namespace seaworthy
