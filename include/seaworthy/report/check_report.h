#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "seaworthy/admission/review.h"
#include "seaworthy/document/node.h"
#include "seaworthy/engine/judge.h"

namespace seaworthy::report {

enum class ResultWord : std::uint8_t { kPass, kFail, kWarn, kSkip, kError };

/// "pass", "fail", "warn", "skip", "error".
std::string_view word_of(ResultWord result);

/// One line of a report. Rule: DESIGN section 6, JSON.
struct Row {
  std::string policy;
  policy::Severity severity = policy::Severity::kMedium;
  ResultWord result = ResultWord::kPass;
  policy::Mode mode = policy::Mode::kDeny;
  bool mended = false;
  std::string api_version;
  std::string kind;
  std::string namespace_name;
  std::string name;
  std::string path;       ///< From the resource's root.
  std::string container;  ///< Empty where the violation is in none.
  std::string message;
  document::Node remedy;  ///< Null where there is nothing to suggest. Lifetime: the arena that it
                          ///< was judged in.
  std::string safety;     ///< Of the remedy.
  std::string undone;     ///< Why the remedy was tried and not applied; empty where it was not.
  std::string file;
  std::uint32_t line = 0;
  bool refused = false;  ///< The server would refuse the resource for this.
};

struct Summary {
  std::size_t pass = 0;
  std::size_t fail = 0;
  std::size_t warn = 0;
  std::size_t skip = 0;
  std::size_t error = 0;
};

/// The lines of a judged resource, a policy at a time: a line for each item that fails or is
/// excused, else one that says pass or skip. `file` and `line` are left to the caller.
std::vector<Row> tabulate(const engine::Judgement& judgement, const admission::Review& review);

Summary summarize(const std::vector<Row>& rows);

/// For people: what is wrong and the YAML that mends it, then a summary. Rows must be sorted.
std::string print_text(const std::vector<Row>& rows, std::size_t resources);
/// DESIGN's `{"results": […], "summary": {…}}`, indented.
std::string print_json(const std::vector<Row>& rows);

/// By file, line, resource, policy, path: the order of every list.
void sort(std::vector<Row>& rows);

}  // namespace seaworthy::report
