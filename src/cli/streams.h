#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "seaworthy/base/clock.h"
#include "seaworthy/base/file_system.h"

namespace seaworthy::cli {

/// What a command touches of the world, handed in so that tests keep it in memory.
struct World {
  FileSystem* files = nullptr;
  const Clock* clock = nullptr;
  std::function<Result<std::string>()> read_stdin;
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> err;
  /// What has come of standard input since the last call, once there is something; empty at its
  /// end.
  std::function<Result<std::string>()> read_some = {};
  /// Hands what `out` got to whoever reads it.
  std::function<void()> flush = {};
  /// Standard error is a terminal: what comes and goes may be shown there.
  bool is_terminal = false;
};

}  // namespace seaworthy::cli
