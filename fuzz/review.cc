#include "seaworthy/admission/review.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "entries.h"
#include "production.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/patch.h"
#include "seaworthy/server/webhook.h"

namespace seaworthy::fuzz {
namespace {

using document::Node;
using server::Endpoint;

class NoSink final : public observe::LogSink {
 public:
  void write(std::string_view line) override {
    SEAWORTHY_CHECK(line.ends_with('\n') && is_valid_utf8(line));
  }
};

/// A server with the built-in policies under these settings. It remembers reviews of earlier calls.
struct Server {
  explicit Server(const engine::Settings& its_settings)
      : settings(its_settings), webhook(production_policies(), its_settings, log, metrics, clock) {}

  engine::Settings settings;
  StoppedClock clock;
  NoSink sink;
  observe::Log log{sink, clock, observe::LogLevel::kDebug};
  observe::Metrics metrics{"fuzz"};
  server::Webhook webhook;
};

void look_at_response(const Node& review, const Node& response, Endpoint endpoint, Arena& arena) {
  SEAWORTHY_CHECK(response["uid"].as_string() == review["request"]["uid"].as_string());
  const bool allowed = response["allowed"].as_bool();
  SEAWORTHY_CHECK(allowed == response["status"]["message"].as_string().empty());
  SEAWORTHY_CHECK(allowed || endpoint == Endpoint::kValidate);
  for (const Node& warning : response["warnings"].items()) {
    SEAWORTHY_CHECK(code_point_count(warning.as_string()) <= limits::kWarningCodePointsMax);
    SEAWORTHY_CHECK(std::ranges::none_of(
        warning.as_string(), [](char byte) { return static_cast<unsigned char>(byte) < 0x20; }));
  }
  SEAWORTHY_CHECK(response.has("patch") == response.has("patchType"));
  if (response.has("patch")) {
    SEAWORTHY_CHECK(endpoint == Endpoint::kMutate);
    const std::string text = admission::from_base64(response["patch"].as_string());
    SEAWORTHY_CHECK(admission::to_base64(text) == response["patch"].as_string());
    const auto array = document::parse_json(text, arena);
    SEAWORTHY_CHECK(array.has_value());
    const auto patch = document::read_patch(*array);
    SEAWORTHY_CHECK(patch.has_value() && !patch->empty());
    SEAWORTHY_CHECK(document::apply(*patch, review["request"]["object"], arena).has_value());
  }
}

void send(Server& server, std::string_view body, Endpoint endpoint) {
  // The contract of the body: bytes that may be read behind it.
  std::string padded(body);
  padded.resize(body.size() + 64);
  const server::WebhookRequest request{
      .endpoint = endpoint,
      .filter = server::PolicyFilter::kAll,
      .body = std::string_view(padded).substr(0, body.size()),
      .deadline = server.clock.monotonic() + std::chrono::seconds(9)};
  const auto reply = server.webhook.handle(request);
  server::Webhook other(production_policies(), server.settings, server.log, server.metrics,
                        server.clock);
  const auto other_reply = other.handle(request);
  SEAWORTHY_CHECK(reply.status == other_reply.status);
  SEAWORTHY_CHECK(reply.body == other_reply.body);
  Arena arena;
  const auto answer = document::parse_json(reply.body, arena);
  SEAWORTHY_CHECK(answer.has_value());
  if (reply.status != 200) {
    SEAWORTHY_CHECK(reply.status == 400);
    SEAWORTHY_CHECK((*answer)["kind"].as_string() == "Status");
    SEAWORTHY_CHECK((*answer)["code"].as_int() == reply.status);
    SEAWORTHY_CHECK(!(*answer)["message"].as_string().empty());
    return;
  }
  const auto review = document::parse_json(body, arena);
  // In what nobody asks for only brackets are looked at, so the body may be no JSON.
  if (review) {
    look_at_response(*review, (*answer)["response"], endpoint, arena);
  }
}

}  // namespace

void review(const std::uint8_t* data, std::size_t size) {
  using policy::Mode;
  using policy::RemedyLevel;
  static Server denying({.mode = Mode::kDeny,
                         .remedy = RemedyLevel::kApply,
                         .deny_from = policy::Severity::kLow,
                         .dry_run = false});
  static Server warning({.mode = Mode::kWarn,
                         .remedy = RemedyLevel::kSuggest,
                         .deny_from = policy::Severity::kMedium,
                         .dry_run = false});
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  send(denying, body, Endpoint::kMutate);
  send(denying, body, Endpoint::kValidate);
  send(warning, body, Endpoint::kValidate);
}

}  // namespace seaworthy::fuzz
