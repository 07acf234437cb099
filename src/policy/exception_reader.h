#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "policy/fields.h"
#include "policy/pattern_reader.h"
#include "seaworthy/policy/exception.h"

namespace seaworthy::policy {

/// Reads a PolicyException; mistakes are reported. It is complete only where none was. `now`: what
/// has expired is warned of.
PolicyException read_exception(const ReadContext& context, const document::Node& metadata,
                               const document::Node& spec, const KnownNames& known,
                               std::optional<std::chrono::system_clock::time_point> now);

/// An RFC 3339 time such as 2027-01-31T00:00:00Z, to the second. Nothing where it is none.
std::optional<std::chrono::sys_seconds> parse_time(std::string_view text);

/// An entry of `images`. Nothing where it is none.
std::optional<ImagePattern> parse_image_pattern(std::string_view text);

}  // namespace seaworthy::policy
