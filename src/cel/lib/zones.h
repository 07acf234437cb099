#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace seaworthy::cel {

/// Seconds east of UTC of an IANA zone at a moment (seconds since 1970); nothing where there is no
/// such zone. Names are case-sensitive; only the embedded zones count, whatever the machine has.
/// Shared by threads.
std::optional<std::int64_t> zone_offset(std::string_view name, std::int64_t moment);

}  // namespace seaworthy::cel
