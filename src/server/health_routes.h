#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "seaworthy/net/http_server.h"
#include "seaworthy/observe/metrics.h"
#include "seaworthy/server/readiness.h"
#include "server/phase.h"

namespace seaworthy::server {

/// The health listener: `/livez`, `/readyz` (with `?verbose` every condition) and `/metrics`.
class HealthRoutes final : public net::HttpHandler {
 public:
  /// How long the worker that has been silent for longest has owed a sign of life.
  using Silence = std::function<std::chrono::steady_clock::duration()>;

  HealthRoutes(const Readiness& readiness, const SharedPhase& phase, observe::Metrics& metrics,
               Silence silence)
      : readiness_(readiness), phase_(phase), metrics_(metrics), silence_(std::move(silence)) {}

  void handle(const net::HttpRequest& request, net::HttpResponse& response) override;

 private:
  void answer_alive(net::HttpResponse& response) const;
  void answer_ready(const net::HttpRequest& request, net::HttpResponse& response) const;
  void answer_metrics(net::HttpResponse& response) const;

  const Readiness& readiness_;
  const SharedPhase& phase_;
  observe::Metrics& metrics_;
  Silence silence_;
};

}  // namespace seaworthy::server
