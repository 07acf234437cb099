#pragma once

#include <string_view>

namespace seaworthy::cel {

/// Without white space at both ends. Rule: Unicode's White_Space, as Go's strings.TrimSpace.
std::string_view trim_space(std::string_view text);

}  // namespace seaworthy::cel
