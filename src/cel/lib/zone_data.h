#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace seaworthy::cel::zone_data {

// The zone files (RFC 8536) that the build embedded (cmake/zones.cmake), so that an image without
// any knows them. Links share their target's bytes.

struct Entry {
  std::string_view name;  ///< "Europe/Berlin".
  std::uint32_t offset;   ///< In bytes().
  std::uint32_t length;
};

/// Sorted by name.
std::span<const Entry> entries();
std::string_view bytes();

}  // namespace seaworthy::cel::zone_data
