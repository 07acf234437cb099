#pragma once

#include <string>
#include <utility>

#include "cli/fix.h"
#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {

struct FixRun {
  ExitCode code = ExitCode::kOk;
  std::string out;
  std::string err;
};

/// `seaworthy fix` with the settings that its flags begin with.
inline FixRun run_fix(testing::MemoryFileSystem& files, FixOptions options,
                      const std::string& input = "") {
  const testing::FakeClock clock;
  FixRun run;
  options.policy.settings.mode = policy::Mode::kDeny;
  options.policy.settings.remedy = options.policy.settings.remedy == policy::RemedyLevel::kSafe
                                       ? policy::RemedyLevel::kSafe
                                       : policy::RemedyLevel::kApply;
  run.code = fix(options, World{.files = &files,
                                .clock = &clock,
                                .read_stdin = [&]() -> Result<std::string> { return input; },
                                .out = [&](std::string_view text) { run.out += text; },
                                .err = [&](std::string_view text) { run.err += text; }});
  return run;
}

}  // namespace seaworthy::cli
