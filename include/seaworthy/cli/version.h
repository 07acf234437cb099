#pragma once

namespace seaworthy::cli {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace seaworthy::cli
