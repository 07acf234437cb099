#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/policy_options.h"
#include "cli/streams.h"

namespace CLI {
class App;
}

namespace seaworthy::cli {

struct TestOptions {
  PolicyOptions policy;
  std::vector<std::string> inputs;  ///< Files and folders with PolicyTest documents.
  std::string output = "text";      ///< text | junit
  bool require_coverage = false;

  void add_to(CLI::App& app);
};

/// `seaworthy test`: runs the tests that policies carry and PolicyTest documents, through the code
/// path of `check` and the server.
ExitCode test(const TestOptions& options, const World& world);

}  // namespace seaworthy::cli
