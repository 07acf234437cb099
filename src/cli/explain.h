#pragma once

#include <string>

#include "cli/exit_code.h"
#include "cli/policy_options.h"
#include "cli/streams.h"

namespace CLI {
class App;
}

namespace seaworthy::cli {

struct ExplainOptions {
  PolicyOptions policy;
  std::string name;  ///< Empty: all are listed.

  void add_to(CLI::App& app);
};

/// `seaworthy explain`: what a policy asks for, why, and how to fix what it finds.
ExitCode explain(const ExplainOptions& options, const World& world);

}  // namespace seaworthy::cli
