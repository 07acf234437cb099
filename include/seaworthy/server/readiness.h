#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace seaworthy::server {

/// Whether requests can be answered, and if not, why: a set of named conditions, all of which have
/// to hold. One that nobody has named yet does not count, so name those to come before the server
/// starts. Threads: any.
class Readiness {
 public:
  struct Condition {
    std::string name;
    std::string reason;  ///< Empty: it holds.

    friend bool operator==(const Condition&, const Condition&) = default;
  };

  /// `name` does not hold, for a reason that is one line for operators.
  void block(std::string_view name, std::string_view reason);
  /// `name` holds.
  void allow(std::string_view name);

  [[nodiscard]] bool ready() const { return ready_.load(std::memory_order_relaxed); }

  /// All of them, by name.
  [[nodiscard]] std::vector<Condition> conditions() const;

 private:
  void set(std::string_view name, std::string_view reason);

  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> reasons_;
  std::atomic<bool> ready_ = true;
};

}  // namespace seaworthy::server
