#pragma once

#include <optional>
#include <string_view>

#include "seaworthy/document/node.h"

namespace seaworthy::document {

/// The number that a JSON number's text means; nothing where it is over double.
std::optional<Node> json_number(std::string_view digits);

}  // namespace seaworthy::document
