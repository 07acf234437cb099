#pragma once

#include <cstdint>

namespace seaworthy::bench {

/// How often operator new was called in this process.
std::uint64_t allocations();

}  // namespace seaworthy::bench
