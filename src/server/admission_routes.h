#pragma once

#include <chrono>
#include <string_view>

#include "seaworthy/net/http_server.h"
#include "seaworthy/server/readiness.h"
#include "seaworthy/server/webhook_handler.h"
#include "server/phase.h"

namespace seaworthy::server {

/// How long after its arrival a review has to be answered: of the `timeout` parameter ("10s", which
/// the API server has rounded up to whole seconds) the larger of all but a second and one half; of
/// ten seconds where there is none that makes sense.
/// Rule: webhook contract, 1.1 (admissionregistration allows 1 to 30 seconds).
[[nodiscard]] std::chrono::milliseconds time_to_answer(std::string_view timeout);

/// The admission listener: `POST /validate` and `/mutate`, each also with `/fail` and `/ignore`.
class AdmissionRoutes final : public net::HttpHandler {
 public:
  AdmissionRoutes(WebhookHandler& handler, const Readiness& readiness, const SharedPhase& phase)
      : handler_(handler), readiness_(readiness), phase_(phase) {}

  void handle(const net::HttpRequest& request, net::HttpResponse& response) override;
  bool wants_body(const net::HttpRequest& request, net::HttpResponse& response) override;
  void fail(int status, std::string_view reason, net::HttpResponse& response) override;

 private:
  struct Route;
  [[nodiscard]] const Route* admit(const net::HttpRequest& request, net::HttpResponse& response);

  WebhookHandler& handler_;
  const Readiness& readiness_;
  const SharedPhase& phase_;
};

}  // namespace seaworthy::server
