#pragma once

#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/policy_options.h"
#include "cli/streams.h"

namespace seaworthy::cli {

struct CheckOptions {
  PolicyOptions policy;
  std::vector<std::string> inputs;  ///< Files, folders, "-".
  std::string output = "text";      ///< text | json | sarif | junit | github
  bool warnings_as_errors = false;
  std::size_t threads = 0;  ///< 0: as many as there are processors.
};

/// `seaworthy check`: judges manifests as the server would in the end.
ExitCode check(const CheckOptions& options, const World& world);

}  // namespace seaworthy::cli
