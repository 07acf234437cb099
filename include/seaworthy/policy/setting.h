#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// The words that policies, flags and reports share.
namespace seaworthy::policy {

/// Low is advice: it warns where others deny.
enum class Severity : std::uint8_t { kLow, kMedium, kHigh, kCritical };

/// What a violation leads to, from nothing to a refusal.
enum class Mode : std::uint8_t { kOff, kAudit, kWarn, kDeny };

/// How far remedies are applied: shown only, the safe ones, all.
enum class RemedyLevel : std::uint8_t { kSuggest, kSafe, kApply };

/// What a remedy may do to a workload: nothing, stop one that was wrong about itself, need a fact
/// that the manifest may not hold.
enum class Safety : std::uint8_t { kSafe, kCareful, kNeedsFact };

/// What a policy is evaluated on, once for each.
enum class Each : std::uint8_t { kPod, kContainer, kVolume, kImage };

/// What a run-time error means.
enum class FailurePolicy : std::uint8_t { kFail, kIgnore };

/// What a test expects of a policy. Tests that policies carry run in mode deny: none of them gets
/// kAudit.
enum class Expectation : std::uint8_t { kAllow, kWarn, kDeny, kMend, kSkip, kError, kAudit };

/// The words of an enumeration in the order of its values.
template <class E>
std::span<const std::string_view> words();
template <>
std::span<const std::string_view> words<Severity>();
template <>
std::span<const std::string_view> words<Mode>();
template <>
std::span<const std::string_view> words<RemedyLevel>();
template <>
std::span<const std::string_view> words<Safety>();
template <>
std::span<const std::string_view> words<Each>();
template <>
std::span<const std::string_view> words<FailurePolicy>();
template <>
std::span<const std::string_view> words<Expectation>();

template <class E>
std::string_view word_of(E value) {
  return words<E>()[static_cast<std::size_t>(value)];
}

template <class E>
std::optional<E> from_word(std::string_view word) {
  const auto all = words<E>();
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (all[at] == word) {
      return static_cast<E>(at);
    }
  }
  return std::nullopt;
}

}  // namespace seaworthy::policy
