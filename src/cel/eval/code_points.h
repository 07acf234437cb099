#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "seaworthy/base/text.h"

namespace seaworthy::cel {

/// code_point_count, faster where there is nothing but ASCII: costs ask for it all the time.
inline std::uint64_t code_points(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::uint64_t seen = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    seen |= word;
  }
  for (; at < text.size(); ++at) {
    seen |= static_cast<unsigned char>(text[at]);
  }
  return (seen & kHighBits) == 0 ? text.size() : code_point_count(text);
}

}  // namespace seaworthy::cel
