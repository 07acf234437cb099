#pragma once

#include "cli/exit_code.h"
#include "cli/policy_options.h"
#include "cli/streams.h"

namespace seaworthy::cli {

/// `seaworthy test`: runs the tests that policies carry, through the code path of `check`.
ExitCode test(const PolicyOptions& options, const World& world);

}  // namespace seaworthy::cli
