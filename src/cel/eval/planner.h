#pragma once

#include <memory>
#include <string>

#include "cel/check/checker.h"
#include "cel/lib/pattern_cache.h"
#include "seaworthy/cel/environment.h"

namespace seaworthy::cel {

struct Plan {
  std::shared_ptr<const Program> program;
  std::vector<Issue> issues;  ///< What only shows when a program is made: a constant conversion
                              ///< that fails (cel.md section 4).
};

/// Makes the program of a checked expression. `patterns`: what its environment keeps.
Plan plan(CheckResult checked, std::string expression, std::shared_ptr<PatternCache> patterns);

}  // namespace seaworthy::cel
