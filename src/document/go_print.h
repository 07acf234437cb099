#pragma once

#include <string>
#include <string_view>

#include "seaworthy/document/structured_merge.h"

namespace seaworthy::document {

// A value of a tree as Go's fmt prints it.

/// strconv.Quote.
std::string go_quoted(std::string_view text);
/// `%v` of a float64.
std::string go_number(double value);
/// `%v`: "map[a:1]", "[1 2]", "<nil>".
std::string go_text(const UntypedTree& tree, const Node& node);
/// `%#v`: `map[string]interface {}{"a":1}`.
std::string go_source(const UntypedTree& tree, const Node& node);
/// `%T`.
std::string go_type(const UntypedTree& tree, const Node& node);

}  // namespace seaworthy::document
