#pragma once

#include <cstdint>
#include <set>
#include <string>

namespace seaworthy::translate {

/// Why an API server of this minor version does not take a new expression with these features
/// (cel::Survey); empty where it does.
std::string unavailable(const std::set<std::string>& features, std::int64_t minor);

}  // namespace seaworthy::translate
