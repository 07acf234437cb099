#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace seaworthy::server {

enum class Endpoint : std::uint8_t { kMutate, kValidate };

/// Which policies a path asks for: `/validate` all, `/validate/fail` those whose failurePolicy is
/// Fail, `/validate/ignore` the others.
enum class PolicyFilter : std::uint8_t { kAll, kFail, kIgnore };

inline constexpr std::size_t kPolicyFilters = 3;

struct WebhookRequest {
  Endpoint endpoint = Endpoint::kValidate;
  PolicyFilter filter = PolicyFilter::kAll;
  /// As it was sent, with net::HttpRequest::kBodyPadding readable bytes behind it. Borrowed for the
  /// call.
  std::string_view body;
  /// Until when the API server wants an answer, less what the way there and back may take.
  std::chrono::steady_clock::time_point deadline;
};

struct WebhookReply {
  int status = 200;
  std::string body;          ///< JSON: an AdmissionReview, or a Status for anything but 200.
  bool retry_after = false;  ///< Adds `Retry-After: 1`, which the API server obeys.
};

/// What turns the body of a review into the body of an answer.
class WebhookHandler {
 public:
  virtual ~WebhookHandler() = default;
  /// Threads: called on every worker at the same time. What it throws is answered with 500.
  virtual WebhookReply handle(const WebhookRequest& request) = 0;
};

}  // namespace seaworthy::server
