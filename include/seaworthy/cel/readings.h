#pragma once

#include <string_view>
#include <vector>

#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"

namespace seaworthy::cel {

/// What an expression reads at one place: a variable, and the names below it as far as they are
/// constants. Lifetime: the program's.
struct Reading {
  Slot slot = 0;
  std::vector<std::string_view> path;
  bool only_asked = false;  ///< By has(): the value itself is not read.
};

/// Everything that the expression reads, in the order in which it is evaluated. Variables of macros
/// are none.
std::vector<Reading> readings_of(const Program& program);

}  // namespace seaworthy::cel
