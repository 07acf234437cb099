#include "seaworthy/base/text.h"

#include <fmt/format.h>

#include "report/words.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::report {

std::string print_text_rows(const std::vector<Row>& rows) {
  std::string out;
  for (const auto& row : rows) {
    if (is_violation(row)) {
      out += fmt::format("{}: {}: {} ({}) {}\n    {}\n{}", place_text(row), effect_word(row),
                         rule_text(row), policy::word_of(row.severity), subject_text(row),
                         one_line(row.message, std::string_view::npos), remedy_text(row, "    "));
    }
  }
  return out;
}

std::string print_text(const std::vector<Row>& rows, std::size_t resources) {
  return print_text_rows(rows) + summary_line(summarize(rows), resources) + '\n';
}

}  // namespace seaworthy::report
