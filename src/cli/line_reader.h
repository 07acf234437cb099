#pragma once

#include <cstddef>
#include <string>

#include "cli/streams.h"
#include "seaworthy/base/result.h"

namespace seaworthy::cli {

/// Standard input line by line, holding one line and one read at most.
class LineReader {
 public:
  enum class Kind { kLine, kTooLong, kEnd };

  /// `bytes_max`: of a line.
  LineReader(const World& world, std::size_t bytes_max) : world_(&world), bytes_max_(bytes_max) {}

  /// Puts the next line into `line` without its end; of one that is too long nothing is kept. The
  /// last one need not end. Errors: what reading answers.
  Result<Kind> next(std::string& line);

  /// Whether the next line is here already, so that asking for it will not wait.
  [[nodiscard]] bool has_line() const { return buffer_.find('\n', at_) != std::string::npos; }

  /// Of the line that was answered last, 1-based.
  [[nodiscard]] std::size_t number() const { return number_; }

 private:
  const World* world_;
  std::size_t bytes_max_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
  bool ended_ = false;
};

}  // namespace seaworthy::cli
