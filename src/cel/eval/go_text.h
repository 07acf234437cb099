#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

// Text as Go prints it, where cel-go's results and errors show it.

/// `%g` with the shortest digits: "1e+21", "0.5", "NaN", "+Inf".
void append_go_g(double value, std::string& out);
/// strconv.FormatFloat(value, 'f', -1, 64): the shortest digits, never an exponent.
void append_go_f(double value, std::string& out);
/// `%.<precision>f`; NaN and infinities as `%f` prints them.
void append_go_fixed(double value, int precision, std::string& out);
/// `%q`: strconv.Quote.
void append_go_quoted(std::string_view text, std::string& out);
/// `%v` of a value: what errors such as "no such key: %v" show.
void append_go_value(const Value& value, std::string& out);
/// `%T` of a value: "types.String".
std::string_view go_type_name(const Value& value);

/// time.Time's String(): "2024-01-01 00:00:00.5 +0530 +0530".
void append_go_time(const Value& timestamp, std::string& out);
/// time.Duration's String(): "1h30m0s".
void append_go_duration(std::int64_t nanoseconds, std::string& out);
/// A duration as `string()` says it: "5400s", "0.5s".
void append_duration_seconds(std::int64_t nanoseconds, std::string& out);
/// RFC 3339 with the fraction's trailing zeros left out, in the timestamp's own zone.
void append_timestamp(const Value& timestamp, std::string& out);

}  // namespace seaworthy::cel
