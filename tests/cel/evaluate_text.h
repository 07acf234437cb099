#pragma once

#include <string>
#include <string_view>

namespace seaworthy::cel {

/// What an expression over `object` (JSON) comes to, with its cost:
/// "int 3 for 2", "error no such key: x for 2", "refused: undeclared reference to 'x' …".
std::string evaluate_text(std::string_view expression, std::string_view object);

/// The same of an expression that is not checked.
std::string evaluate_unchecked_text(std::string_view expression, std::string_view object);

}  // namespace seaworthy::cel
