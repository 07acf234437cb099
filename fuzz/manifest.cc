#include <string>
#include <vector>

#include "entries.h"
#include "production.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/source.h"
#include "seaworthy/engine/judge.h"
#include "seaworthy/engine/manifest_review.h"
#include "seaworthy/engine/target.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::fuzz {
namespace {

using document::Node;

/// What is printed of a tree is read as the same tree.
void look_at_print(const Node& node, Arena& arena) {
  const std::string printed = document::print_yaml(node);
  const auto read = document::read_source(printed, "printed.yaml", arena);
  SEAWORTHY_CHECK(!has_errors(read.diagnostics) && read.value && read.value->size() == 1);
  SEAWORTHY_CHECK(document::equal(read.value->front().root(), node));
}

void check(const document::SourceDocument& source, std::vector<report::Row>& rows, Arena& arena) {
  const auto review = engine::review_of_manifest(source.root(), "default", arena);
  if (!review) {
    return;
  }
  engine::JudgeRequest request;
  request.door = engine::Door::kCheck;
  request.settings.mode = policy::Mode::kDeny;
  request.settings.remedy = policy::RemedyLevel::kSafe;
  request.namespace_object = engine::namespace_from_name(review->namespace_name, arena);
  const auto judgement = engine::judge(production_policies()->policies(), *review, request, arena);
  if (!judgement) {
    SEAWORTHY_CHECK(!judgement.error().message.empty());
    return;
  }
  for (auto& row : report::tabulate(*judgement, *review)) {
    row.line = source.position_of_path(row.path).line;
    SEAWORTHY_CHECK(row.line >= 1);
    if (report::is_violation(row)) {
      row.place = source.position_of_path(row.field);
      SEAWORTHY_CHECK(row.place.line >= 1 && row.place.column >= 1);
    }
    if (!row.remedy.is_null()) {
      look_at_print(row.remedy, arena);
    }
    rows.push_back(std::move(row));
  }
}

}  // namespace

void manifest(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Arena arena;
  const auto parsed = document::read_source(text, "manifest.yaml", arena);
  for (const auto& diagnostic : parsed.diagnostics) {
    SEAWORTHY_CHECK(diagnostic.position.line >= 1 && !render(diagnostic).empty());
  }
  std::vector<report::Row> rows;
  if (parsed.value) {
    for (const auto& document : *parsed.value) {
      look_at_print(document.root(), arena);
      check(document, rows, arena);
    }
  }
  report::sort(rows);
  SEAWORTHY_CHECK(document::parse_json(report::print_json(rows), arena).has_value());
  SEAWORTHY_CHECK(!report::print_text(rows, 1).empty());
  report::CheckReport report;
  report.rows = std::move(rows);
  report.problems = parsed.diagnostics;
  SEAWORTHY_CHECK(document::parse_json(report::print_sarif(report), arena).has_value());
  // A command is a line: nothing in a manifest begins one, or ends one early.
  const std::string commands = report::print_github(report);
  for (const auto line : split(commands, '\n')) {
    SEAWORTHY_CHECK(line.empty() || line.starts_with("::") || line.starts_with("0 resources"));
  }
  // XML 1.0 holds no control characters but these.
  const std::string junit = report::print_junit(report);
  SEAWORTHY_CHECK(is_valid_utf8(junit));
  for (const char byte : junit) {
    SEAWORTHY_CHECK(static_cast<unsigned char>(byte) >= 0x20 || byte == '\n' || byte == '\t');
  }
}

}  // namespace seaworthy::fuzz
