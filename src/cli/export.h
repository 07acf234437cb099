#pragma once

#include <cstdint>

#include "cli/exit_code.h"
#include "cli/policy_options.h"
#include "cli/streams.h"

namespace CLI {
class App;
}

namespace seaworthy::cli {

/// `seaworthy export`: native policies as the platform's own.
struct ExportOptions {
  PolicyOptions policy;
  std::int64_t minor = 36;  ///< `--kube-version`
  bool mutating = false;

  void add_to(CLI::App& app);
};

/// Prints YAML; says on standard error what is left out and why, rule by rule. Exit code: 0 also
/// where something is left out, 2 where policies could not be read.
ExitCode export_policies(const ExportOptions& options, const World& world);

}  // namespace seaworthy::cli
