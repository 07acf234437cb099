#pragma once

#include <string>
#include <vector>

#include "seaworthy/base/result.h"

namespace seaworthy {

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
  /// Paths of the files below `path`, sorted, each beginning with `path`; names that begin with a
  /// dot are left out. Errors: kNotFound, kDenied, kOverLimit (limits::kFilesMax, kFolderDepthMax).
  [[nodiscard]] virtual Result<std::vector<std::string>> files_below(
      const std::string& path) const = 0;
};

}  // namespace seaworthy
