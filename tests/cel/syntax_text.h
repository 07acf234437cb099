#pragma once

#include <string>

#include "cel/syntax/ast.h"

namespace seaworthy::cel {

/// A tree in one line, for comparing: `_+_(1, a.b)`, `[?a]`, `all(x in l: x)`, `map(i, v in l if p:
/// e)`.
std::string to_text(const Ast& ast);

}  // namespace seaworthy::cel
