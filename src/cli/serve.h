#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/policy_options.h"
#include "cli/streams.h"

namespace CLI {
class App;
}

namespace seaworthy::cli {

struct ServeOptions {
  PolicyOptions policy;
  std::string listen = ":8443";
  std::string health_listen = ":8080";
  std::string tls_cert;
  std::string tls_key;
  std::vector<std::string> tls_sans;
  std::string ca_out;
  bool allow_broken_policies = false;
  std::chrono::milliseconds lame_duck{10'000};
  std::chrono::milliseconds drain_timeout{10'000};
  std::uint32_t threads = 0;  ///< 0: one a processor.
  std::string log_level = "info";
};

void add_serve(CLI::App& app, ServeOptions& options);

/// `seaworthy serve`: answers the API server's admission webhooks until SIGTERM.
ExitCode serve(const ServeOptions& options, const World& world);

}  // namespace seaworthy::cli
