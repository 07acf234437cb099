#pragma once

namespace seaworthy::cli {

/// Rule: DESIGN section 6.
enum class ExitCode : int {
  kOk = 0,      ///< Nothing denied.
  kDenied = 1,  ///< Something denied, or a test that failed.
  kUsage = 2,   ///< A wrong flag, or an input or policies that could not be read.
};

}  // namespace seaworthy::cli
