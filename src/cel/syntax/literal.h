#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace seaworthy::cel {

/// The text of a string or bytes literal (its token without the `b`), quotes and escapes removed
/// and line ends made
/// "\n". Rule: cel-go parser/unescape.go. The error is the message of the issue.
std::expected<std::string, std::string> unescape(std::string_view token, bool is_bytes);

/// The value of a NUM_INT token, `negative` where a minus sign belongs to it. Error: does not fit.
std::expected<std::int64_t, std::string> read_int(std::string_view token, bool negative);
/// The value of a NUM_UINT token, its `u` included.
std::expected<std::uint64_t, std::string> read_uint(std::string_view token);
std::expected<double, std::string> read_double(std::string_view token, bool negative);

}  // namespace seaworthy::cel
