#pragma once

#include <nlohmann/json_fwd.hpp>

#include "seaworthy/base/arena.h"
#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// A value of the conformance data ({"int": "1"}, {"list": […]} …). Lifetime: the arena's.
Value decode(const nlohmann::json& encoded, Arena& arena);

/// The same form of a value, as print_tagged makes it.
nlohmann::json encode(const Value& value);

/// Whether two encoded values are the same: maps without order, NaN like NaN, opaque values by
/// their type.
bool same_value(const nlohmann::json& a, const nlohmann::json& b);

}  // namespace seaworthy::cel
