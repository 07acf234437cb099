#pragma once

#include <string>

#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

/// Appends `value` as JSON that keeps what JSON does not tell apart: an object with one key, its
/// type, and numbers as strings: {"int":"1"}, {"uint":"1"}, {"double":"1.0"}, {"bytes":"ff00"},
/// {"list":[…]}, {"map":[[key,value],…]} sorted by the keys' text, {"type":"int"},
/// {"timestamp":{"n":0,"s":"0"}}, {"duration":{"n":0,"s":"0"}}, {"optional":null},
/// {"opaque":{"go":"1Gi","type":"kubernetes.Quantity"}}, {"error":"…"}. Doubles as Go's
/// strconv.FormatFloat(x, 'g', -1, 64) prints them, with ".0" where nothing else says that it is
/// one; "NaN", "Infinity", "-Infinity".
void print_tagged(const Value& value, std::string& out);

}  // namespace seaworthy::cel
