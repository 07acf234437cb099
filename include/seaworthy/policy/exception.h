#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/diagnostic.h"
#include "seaworthy/image/reference.h"
#include "seaworthy/policy/policy.h"
#include "seaworthy/policy/subject.h"

namespace seaworthy::policy {

/// Which images: a repository and all below it at a `/`, or one tag or digest of it. Never a prefix
/// of text: `registry.example.com/team` is not `registry.example.com/teamwork`.
struct ImagePattern {
  std::string registry;
  std::string repository;  ///< With the registry; empty for all of the registry.
  std::string tag;
  std::string digest;

  [[nodiscard]] bool matches(const image::Reference& reference) const;
};

/// `kind: PolicyException`: violations that are let in until a date, and who answers for that.
/// Fields that are empty match everything; those that are not must all match.
struct PolicyException {
  std::string name;
  std::vector<std::string> policies;  ///< Globs; at least one.
  std::vector<std::string> namespaces;
  std::vector<WorkloadPattern> workloads;
  std::vector<std::string> containers;  ///< Globs; with `images` only.
  std::vector<ImagePattern> images;
  std::string owner;
  std::string reason;
  std::chrono::sys_seconds expires;
  std::string file;
  SourcePosition position;

  /// True where it is about this policy and object, whatever the time.
  [[nodiscard]] bool concerns(const Policy& policy, const Subject& subject) const;
  /// True where it is about this part of the Pod. `container`: its name, empty for what is in none;
  /// `image`: the reference as written, empty for what has none. One that names containers or
  /// images is never about the Pod as a whole.
  [[nodiscard]] bool covers(std::string_view container, std::string_view image) const;

  [[nodiscard]] bool expired(std::chrono::system_clock::time_point now) const {
    // In seconds: nanoseconds would end in the year 2262.
    return std::chrono::floor<std::chrono::seconds>(now) >= expires;
  }

  /// "2027-01-31"
  [[nodiscard]] std::string expiry_date() const;
};

}  // namespace seaworthy::policy
