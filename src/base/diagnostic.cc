#include "seaworthy/base/diagnostic.h"

#include <algorithm>

#include <fmt/format.h>

#include "seaworthy/base/text.h"

namespace seaworthy {

std::string render(const Diagnostic& diagnostic) {
  constexpr auto kWhole = std::string_view::npos;
  // Names of files and keys are anybody's, and terminals and logs obey what control characters say.
  std::string text = diagnostic.file.empty() ? "<input>" : one_line(diagnostic.file, kWhole);
  if (diagnostic.position.line > 0) {
    text += fmt::format(":{}:{}", diagnostic.position.line, diagnostic.position.column);
  }
  text += diagnostic.severity == Diagnostic::Severity::kError ? ": error: " : ": warning: ";
  text += one_line(diagnostic.message, kWhole);
  if (!diagnostic.source_line.empty() && diagnostic.position.column > 0) {
    // Tabs stay tabs under the line, so that the caret stands where the terminal puts the column.
    text += "\n | " + diagnostic.source_line + "\n | ";
    std::uint32_t column = 1;
    for (std::size_t at = 0;
         at < diagnostic.source_line.size() && column < diagnostic.position.column;) {
      text += diagnostic.source_line[at] == '\t' ? '\t' : '.';
      at += utf8_length(diagnostic.source_line, at);
      ++column;
    }
    text += '^';
  }
  return text;
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  if (line == 0) {
    return {};
  }
  std::size_t start = 0;
  for (std::uint32_t at = 1; at < line; ++at) {
    start = text.find('\n', start);
    if (start == std::string_view::npos) {
      return {};
    }
    ++start;
  }
  auto end = std::min(text.find('\n', start), text.size());
  auto found = text.substr(start, end - start);
  if (found.ends_with('\r')) {
    found.remove_suffix(1);
  }
  return found;
}

SourcePosition position_of(std::string_view text, std::size_t byte_offset) {
  byte_offset = std::min(byte_offset, text.size());
  auto before = text.substr(0, byte_offset);
  auto line = static_cast<std::uint32_t>(std::ranges::count(before, '\n') + 1);
  auto start = before.rfind('\n');
  auto in_line = start == std::string_view::npos ? before : before.substr(start + 1);
  return {line, static_cast<std::uint32_t>(code_point_count(in_line) + 1)};
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::ranges::any_of(diagnostics, [](const Diagnostic& each) {
    return each.severity == Diagnostic::Severity::kError;
  });
}

}  // namespace seaworthy
