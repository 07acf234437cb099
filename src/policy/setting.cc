#include "seaworthy/policy/setting.h"

#include <array>

namespace seaworthy::policy {
namespace {

constexpr std::array<std::string_view, 4> kSeverities{"low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 4> kModes{"off", "audit", "warn", "deny"};
constexpr std::array<std::string_view, 3> kRemedyLevels{"suggest", "safe", "apply"};
constexpr std::array<std::string_view, 3> kSafeties{"safe", "careful", "needs-fact"};
constexpr std::array<std::string_view, 4> kEach{"pod", "container", "volume", "image"};
constexpr std::array<std::string_view, 2> kFailurePolicies{"Fail", "Ignore"};
constexpr std::array<std::string_view, 7> kExpectations{"allow", "warn",  "deny", "mend",
                                                        "skip",  "error", "audit"};

}  // namespace

template <>
std::span<const std::string_view> words<Severity>() {
  return kSeverities;
}

template <>
std::span<const std::string_view> words<Mode>() {
  return kModes;
}

template <>
std::span<const std::string_view> words<RemedyLevel>() {
  return kRemedyLevels;
}

template <>
std::span<const std::string_view> words<Safety>() {
  return kSafeties;
}

template <>
std::span<const std::string_view> words<Each>() {
  return kEach;
}

template <>
std::span<const std::string_view> words<FailurePolicy>() {
  return kFailurePolicies;
}

template <>
std::span<const std::string_view> words<Expectation>() {
  return kExpectations;
}

}  // namespace seaworthy::policy
