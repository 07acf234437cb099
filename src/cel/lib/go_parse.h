#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "seaworthy/cel/value.h"

namespace seaworthy::cel {

// Text as Go's standard library reads it.

/// time.ParseDuration: "1h30m", "-1.5s", "10µs"; nanoseconds.
std::optional<std::int64_t> parse_go_duration(std::string_view text);
/// time.Parse(time.RFC3339, …): a timestamp value in the zone that is written.
std::optional<Value> parse_rfc3339(std::string_view text);
/// strconv.ParseFloat(text, 64): decimal and hexadecimal forms, "Inf", "infinity", "NaN" in any
/// case; underscores are refused, what overflows too.
std::optional<double> parse_go_double(std::string_view text);
/// strconv.ParseInt(text, 10, 64): a sign may lead.
std::optional<std::int64_t> parse_go_int(std::string_view text);
/// strconv.ParseUint(text, 10, 64): no sign.
std::optional<std::uint64_t> parse_go_uint(std::string_view text);

}  // namespace seaworthy::cel
