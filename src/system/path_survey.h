#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace seaworthy::system {

/// Walks along paths as the kernel does, one name at a time and through every symbolic link, makes
/// a fingerprint of what is there, and has inotify watch each folder for the names that mattered in
/// it. Threads: one.
class PathSurvey {
 public:
  enum class Watching : std::uint8_t { kNo, kYes };

  explicit PathSurvey(Watching watching);
  ~PathSurvey();
  PathSurvey(const PathSurvey&) = delete;
  PathSurvey& operator=(const PathSurvey&) = delete;

  /// Between begin() and end() everything that is watched is surveyed; what was not met is watched
  /// no longer.
  void begin();
  [[nodiscard]] std::uint64_t survey(const std::vector<std::string>& paths);
  void end();

  /// Readable when something happened; -1 where nothing can be watched.
  [[nodiscard]] int descriptor() const { return inotify_; }

  /// Takes what happened; true where it may be about a surveyed path.
  [[nodiscard]] bool take_events();

  /// Why not all is watched; empty where it is.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

 private:
  /// The names of one folder that matter.
  struct Folder {
    std::set<std::string, std::less<>> names;
    bool all = false;
    bool met = false;
  };

  void walk(std::string at, std::deque<std::string> names, unsigned depth);
  void look_below(const std::string& at, unsigned depth);
  void watch(const std::string& folder, const std::string& name);
  [[nodiscard]] bool concerns(int watch, std::uint32_t mask, const char* name);
  void mix(std::uint64_t number);
  void mix(const std::string& text);

  int inotify_ = -1;
  std::string trouble_;
  std::unordered_map<int, Folder> folders_;           ///< By inotify's number.
  std::unordered_map<std::string, int> met_folders_;  ///< Of this survey.
  std::vector<std::pair<dev_t, ino_t>> inside_;
  std::size_t entries_ = 0;
  std::uint64_t hash_ = 0;
};

}  // namespace seaworthy::system
