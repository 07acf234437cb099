// The texts of /readyz are those of Kubernetes' own servers: "[+]name ok" and "[-]name failed:
// reason" (apiserver pkg/server/healthz).
#include "server/health_routes.h"

#include <string>

#include "seaworthy/base/limits.h"
#include "seaworthy/system/process.h"

namespace seaworthy::server {

void HealthRoutes::handle(const net::HttpRequest& request, net::HttpResponse& response) {
  response.content_type = "text/plain; charset=utf-8";
  const bool known =
      request.path == "/livez" || request.path == "/readyz" || request.path == "/metrics";
  if (!known) {
    response.status = 404;
    response.body = "There is nothing at this path; see /livez, /readyz and /metrics.\n";
  } else if (request.method != "GET" && request.method != "HEAD") {
    response.status = 405;
    response.fields.emplace_back("Allow", "GET, HEAD");
    response.body = "Only GET and HEAD are for this path.\n";
  } else if (request.path == "/readyz") {
    answer_ready(request, response);
  } else if (request.path == "/metrics") {
    answer_metrics(response);
  } else {
    answer_alive(response);
  }
}

/// Only a restart helps a worker that is stuck; nothing else makes a server not alive.
void HealthRoutes::answer_alive(net::HttpResponse& response) const {
  const auto silence = silence_();
  if (silence <= limits::kWorkerSilenceMax) {
    response.body = "ok\n";
    return;
  }
  response.status = 503;
  response.body =
      "[-]workers failed: one has not answered for " +
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(silence).count()) +
      " s\nlivez check failed\n";
}

void HealthRoutes::answer_ready(const net::HttpRequest& request,
                                net::HttpResponse& response) const {
  const bool stopping = phase_ != Phase::kServing;
  std::string lines = stopping ? "[-]shutdown failed: the server is shutting down\n" : "";
  bool ready = !stopping;
  for (const Readiness::Condition& condition : readiness_.conditions()) {
    if (condition.reason.empty()) {
      lines += "[+]" + condition.name + " ok\n";
    } else {
      lines += "[-]" + condition.name + " failed: " + condition.reason + "\n";
      ready = false;
    }
  }
  const bool verbose = request.query.find("verbose") != std::string_view::npos;
  response.status = ready ? 200 : 503;
  if (ready) {
    response.body = verbose ? lines + "readyz check passed\n" : "ok\n";
  } else {
    response.body = lines + "readyz check failed\n";
  }
}

void HealthRoutes::answer_metrics(net::HttpResponse& response) const {
  metrics_.set_ready(readiness_.ready() && phase_ == Phase::kServing);
  metrics_.set_process(system::resident_bytes(), system::process_start());
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = metrics_.text();
}

}  // namespace seaworthy::server
