// Wires everything, in reading order: clock and log, policies, webhook, server. Nothing here is
// global.
#include "cli/serve.h"

#include <algorithm>
#include <csignal>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "cli/reload.h"
#include "seaworthy/cli/version.h"
#include "seaworthy/observe/log.h"
#include "seaworthy/observe/log_queue.h"
#include "seaworthy/observe/metrics.h"
#include "seaworthy/server/readiness.h"
#include "seaworthy/server/server.h"
#include "seaworthy/server/webhook.h"
#include "seaworthy/system/file_watcher.h"
#include "seaworthy/system/process.h"
#include "seaworthy/system/signal_watcher.h"

namespace seaworthy::cli {
namespace {

void add_duration(CLI::App& command, const std::string& flag, std::chrono::milliseconds& target,
                  const std::string& help) {
  command
      .add_option_function<double>(
          flag,
          [&target](const double& seconds) {
            target = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
          },
          help)
      ->transform(
          CLI::AsNumberWithUnit(std::map<std::string, double>{{"s", 1}, {"ms", 0.001}, {"m", 60}},
                                CLI::AsNumberWithUnit::CASE_INSENSITIVE, "TIME"))
      ->check(CLI::Range(0.0, 3600.0).description(""))
      ->type_name("TIME")
      ->default_str(
          fmt::format("{}s", std::chrono::duration_cast<std::chrono::seconds>(target).count()));
}

/// Errors of flags are the caller's usage, not a state that may pass.
std::vector<std::string> flag_errors(const LoadedPolicies& loaded) {
  std::vector<std::string> errors;
  for (const auto& diagnostic : loaded.set->diagnostics()) {
    if (diagnostic.file == "<flags>") {
      errors.push_back(diagnostic.message);
    }
  }
  return errors;
}

server::ServerOptions server_options(const ServeOptions& options) {
  server::ServerOptions server;
  server.listen = options.listen;
  server.health_listen = options.health_listen;
  server.certificate_path = options.tls_cert;
  server.key_path = options.tls_key;
  if (!options.tls_sans.empty()) {
    server.names = options.tls_sans;
  }
  server.ca_path = options.ca_out;
  server.lame_duck = options.lame_duck;
  server.drain_timeout = options.drain_timeout;
  server.threads = options.threads;
  return server;
}

}  // namespace

void add_serve(CLI::App& app, ServeOptions& options) {
  auto* command =
      app.add_subcommand("serve", "Answers the API server's admission webhooks until SIGTERM");
  command->footer(
      "POST /validate and /mutate over TLS on --listen; /metrics, /livez and /readyz on "
      "--health-listen. Out of the box it "
      "audits and suggests: installing it changes nothing.");
  command
      ->add_option("--listen", options.listen,
                   "Where reviews are answered; port 0 takes a free one and logs it")
      ->type_name("ADDR:PORT")
      ->capture_default_str();
  command->add_option("--health-listen", options.health_listen, "Where health and metrics are")
      ->type_name("ADDR:PORT")
      ->capture_default_str();
  auto* cert = command->add_option("--tls-cert", options.tls_cert, "Certificate chain (PEM)")
                   ->type_name("FILE");
  auto* key = command->add_option("--tls-key", options.tls_key, "Its key (PEM)")->type_name("FILE");
  cert->needs(key);
  key->needs(cert);
  auto* sans = command
                   ->add_option("--tls-san", options.tls_sans,
                                "A name or address for the certificate that is made where none is "
                                "given; may be repeated")
                   ->allow_extra_args(false)
                   ->type_name("NAME");
  auto* ca = command
                 ->add_option("--ca-out", options.ca_out,
                              "Where the made certificate's authority is written to (PEM)")
                 ->type_name("FILE");
  sans->excludes(cert);
  ca->excludes(cert);
  options.policy.add_to(*command, {});
  command->add_flag("--dry-run", options.policy.settings.dry_run,
                    "Judge and report; neither patch, warn nor refuse");
  command->add_flag("--allow-broken-policies", options.allow_broken_policies,
                    "Be ready although policies could not be read or compiled");
  add_duration(*command, "--lame-duck", options.lame_duck, "How long to serve on after SIGTERM");
  add_duration(*command, "--drain-timeout", options.drain_timeout,
               "How long to wait for the last connections then");
  command
      ->add_option("--threads", options.threads,
                   "Threads that answer reviews (default: one a processor)")
      ->type_name("N")
      ->check(CLI::Range(1U, 1024U).description(""));
  command->add_option("--log-level", options.log_level, "Lowest level that is logged")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}).description(""))
      ->type_name("debug|info|warn|error")
      ->capture_default_str();
}

ExitCode serve(const ServeOptions& options, const World& world) {
  auto signals = system::SignalWatcher::make();
  if (!signals) {
    world.err(fmt::format("seaworthy: {}\n", signals.error().message));
    return ExitCode::kUsage;
  }
  observe::Metrics metrics(kVersion);
  observe::LogQueue sink(STDERR_FILENO, metrics);
  observe::Log log(sink, *world.clock,
                   observe::parse_log_level(options.log_level).value_or(observe::LogLevel::kInfo));
  system::raise_open_files_limit();

  const auto policy_files = policy_paths(options.policy);
  const auto policies_before = system::fingerprint(policy_files);
  const auto loaded = load(options.policy, *world.files, world.clock->now());
  if (const auto errors = flag_errors(loaded); !errors.empty()) {
    world.err(fmt::format("seaworthy: {}\n", fmt::join(errors, "\nseaworthy: ")));
    return ExitCode::kUsage;
  }
  server::Readiness readiness;
  PolicyReload policies({.options = options.policy,
                         .allow_broken = options.allow_broken_policies,
                         .files = *world.files,
                         .readiness = readiness,
                         .log = log,
                         .metrics = metrics,
                         .clock = world.clock});
  const auto reason = policies.begin(loaded);

  server::Webhook webhook(loaded.set, options.policy.settings, log, metrics, *world.clock);
  const server::ServerParts parts{.handler = webhook,
                                  .readiness = readiness,
                                  .files = *world.files,
                                  .clock = *world.clock,
                                  .log = log,
                                  .metrics = metrics};
  std::vector<std::string> certificate_files;
  if (!options.tls_cert.empty()) {
    certificate_files = {options.tls_cert, options.tls_key};
  }
  const auto certificate_before = system::fingerprint(certificate_files);
  auto server = server::Server::start(server_options(options), parts);
  if (!server) {
    world.err(fmt::format("seaworthy: {}\n", server.error().message));
    return ExitCode::kUsage;
  }
  const auto& settings = options.policy.settings;
  const auto* enforcement = loaded.set->enforcement();
  log.info(readiness.ready() ? "ready" : "not ready",
           {{"version", kVersion},
            {"policies", loaded.set->policies().size() + loaded.set->admission_policies().size()},
            {"set_aside", loaded.set->set_aside().size()},
            {"enforcements", enforcement == nullptr ? 0 : enforcement->documents.size()},
            {"exceptions", enforcement == nullptr ? 0 : enforcement->exceptions.size()},
            {"mode", policy::word_of(settings.mode)},
            {"remedy", policy::word_of(settings.remedy)},
            {"deny_from", policy::word_of(settings.deny_from)},
            {"dry_run", settings.dry_run},
            {"reason", reason}});
  CertificateReload certificate(log, metrics);
  std::vector<system::FileWatch> watches;
  if (!policy_files.empty()) {
    watches.push_back({policy_files, policies_before, [&] { return policies.reload(webhook); }});
  }
  if (!certificate_files.empty()) {
    watches.push_back(
        {certificate_files, certificate_before, [&] { return certificate.reload(**server); }});
  }
  system::FileWatcherOptions watching;
  watching.trouble = [&log](const std::string& text) {
    log.warn("changes of files are only seen every few seconds", {{"reason", text}});
  };
  system::FileWatcher watcher(std::move(watches), std::move(watching));
  (*signals)->on_hangup([&watcher, &log] {
    log.info("asked to load again", {{"signal", SIGHUP}});
    watcher.call_all();
  });
  return (*server)->run(**signals) ? ExitCode::kOk : ExitCode::kDenied;
}

}  // namespace seaworthy::cli
