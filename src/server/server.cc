// Puts the listeners together. Threads: `control` accepts for both listeners and answers the health
// one; each `worker` has its share of the admission connections and answers their reviews itself.
#include "seaworthy/server/server.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/net/certificate.h"
#include "seaworthy/net/event_loop.h"
#include "seaworthy/net/socket_address.h"
#include "seaworthy/net/tls_context.h"
#include "seaworthy/system/process.h"
#include "server/admission_routes.h"
#include "server/health_routes.h"
#include "server/phase.h"

namespace seaworthy::server {
namespace {

using std::chrono::milliseconds;

/// Of a made certificate: longer than any process runs, since a new one is made at each start.
constexpr std::chrono::days kMadeLifetime{3650};
/// A health request has no body to speak of.
constexpr std::size_t kHealthBodyBytesMax = std::size_t{64} * 1024;
/// Descriptors that are not connections: files, loops, listeners, the health listener's clients.
constexpr std::size_t kOtherDescriptors = 256;
constexpr milliseconds kDrainStep{20};

Result<net::SocketAddress> option_address(const char* option, const std::string& text) {
  auto address = net::parse_socket_address(text);
  if (!address) {
    return std::unexpected(address.error().in(option));
  }
  return address;
}

Result<net::Certificate> certificate_for(const ServerOptions& options, const ServerParts& parts) {
  if (options.certificate_path.empty() != options.key_path.empty()) {
    return fail(ErrorCode::kInvalid, "--tls-cert and --tls-key are given together");
  }
  if (!options.certificate_path.empty()) {
    auto loaded = net::load_certificate(parts.files, options.certificate_path, options.key_path);
    if (!loaded) {
      return std::unexpected(loaded.error().in("--tls-cert and --tls-key"));
    }
    return loaded;
  }
  auto made = net::make_certificate(options.names, parts.clock.now(), kMadeLifetime);
  if (!made) {
    return std::unexpected(made.error().in("--tls-san"));
  }
  if (!options.ca_path.empty()) {
    if (auto written = parts.files.write(options.ca_path, made->ca_pem); !written) {
      return std::unexpected(written.error().in("--ca-out"));
    }
  }
  parts.log.info("made a certificate", {{"names", fmt::format("{}", fmt::join(options.names, " "))},
                                        {"ca", options.ca_path}});
  return std::move(made->certificate);
}

/// Says what is wrong with a certificate that can be used all the same, and when it ends.
void tell(const net::Certificate& certificate, const ServerParts& parts) {
  for (const std::string& warning : net::certificate_warnings(certificate, parts.clock.now())) {
    parts.log.warn(warning);
  }
  parts.metrics.set_certificate_expiry(certificate.not_after);
}

}  // namespace

struct Server::Impl {
  Impl(const ServerOptions& server_options, const ServerParts& server_parts)
      : options(server_options),
        parts(server_parts),
        admission_routes(parts.handler, parts.readiness, phase),
        health_routes(parts.readiness, phase, parts.metrics, [this] { return silence(); }),
        control("control", parts.log) {}

  Result<void> listen();
  [[nodiscard]] std::chrono::steady_clock::duration silence() const;

  ServerOptions options;
  ServerParts parts;
  SharedPhase phase = Phase::kServing;
  AdmissionRoutes admission_routes;
  HealthRoutes health_routes;
  std::unique_ptr<net::TlsContext> tls;
  // In this order, so that listeners end before what they run on.
  net::EventLoop control;
  std::vector<std::unique_ptr<net::EventLoop>> workers;
  std::unique_ptr<net::HttpServer> admission;
  std::unique_ptr<net::HttpServer> health;
};

Result<void> Server::Impl::listen() {
  SEAWORTHY_TRY(net::SocketAddress address, option_address("--listen", options.listen));
  SEAWORTHY_TRY(net::SocketAddress health_address,
                option_address("--health-listen", options.health_listen));
  SEAWORTHY_TRY(const net::Certificate certificate, certificate_for(options, parts));
  tell(certificate, parts);
  SEAWORTHY_TRY(tls, net::TlsContext::make(certificate));

  std::vector<net::EventLoop*> loops;
  const std::size_t threads =
      options.threads == 0 ? system::available_processors() : options.threads;
  for (std::size_t i = 0; i < threads; ++i) {
    workers.push_back(std::make_unique<net::EventLoop>("worker-" + std::to_string(i), parts.log));
    loops.push_back(workers.back().get());
  }
  net::HttpServerOptions http = options.http;
  http.address = std::move(address);
  const std::size_t descriptors = system::raise_open_files_limit();
  http.connections_max = static_cast<std::uint32_t>(std::min<std::size_t>(
      http.connections_max,
      descriptors > 2 * kOtherDescriptors ? descriptors - kOtherDescriptors : kOtherDescriptors));
  SEAWORTHY_TRY(admission, net::HttpServer::start(http, control, loops, tls.get(), admission_routes,
                                                  parts.log, parts.metrics.listener("admission")));

  http.address = std::move(health_address);
  http.body_bytes_max = std::min(http.body_bytes_max, kHealthBodyBytesMax);
  http.unfinished_bytes_max = 0;  // Then it is what two such bodies need.
  http.connections_max = std::min<std::uint32_t>(http.connections_max, kOtherDescriptors / 2);
  http.queue_time_max = milliseconds(0);
  net::EventLoop* const control_loop = &control;
  SEAWORTHY_TRY(health,
                net::HttpServer::start(http, control, {&control_loop, 1}, nullptr, health_routes,
                                       parts.log, parts.metrics.listener("health")));
  return {};
}

std::chrono::steady_clock::duration Server::Impl::silence() const {
  std::chrono::steady_clock::duration longest{};
  for (const auto& worker : workers) {
    longest = std::max(longest, worker->silence());
  }
  return longest;
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options,
                                              const ServerParts& parts) {
  auto impl = std::make_unique<Impl>(options, parts);
  if (auto listening = impl->listen(); !listening) {
    return std::unexpected(listening.error());
  }
  parts.log.info("listening", {{"listener", "admission"},
                               {"address", net::to_string(impl->admission->address())},
                               {"threads", impl->workers.size()}});
  parts.log.info("listening",
                 {{"listener", "health"}, {"address", net::to_string(impl->health->address())}});
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::string Server::address() const { return net::to_string(impl_->admission->address()); }

std::string Server::health_address() const { return net::to_string(impl_->health->address()); }

Result<void> Server::reload_certificate() {
  if (impl_->options.certificate_path.empty()) {
    return {};
  }
  SEAWORTHY_TRY(const net::Certificate certificate, certificate_for(impl_->options, impl_->parts));
  if (auto replaced = impl_->tls->replace(certificate); !replaced) {
    return replaced;
  }
  tell(certificate, impl_->parts);
  return {};
}

bool Server::run(system::SignalWatcher& signals) {
  observe::Log& log = impl_->parts.log;
  const int signal = signals.wait();
  impl_->phase = Phase::kLameDuck;
  impl_->admission->close_after_responses();
  log.info(
      "shutting down",
      {{"signal", signal},
       {"lame_duck_seconds", std::chrono::duration<double>(impl_->options.lame_duck).count()},
       {"drain_seconds", std::chrono::duration<double>(impl_->options.drain_timeout).count()}});
  if (signals.wait(impl_->options.lame_duck)) {
    log.warn("ended by a second signal", {{"connections", impl_->admission->connections()}});
    return false;
  }
  impl_->phase = Phase::kDraining;
  impl_->admission->stop_accepting();
  const auto end = impl_->parts.clock.monotonic() + impl_->options.drain_timeout;
  while (impl_->admission->connections() > 0 && impl_->parts.clock.monotonic() < end) {
    if (signals.wait(kDrainStep)) {
      log.warn("ended by a second signal", {{"connections", impl_->admission->connections()}});
      return false;
    }
  }
  const std::size_t lost = impl_->admission->unanswered();
  log.info("stopped",
           {{"connections_closed", impl_->admission->connections()}, {"requests_cut_off", lost}});
  return lost == 0;
}

}  // namespace seaworthy::server
