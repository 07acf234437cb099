#pragma once

#include <string>
#include <utility>

#include "cli/command_run.h"
#include "cli/fix.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {

/// `seaworthy fix` with the settings that its flags begin with.
inline Run run_fix(testing::MemoryFileSystem& files, FixOptions options,
                   const std::string& input = "") {
  options.policy.settings.mode = policy::Mode::kDeny;
  options.policy.settings.remedy = options.policy.settings.remedy == policy::RemedyLevel::kSafe
                                       ? policy::RemedyLevel::kSafe
                                       : policy::RemedyLevel::kApply;
  return run_command(files, [&](const World& world) { return fix(options, world); }, input);
}

}  // namespace seaworthy::cli
