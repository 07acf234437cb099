#pragma once

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seaworthy/base/file_system.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::testing {

/// Files in memory, with the errors and messages of the disk's. A path is what it is spelled as
/// ("./a" is not "a"), but for slashes at its end; folders are there by the files below them. Each
/// operation on a path can be told to fail. Threads: any.
class MemoryFileSystem final : public FileSystem {
 public:
  MemoryFileSystem() = default;

  /// `MemoryFileSystem files{{"a.yaml", "text"}, {"b/c.json", "{}"}};`
  MemoryFileSystem(std::initializer_list<std::pair<const std::string, std::string>> files)
      : files_(files) {}

  [[nodiscard]] Result<std::string> read(const std::string& path) const override {
    const std::scoped_lock lock(mutex_);
    if (const auto error = read_errors_.find(path); error != read_errors_.end()) {
      return std::unexpected(error->second);
    }
    const auto file = files_.find(path);
    if (file == files_.end()) {
      return folder(path) ? fail(ErrorCode::kInvalid, path + ": is a folder") : missing(path);
    }
    if (file->second.size() > limits::kFileBytesMax) {
      return fail(
          ErrorCode::kOverLimit,
          path + ": larger than " + std::to_string(limits::kFileBytesMax / (1024 * 1024)) + " MiB");
    }
    return file->second;
  }

  [[nodiscard]] Result<void> write(const std::string& path, const std::string& contents) override {
    const std::scoped_lock lock(mutex_);
    if (const auto error = write_errors_.find(path); error != write_errors_.end()) {
      return std::unexpected(error->second);
    }
    if (folder(path)) {
      return fail(ErrorCode::kInvalid, path + ": is a folder");
    }
    files_[path] = contents;
    return {};
  }

  [[nodiscard]] bool is_folder(const std::string& path) const override {
    const std::scoped_lock lock(mutex_);
    return folder(path);
  }

  [[nodiscard]] bool is_stream(const std::string& path) const override {
    const std::scoped_lock lock(mutex_);
    return streams_.contains(path);
  }

  /// But for dots in it: the disk knows more.
  [[nodiscard]] std::string real_path(const std::string& path) const override {
    return std::filesystem::path(path).lexically_normal().string();
  }

  [[nodiscard]] FilesBelow files_below(const std::string& path) const override {
    const std::scoped_lock lock(mutex_);
    if (const auto error = list_errors_.find(path); error != list_errors_.end()) {
      return {.files = {}, .unreadable = {{path, error->second}}};
    }
    if (files_.contains(path)) {
      return {.files = {path}, .unreadable = {}};
    }
    if (!folder(path)) {
      return {.files = {}, .unreadable = {{path, missing(path).error()}}};
    }
    const std::string start = inside(path);
    FilesBelow found;
    for (const auto& [closed, error] : list_errors_) {
      if (closed.starts_with(start)) {
        found.unreadable.push_back({closed, error});
      }
    }
    for (const auto& [name, contents] : files_) {
      const bool is_closed = std::ranges::any_of(found.unreadable, [&](const auto& closed) {
        return name.starts_with(inside(closed.path));
      });
      if (name.starts_with(start) && !is_closed &&
          !is_hidden(std::string_view(name).substr(start.size()))) {
        found.files.push_back(name);
      }
    }
    return found;
  }

  /// Where a test looks at what was written: nullptr where there is no such file.
  [[nodiscard]] const std::string* find(const std::string& path) const {
    const std::scoped_lock lock(mutex_);
    const auto file = files_.find(path);
    return file == files_.end() ? nullptr : &file->second;
  }

  void remove(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    files_.erase(path);
  }

  /// From now on that operation on that path fails so, whether the file is there or not.
  void fail_read(const std::string& path, Error error) {
    set(read_errors_, path, std::move(error));
  }

  void fail_write(const std::string& path, Error error) {
    set(write_errors_, path, std::move(error));
  }

  /// The file is a pipe from now on.
  void make_stream(const std::string& path) {
    const std::scoped_lock lock(mutex_);
    streams_.insert(path);
  }

  void fail_files_below(const std::string& path, Error error) {
    set(list_errors_, path, std::move(error));
  }

  /// Ends what the fail_… functions began.
  void succeed_again() {
    const std::scoped_lock lock(mutex_);
    read_errors_.clear();
    write_errors_.clear();
    list_errors_.clear();
  }

 private:
  using Errors = std::map<std::string, Error>;

  static std::unexpected<Error> missing(const std::string& path) {
    return fail(ErrorCode::kNotFound, path + ": No such file or directory");
  }

  static std::string inside(const std::string& path) {
    return path.ends_with('/') ? path : path + "/";
  }

  static bool is_hidden(std::string_view below) {
    return below.starts_with('.') || below.find("/.") != std::string_view::npos;
  }

  [[nodiscard]] bool folder(const std::string& path) const {
    const std::string start = inside(path);
    const auto first = files_.lower_bound(start);
    return first != files_.end() && first->first.starts_with(start);
  }

  void set(Errors& errors, const std::string& path, Error error) {
    const std::scoped_lock lock(mutex_);
    errors.insert_or_assign(path, std::move(error));
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> files_;
  Errors read_errors_;
  Errors write_errors_;
  Errors list_errors_;
  std::set<std::string> streams_;
};

}  // namespace seaworthy::testing
