#pragma once

#include <span>

#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// `'%s is %d'.format([a, b])`: cel-go's first formatter (ext/formatting.go), which string
/// extensions version 2 use.
Value format_string(std::span<const Value> arguments, Evaluation& evaluation);

}  // namespace seaworthy::cel
