#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/eval.h"
#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {

/// What a run of `seaworthy eval` left behind.
struct EvalRun {
  ExitCode code = ExitCode::kOk;
  std::string out;
  std::string err;
  int flushes = 0;
};

/// `piece`: how much of `input` each read gets.
inline EvalRun run_eval(const EvalOptions& options, FileSystem& files,
                        const std::string& input = "", std::size_t piece = 65536) {
  testing::FakeClock clock;
  EvalRun run;
  std::size_t at = 0;
  const World world{.files = &files,
                    .clock = &clock,
                    .read_stdin = [&]() -> Result<std::string> { return input; },
                    .out = [&](std::string_view text) { run.out += text; },
                    .err = [&](std::string_view text) { run.err += text; },
                    .read_some = [&]() -> Result<std::string> {
                      std::string got = input.substr(at, piece);
                      at += got.size();
                      return got;
                    },
                    .flush = [&] { ++run.flushes; }};
  run.code = eval(options, world);
  return run;
}

}  // namespace seaworthy::cli
