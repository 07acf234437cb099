#pragma once

#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "cli/streams.h"
#include "support/fake_clock.h"

namespace seaworthy::cli {

/// What a command printed, and how it ended.
struct Run {
  ExitCode code = ExitCode::kOk;
  std::string out;
  std::string err;
};

/// Runs `command(world)` over these files. `input`: its standard input.
template <class Command>
Run run_command(FileSystem& files, const Command& command, const std::string& input = "",
                const Clock& clock = testing::FakeClock()) {
  Run run;
  run.code = command(World{.files = &files,
                           .clock = &clock,
                           .read_stdin = [&]() -> Result<std::string> { return input; },
                           .out = [&](std::string_view text) { run.out += text; },
                           .err = [&](std::string_view text) { run.err += text; }});
  return run;
}

}  // namespace seaworthy::cli
