#include "policy/minor_version.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {
namespace {

constexpr std::string_view kLatest = "latest";
constexpr std::string_view kMajor = "v1.";

}  // namespace

Result<std::int64_t> read_minor_version(std::string_view text, std::int64_t newest) {
  if (text == kLatest) {
    return newest;
  }
  const auto digits = text.starts_with(kMajor) ? text.substr(kMajor.size()) : std::string_view{};
  std::int64_t minor = 0;
  const auto* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, minor);
  if (error != std::errc{} || rest != end || digits.starts_with('-') ||
      (digits.size() > 1 && digits.starts_with('0'))) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is no version; write v1.{} or latest", text, newest));
  }
  return std::min(minor, newest);
}

std::string warning_of_later_version(const Parameter& parameter) {
  constexpr auto kNone = std::numeric_limits<std::int64_t>::max();
  if (!parameter.newest || parameter.value.as_string() == kLatest ||
      read_minor_version(parameter.value.as_string(), kNone).value_or(0) <= *parameter.newest) {
    return {};
  }
  return fmt::format(
      "{} is later than v1.{}, the newest that this bundle knows, which holds instead",
      parameter.value.as_string(), *parameter.newest);
}

}  // namespace seaworthy::policy
