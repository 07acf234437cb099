#include "seaworthy/policy/exception.h"

#include <algorithm>

#include <fmt/format.h>

namespace seaworthy::policy {

bool ImagePattern::matches(const image::Reference& reference) const {
  if (reference.registry != registry) {
    return false;
  }
  // What a digest names is what runs, whatever tag stands beside it.
  if (!digest.empty()) {
    return reference.repository == repository && reference.digest == digest;
  }
  if (!tag.empty()) {
    return reference.repository == repository && reference.tag == tag && reference.digest.empty();
  }
  return repository.empty() || reference.repository == repository ||
         (reference.repository.starts_with(repository) &&
          reference.repository[repository.size()] == '/');
}

bool PolicyException::concerns(const Policy& policy, const Subject& subject) const {
  return matches_any_glob(policies, policy.name) &&
         (namespaces.empty() || (!subject.namespace_name.empty() &&
                                 matches_any_glob(namespaces, subject.namespace_name))) &&
         matches_workloads(workloads, subject);
}

bool PolicyException::covers(std::string_view container, std::string_view image) const {
  if (!containers.empty() && (container.empty() || !matches_any_glob(containers, container))) {
    return false;
  }
  if (images.empty()) {
    return true;
  }
  const auto reference = image::parse_reference(image);
  return reference && std::ranges::any_of(images, [&](const ImagePattern& pattern) {
           return pattern.matches(*reference);
         });
}

std::string PolicyException::expiry_date() const {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(expires));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace seaworthy::policy
