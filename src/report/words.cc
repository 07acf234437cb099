#include "report/words.h"

#include <fmt/format.h>

#include "seaworthy/base/text.h"
#include "seaworthy/document/source.h"

namespace seaworthy::report {
namespace {

/// What comes of manifests, made harmless for terminals and for logs that commands are read from.
std::string plain(std::string_view text) { return one_line(text, std::string_view::npos); }

}  // namespace

std::string_view effect_word(const Row& row) {
  if (row.result == ResultWord::kError) {
    return "error";
  }
  if (row.result == ResultWord::kWarn) {
    return "warning";
  }
  return row.refused ? "denied" : "audit";
}

std::string rule_text(const Row& row) {
  return row.rule.empty() ? row.policy : fmt::format("{}/{}", row.policy, row.rule);
}

std::string subject_text(const Row& row) {
  return row.path.empty() ? resource_text(row)
                          : fmt::format("{} {}", resource_text(row), plain(row.path));
}

std::string place_text(const Row& row) {
  const auto file = plain(row.file);
  return row.place.line == 0 ? fmt::format("{}:{}", file, row.line)
                             : fmt::format("{}:{}:{}", file, row.place.line, row.place.column);
}

std::string remedy_text(const Row& row, std::string_view indent) {
  std::string out;
  if (!row.undone.empty()) {
    out += fmt::format("{}not mended: {}\n", indent, plain(row.undone));
  }
  if (row.remedy.is_null()) {
    return out;
  }
  out += fmt::format("{}remedy ({}):\n", indent, row.safety);
  const std::string yaml = document::print_yaml(row.remedy);
  for (const auto line : split(yaml, '\n')) {
    if (!line.empty()) {
      out += fmt::format("{}  {}\n", indent, line);
    }
  }
  return out;
}

std::string resource_text(const Row& row) {
  return plain(row.namespace_name.empty()
                   ? fmt::format("{} {}", row.kind, row.name)
                   : fmt::format("{} {}/{}", row.kind, row.namespace_name, row.name));
}

std::string summary_line(const Summary& summary, std::size_t resources) {
  return fmt::format(
      "{} resource{}: {} pass, {} fail, {} warn, {} skip, {} error{}", resources,
      resources == 1 ? "" : "s", summary.pass, summary.fail, summary.warn, summary.skip,
      summary.error,
      summary.mended == 0 ? "" : fmt::format("; {} of the passes mended", summary.mended));
}

bool is_violation(const Row& row) {
  return row.result == ResultWord::kFail || row.result == ResultWord::kWarn ||
         row.result == ResultWord::kError;
}

bool fails(const Row& row, bool warnings_as_errors) {
  return row.refused || (warnings_as_errors && row.result == ResultWord::kWarn);
}

}  // namespace seaworthy::report
