#pragma once

#include <string_view>
#include <vector>

#include "cel/syntax/token.h"
#include "seaworthy/cel/environment.h"

namespace seaworthy::cel {

struct LexResult {
  std::vector<Token> tokens;  ///< Ends with kEnd. White space and comments are left out.
  std::vector<Issue> issues;
  std::vector<Token> skipped;  ///< What is no token, as the issues say.
};

/// Cuts an expression into tokens. What is no token is reported and skipped: "Syntax error: token
/// recognition error at:
/// '@'". `source` must be valid UTF-8.
LexResult lex(std::string_view source);

}  // namespace seaworthy::cel
