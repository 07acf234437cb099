#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "seaworthy/engine/coverage.h"

namespace seaworthy::cli {

/// One test that was run.
struct TestRecord {
  std::string suite;  ///< The policy whose test it is, or the PolicyTest's name.
  std::string name;
  std::string file;
  std::uint32_t line = 0;
  std::vector<std::string> failures;  ///< None: it passed.
  bool can_run = true;
  std::chrono::nanoseconds time{0};
};

struct TestReport {
  std::vector<TestRecord> records;    ///< Those of one suite follow each other.
  std::vector<std::string> policies;  ///< That were tested.
  std::vector<engine::Coverage::Gap> gaps;
  bool require_coverage = false;
  std::optional<std::chrono::system_clock::time_point> started = {};

  [[nodiscard]] std::size_t failed() const;
};

/// What failed, a line each; which policies lack a test; counts.
std::string print_text(const TestReport& report);

/// A suite for each policy and PolicyTest; where coverage is required, one more with a case for
/// each policy.
std::string print_junit(const TestReport& report);

}  // namespace seaworthy::cli
