#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "cli/streams.h"

namespace seaworthy::cli {

/// A line on a terminal that says how far a long command is: only where standard error is one, and
/// only once it has taken a while.
class Progress {
 public:
  /// `what`: "files".
  Progress(const World& world, std::string what, std::size_t total);

  ~Progress() { hide(); }

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(std::size_t done);
  /// Takes the line away until the next step: before anything else is printed.
  void hide();

 private:
  const World* world_;
  std::string what_;
  std::size_t total_;
  std::chrono::steady_clock::time_point next_;
  bool is_shown_ = false;
};

}  // namespace seaworthy::cli
