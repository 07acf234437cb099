#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "seaworthy/base/result.h"

namespace seaworthy::policy {

/// What a gzip stream (RFC 1952) holds, of all of its members. Errors: kInvalid (no gzip, cut off,
/// a wrong checksum), kOverLimit (more than limits::kFunctionResultBytesMax).
/// `made`: how many bytes came of it, also where it failed.
Result<std::string> gunzip(std::string_view bytes, std::size_t& made);

/// The text as a gzip stream, stored without compression and without a time: the same each time.
std::string gzip(std::string_view text);

}  // namespace seaworthy::policy
