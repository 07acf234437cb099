#include <fmt/format.h>

#include "report/words.h"
#include "seaworthy/base/text.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::report {
namespace {

/// What would end a command, or one of its properties, is escaped: in the data `%`, CR and LF; in
/// properties `:` and `,` too. Other control characters become blanks.
std::string escape(std::string_view text, bool is_property) {
  std::string out;
  const std::string valid = to_valid_utf8(text);
  for (std::size_t at = 0, length = 0; at < valid.size(); at += length) {
    length = utf8_length(valid, at);
    const char byte = valid[at];
    const bool escaped = byte == '%' || byte == '\r' || byte == '\n' ||
                         (is_property && (byte == ':' || byte == ','));
    if (escaped) {
      out += fmt::format("%{:02X}", static_cast<unsigned>(byte));
    } else {
      out += one_line(std::string_view(valid).substr(at, length), std::string_view::npos);
    }
  }
  return out;
}

std::string command(std::string_view level, std::string_view file, SourcePosition place,
                    std::string_view title, std::string_view message) {
  std::string properties;
  auto add = [&](std::string_view name, std::string_view value) {
    properties += fmt::format("{}{}={}", properties.empty() ? " " : ",", name, escape(value, true));
  };
  if (!file.empty() && file != "-") {
    add("file", file);
    if (place.line != 0) {
      add("line", std::to_string(place.line));
    }
    if (place.column != 0) {
      add("col", std::to_string(place.column));
    }
  }
  add("title", title);
  return fmt::format("::{}{}::{}\n", level, properties, escape(message, false));
}

/// error, warning or notice.
std::string_view level_of(const Row& row, bool warnings_as_errors) {
  if (fails(row, warnings_as_errors)) {
    return "error";
  }
  const bool audited = row.mode == policy::Mode::kAudit;
  return audited ? "notice" : "warning";
}

}  // namespace

std::string print_github(const CheckReport& report) {
  std::string out;
  for (const auto& problem : report.problems) {
    const bool is_error = problem.severity == Diagnostic::Severity::kError;
    out += command(is_error ? "error" : "warning", problem.file, problem.position,
                   is_error ? "could not be read" : "seaworthy", problem.message);
  }
  for (const auto& row : report.rows) {
    if (!is_violation(row)) {
      continue;
    }
    const auto place = row.place.line == 0 ? SourcePosition{row.line, 0} : row.place;
    std::string message =
        fmt::format("{}: {}\n{}", subject_text(row), row.message, remedy_text(row, ""));
    message.erase(message.find_last_not_of('\n') + 1);
    out += command(level_of(row, report.warnings_as_errors), row.file, place,
                   fmt::format("{} ({})", rule_text(row), policy::word_of(row.severity)), message);
  }
  return out + summary_line(summarize(report.rows), report.resources) + '\n';
}

}  // namespace seaworthy::report
