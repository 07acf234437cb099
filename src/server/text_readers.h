#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "seaworthy/policy/policy.h"

namespace seaworthy::server {

/// Who sees a string at one place of reviews. Policies by their places among those asked for.
struct TextReaders {
  /// Nothing may be concluded from a review that has another string here.
  bool decides_all = false;
  /// Enforcement documents may look at it: they go by namespaces, users and workloads.
  bool names_subject = false;
  std::vector<std::uint32_t> rules;  ///< Whether these are violated may hang on it.
  std::vector<std::uint32_t> words;  ///< What these say, or do, once they are.
};

/// TextReaders by place, found once each: reviews have few places at which their likes differ,
/// and beyond limits::kTextPlacesMax nothing is known of others. Threads: one at a time.
class TextReaderIndex {
 public:
  using Policies = std::span<const std::shared_ptr<const policy::Policy>>;

  /// `path`: where the string stands in an AdmissionReview, as document::KeptJson::path says it.
  /// `pod_path`: as admission::WorkloadKind::pod_path. Lifetime of the answer: until clear().
  const TextReaders& find(std::span<const std::string_view> path,
                          std::span<const std::string_view> pod_path, Policies policies);

  void clear() { readers_.clear(); }

 private:
  std::unordered_map<std::string, TextReaders> readers_;
};

}  // namespace seaworthy::server
