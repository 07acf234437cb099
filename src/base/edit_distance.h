#pragma once

#include <cstddef>
#include <string_view>

namespace seaworthy {

/// How many bytes are to be inserted, removed, replaced or swapped with their neighbour to make `b`
/// of `a`, no place twice; `limit + 1` where more than `limit`. Time: the product of the lengths,
/// or none where they differ by more than `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace seaworthy
