#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seaworthy::cel::names {

// Each answers what is wrong with `text`; nothing where it is right.

using Messages = std::vector<std::string>;

Messages dns1123_label(std::string_view text);
Messages dns1123_subdomain(std::string_view text);
Messages dns1035_label(std::string_view text);
Messages qualified_name(std::string_view text);  ///< A label's key.
Messages label_value(std::string_view text);

}  // namespace seaworthy::cel::names
