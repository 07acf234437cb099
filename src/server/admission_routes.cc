// What a request is refused for before its review is looked at, in this order: path, method, a
// server that cannot answer yet or no longer, content type. The same is asked when a body is still
// on its way, so that nobody sends 16 MiB to hear it.
#include "server/admission_routes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/server/status.h"

namespace seaworthy::server {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct AdmissionRoutes::Route {
  std::string_view path;
  Endpoint endpoint;
  PolicyFilter filter;
};

std::chrono::milliseconds time_to_answer(std::string_view timeout) {
  constexpr int kSecondsMax = 30;
  int count = 0;
  const char* end = timeout.data() + timeout.size();
  const auto [stopped, error] = std::from_chars(timeout.data(), end, count);
  const bool known = error == std::errc() && std::string_view(stopped, end) == "s" && count >= 1 &&
                     count <= kSecondsMax;
  const milliseconds whole = known ? milliseconds(seconds(count)) : limits::kWebhookTimeoutDefault;
  return std::max(whole - seconds(1), whole / 2);
}

/// The request's route where its review may be looked at; otherwise `response` says why not.
const AdmissionRoutes::Route* AdmissionRoutes::admit(const net::HttpRequest& request,
                                                     net::HttpResponse& response) {
  static constexpr std::array<Route, 6> kRoutes{{
      {"/validate", Endpoint::kValidate, PolicyFilter::kAll},
      {"/validate/fail", Endpoint::kValidate, PolicyFilter::kFail},
      {"/validate/ignore", Endpoint::kValidate, PolicyFilter::kIgnore},
      {"/mutate", Endpoint::kMutate, PolicyFilter::kAll},
      {"/mutate/fail", Endpoint::kMutate, PolicyFilter::kFail},
      {"/mutate/ignore", Endpoint::kMutate, PolicyFilter::kIgnore},
  }};
  const auto* route = std::ranges::find(kRoutes, request.path, &Route::path);
  if (route == kRoutes.end()) {
    fail(404, "There is nothing at this path; reviews go to /validate and /mutate.", response);
    return nullptr;
  }
  if (request.method != "POST") {
    fail(405, "Reviews are sent with POST.", response);
    response.fields.emplace_back("Allow", "POST");
    return nullptr;
  }
  if (phase_ == Phase::kDraining) {
    fail(503, "The server is shutting down.", response);
    return nullptr;
  }
  if (!readiness_.ready()) {
    fail(503, "The server is not ready yet.", response);
    return nullptr;
  }
  const std::string_view type = request.field("Content-Type");
  const std::string_view encoding = request.field("Content-Encoding");
  if (!net::equal_ignoring_case(trim(type.substr(0, type.find(';'))), "application/json") ||
      !(encoding.empty() || net::equal_ignoring_case(encoding, "identity"))) {
    fail(415, "A review is plain application/json.", response);
    return nullptr;
  }
  return route;
}

bool AdmissionRoutes::wants_body(const net::HttpRequest& request, net::HttpResponse& response) {
  return admit(request, response) != nullptr;
}

void AdmissionRoutes::handle(const net::HttpRequest& request, net::HttpResponse& response) {
  const Route* route = admit(request, response);
  if (route == nullptr) {
    return;
  }
  const WebhookRequest review{route->endpoint, route->filter, request.body,
                              request.received + time_to_answer(request.parameter("timeout"))};
  WebhookReply reply = handler_.handle(review);
  response.status = reply.status;
  response.body = std::move(reply.body);
  if (reply.retry_after) {
    response.fields.emplace_back("Retry-After", "1");
  }
}

void AdmissionRoutes::fail(int status, std::string_view reason, net::HttpResponse& response) {
  response.status = status;
  response.body = status_body(status, reason);
  if (status == 503) {
    response.fields.emplace_back("Retry-After", "1");
  }
}

}  // namespace seaworthy::server
