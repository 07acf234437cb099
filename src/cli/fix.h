#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/policy_options.h"
#include "cli/streams.h"

namespace seaworthy::cli {

struct FixOptions {
  PolicyOptions policy;
  std::vector<std::string> inputs;  ///< Files, folders, "-".
  std::string output;               ///< "yaml": print the documents; empty: write the files.
  bool diff = false;                ///< Print what would change.
  bool warnings_as_errors = false;
  std::size_t threads = 0;  ///< 0: as many as there are processors.
};

/// `seaworthy fix`: writes into manifests what their policies would make of them.
ExitCode fix(const FixOptions& options, const World& world);

}  // namespace seaworthy::cli
