#pragma once

#include <memory>
#include <string>

#include "cel/check/checker.h"
#include "seaworthy/cel/environment.h"

namespace seaworthy::cel {

struct Plan {
  std::shared_ptr<const Program> program;
  std::vector<Issue> issues;  ///< What only shows when a program is made: a constant conversion
                              ///< that fails (cel.md section 4).
};

/// Makes the program of a checked expression.
Plan plan(CheckResult checked, std::string expression);

}  // namespace seaworthy::cel
