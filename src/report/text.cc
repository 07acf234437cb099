#include "seaworthy/base/text.h"

#include <fmt/format.h>

#include "seaworthy/document/source.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::report {
namespace {

/// "denied", "warning", "audit", "error": what the violation leads to.
std::string_view effect_word(const Row& row) {
  if (row.result == ResultWord::kError) {
    return "error";
  }
  if (row.result == ResultWord::kWarn) {
    return "warning";
  }
  return row.refused ? "denied" : "audit";
}

std::string resource_text(const Row& row) {
  return row.namespace_name.empty()
             ? fmt::format("{} {}", row.kind, row.name)
             : fmt::format("{} {}/{}", row.kind, row.namespace_name, row.name);
}

void print_violation(const Row& row, std::string& out) {
  out += fmt::format("{}:{}: {}: {} ({}) {} {}\n    {}\n", row.file, row.line, effect_word(row),
                     row.policy, policy::word_of(row.severity), resource_text(row), row.path,
                     row.message);
  if (!row.undone.empty()) {
    out += fmt::format("    not mended: {}\n", row.undone);
  }
  if (row.remedy.is_null()) {
    return;
  }
  out += fmt::format("    remedy ({}):\n", row.safety);
  const std::string yaml = document::print_yaml(row.remedy);
  for (const auto line : split(yaml, '\n')) {
    if (!line.empty()) {
      out += fmt::format("      {}\n", line);
    }
  }
}

}  // namespace

std::string print_text(const std::vector<Row>& rows, std::size_t resources) {
  std::string out;
  std::size_t mended = 0;
  for (const auto& row : rows) {
    mended += row.mended ? 1 : 0;
    if (row.result == ResultWord::kFail || row.result == ResultWord::kWarn ||
        row.result == ResultWord::kError) {
      print_violation(row, out);
    }
  }
  const Summary summary = summarize(rows);
  out += fmt::format("{} resource{}: {} pass, {} fail, {} warn, {} skip, {} error", resources,
                     resources == 1 ? "" : "s", summary.pass, summary.fail, summary.warn,
                     summary.skip, summary.error);
  out += mended == 0 ? "\n" : fmt::format("; {} of the passes mended\n", mended);
  return out;
}

}  // namespace seaworthy::report
