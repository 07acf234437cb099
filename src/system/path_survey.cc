// A name of a path matters in the folder that it is looked up in, so that folder is watched for it
// before it is looked up: what happens after is an event, what happened before is in the
// fingerprint. A mounted ConfigMap is `policies.yaml -> ..data/policies.yaml`, `..data ->
// ..2026_01_01…`: walking it meets `policies.yaml` and `..data` in the mount and `policies.yaml` in
// the hidden folder, which is all that can change it. Where a name is missing the walk ends, and
// its coming is the event.
#include "system/path_survey.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <memory>
#include <string_view>

#include <dirent.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seaworthy/base/limits.h"

namespace seaworthy::system {
namespace {

constexpr std::uint32_t kEvents = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY |
                                  IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF |
                                  IN_ONLYDIR;
/// About the folder itself and not a name in it.
constexpr std::uint32_t kFolderEvents = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;
/// Source: path_resolution(7).
constexpr unsigned kLinksMax = 40;
constexpr std::uint64_t kHashStart = 14695981039346656037U;
constexpr std::uint64_t kHashPrime = 1099511628211U;

/// Puts the names of `path` before `rest`.
void put_names(std::string_view path, std::deque<std::string>& rest) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    if (const std::string_view name = path.substr(0, slash); !name.empty() && name != ".") {
      names.emplace_back(name);
    }
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  rest.insert(rest.begin(), names.begin(), names.end());
}

std::string start_of(std::string_view path) { return path.starts_with('/') ? "/" : "."; }

std::string joined(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

}  // namespace

PathSurvey::PathSurvey(Watching watching) {
  if (watching == Watching::kNo) {
    return;
  }
  inotify_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (inotify_ < 0) {
    trouble_ = std::string("inotify: ") + std::strerror(errno);
  }
}

PathSurvey::~PathSurvey() {
  if (inotify_ >= 0) {
    ::close(inotify_);
  }
}

void PathSurvey::begin() {
  met_folders_.clear();
  for (auto& [watch, folder] : folders_) {
    folder = {};
  }
}

void PathSurvey::end() {
  std::erase_if(folders_, [this](const auto& entry) {
    if (!entry.second.met) {
      ::inotify_rm_watch(inotify_, entry.first);
    }
    return !entry.second.met;
  });
}

std::uint64_t PathSurvey::survey(const std::vector<std::string>& paths) {
  hash_ = kHashStart;
  entries_ = 0;
  for (const auto& path : paths) {
    mix(path);
    std::deque<std::string> names;
    put_names(path, names);
    walk(start_of(path), std::move(names), 0);
  }
  return hash_;
}

void PathSurvey::walk(std::string at, std::deque<std::string> names, unsigned depth) {
  struct stat status{};
  if (names.empty() && ::stat(at.c_str(), &status) != 0) {
    mix(static_cast<std::uint64_t>(errno));
    return;
  }
  for (unsigned links = 0; !names.empty();) {
    const std::string name = std::move(names.front());
    names.pop_front();
    watch(at, name);
    const std::string next = joined(at, name);
    if (::lstat(next.c_str(), &status) != 0) {
      mix(static_cast<std::uint64_t>(errno));
      return;
    }
    if (!S_ISLNK(status.st_mode)) {
      at = next;
      continue;
    }
    std::array<char, PATH_MAX> target{};
    const ssize_t size = ::readlink(next.c_str(), target.data(), target.size());
    if (size < 0 || ++links > kLinksMax) {
      mix(static_cast<std::uint64_t>(size < 0 ? errno : ELOOP));
      return;
    }
    const std::string_view leads_to(target.data(), static_cast<std::size_t>(size));
    mix(std::string(leads_to));
    put_names(leads_to, names);
    if (leads_to.starts_with('/')) {
      at = start_of(leads_to);
    }
    if (names.empty() && ::stat(at.c_str(), &status) != 0) {
      mix(static_cast<std::uint64_t>(errno));
      return;
    }
  }
  mix(status.st_dev);
  mix(status.st_ino);
  mix(status.st_mode);
  if (!S_ISDIR(status.st_mode)) {
    mix(static_cast<std::uint64_t>(status.st_size));
    for (const timespec& time : {status.st_mtim, status.st_ctim}) {
      mix(static_cast<std::uint64_t>(time.tv_sec));
      mix(static_cast<std::uint64_t>(time.tv_nsec));
    }
    return;
  }
  const std::pair identity{status.st_dev, status.st_ino};
  if (depth < limits::kFolderDepthMax && std::ranges::find(inside_, identity) == inside_.end()) {
    inside_.push_back(identity);
    look_below(at, depth);
    inside_.pop_back();
  }
}

/// Everything below a folder that files_below() of the disk would find.
void PathSurvey::look_below(const std::string& at, unsigned depth) {
  watch(at, "");
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(at.c_str()), &::closedir);
  if (!folder) {
    mix(static_cast<std::uint64_t>(errno));
    return;
  }
  std::vector<std::string> names;
  while (const dirent* item = ::readdir(folder.get())) {
    if (item->d_name[0] != '.') {
      names.emplace_back(item->d_name);
    }
  }
  std::ranges::sort(names);
  for (const std::string& name : names) {
    if (++entries_ > limits::kFilesMax) {
      return;
    }
    mix(name);
    walk(at, {name}, depth + 1);
  }
}

/// `name` matters in `folder`; empty: all of them do.
void PathSurvey::watch(const std::string& folder, const std::string& name) {
  if (inotify_ < 0) {
    return;
  }
  auto met = met_folders_.find(folder);
  if (met == met_folders_.end()) {
    const int watch = ::inotify_add_watch(inotify_, folder.c_str(), kEvents);
    if (watch < 0 && (errno == ENOSPC || errno == ENOMEM)) {
      trouble_ = std::string("inotify: ") + folder + ": " + std::strerror(errno);
    }
    met = met_folders_.emplace(folder, watch).first;
  }
  if (met->second < 0) {
    return;
  }
  Folder& watched = folders_[met->second];
  watched.met = true;
  if (name.empty()) {
    watched.all = true;
  } else {
    watched.names.insert(name);
  }
}

bool PathSurvey::take_events() {
  bool concerned = false;
  alignas(inotify_event) std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t got = inotify_ < 0 ? -1 : ::read(inotify_, buffer.data(), buffer.size());
    if (got <= 0) {
      return concerned;
    }
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof(event));
      const char* name = event.len == 0 ? "" : buffer.data() + at + sizeof(event);
      concerned = concerns(event.wd, event.mask, name) || concerned;
      at += sizeof(event) + event.len;
    }
  }
}

bool PathSurvey::concerns(int watch, std::uint32_t mask, const char* name) {
  if ((mask & IN_Q_OVERFLOW) != 0) {
    return true;
  }
  const auto found = folders_.find(watch);
  if (found == folders_.end()) {
    return false;  // Watched no longer.
  }
  if ((mask & kFolderEvents) != 0) {
    if ((mask & IN_IGNORED) != 0) {
      folders_.erase(found);
    }
    return true;
  }
  return found->second.all || found->second.names.contains(std::string_view(name));
}

void PathSurvey::mix(std::uint64_t number) {
  for (int i = 0; i < 8; ++i) {
    hash_ = (hash_ ^ (number & 0xFFU)) * kHashPrime;
    number >>= 8U;
  }
}

void PathSurvey::mix(const std::string& text) {
  for (const char c : text) {
    hash_ = (hash_ ^ static_cast<unsigned char>(c)) * kHashPrime;
  }
  mix(text.size());
}

}  // namespace seaworthy::system
