#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace seaworthy {

/// A place in a text: both 1-based, columns in code points; line 0 means unknown.
struct SourcePosition {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend auto operator<=>(const SourcePosition&, const SourcePosition&) = default;
};

/// A mistake in an author's text (a policy, a manifest, an expression), with its place and its
/// remedy.
struct Diagnostic {
  enum class Severity : std::uint8_t { kError, kWarning };

  Severity severity = Severity::kError;
  std::string file;
  SourcePosition position;
  std::string message;      ///< What is wrong and, where it can be said, what to write instead. No
                            ///< newline at its end.
  std::string source_line;  ///< The line at `position`, for the caret; may be empty.
  std::string subject;      ///< The policy or object that it is about; may be empty.

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// `file:line:column: error: message`, then, where the line is known, the line and a caret under
/// the column.
std::string render(const Diagnostic& diagnostic);

/// The line of `text` with the 1-based number `line`, without its end; empty where there is none.
std::string_view line_of(std::string_view text, std::uint32_t line);

/// Where `byte_offset` of `text` is.
SourcePosition position_of(std::string_view text, std::size_t byte_offset);

/// What was read of an author's text, and every mistake in it. A value may come with errors: the
/// rest goes on.
template <class T>
struct Parsed {
  std::optional<T> value;
  std::vector<Diagnostic> diagnostics;
};

bool has_errors(const std::vector<Diagnostic>& diagnostics);

}  // namespace seaworthy
