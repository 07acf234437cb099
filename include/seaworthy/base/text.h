#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace seaworthy {

/// Bytes of the UTF-8 sequence that starts at `at`; 1 where there is no valid one.
std::size_t utf8_length(std::string_view text, std::size_t at);

/// Rule: RFC 3629 (no surrogates, no overlong forms, nothing above U+10FFFF).
bool is_valid_utf8(std::string_view text);

/// `text` with each invalid sequence replaced by U+FFFD, as Go's decoder does.
std::string to_valid_utf8(std::string_view text);

/// Code points of `text`; an invalid byte counts as one.
std::size_t code_point_count(std::string_view text);

/// Appends the UTF-8 form of `code_point`; U+FFFD for what is none.
void append_utf8(std::string& out, std::uint32_t code_point);

/// `text` without control characters (each becomes a space) and cut to `code_points_max`, ending in
/// "…" where cut.
std::string one_line(std::string_view text, std::size_t code_points_max);

/// The candidate closest to `word`, or empty where none is near enough to be meant (half of its
/// length, at most 3 edits).
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// Joins with `separator`.
std::string join(std::span<const std::string> parts, std::string_view separator);

/// Splits at each `separator`; an empty text gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);

/// Shell-style match of `*` (any run) and `?` (one character) over the whole of `text`.
bool matches_glob(std::string_view pattern, std::string_view text);

/// True where some text matches both patterns. Time: the product of the lengths.
bool globs_overlap(std::string_view first, std::string_view second);

/// Without white space (ASCII) at both ends.
std::string_view trim(std::string_view text);

}  // namespace seaworthy
