#include "seaworthy/document/json.h"

#include <algorithm>

#include "seaworthy/base/arena.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/report/check_report.h"

namespace seaworthy::report {
namespace {

using document::Node;

Node resource_node(const Row& row, Arena& arena) {
  return document::MapBuilder(arena)
      .add("apiVersion", Node::string(row.api_version))
      .add("kind", Node::string(row.kind))
      .add("namespace", Node::string(row.namespace_name))
      .add("name", Node::string(row.name))
      .build();
}

Node row_node(const Row& row, Arena& arena) {
  document::MapBuilder builder(arena);
  builder.add("policy", Node::string(row.policy));
  if (!row.rule.empty()) {
    builder.add("rule", Node::string(row.rule));
  }
  builder.add("severity", Node::string(policy::word_of(row.severity)))
      .add("result", Node::string(word_of(row.result)))
      .add("mode", Node::string(policy::word_of(row.mode)));
  if (row.mended) {
    builder.add("mended", Node::boolean(true));
  }
  builder.add("resource", resource_node(row, arena)).add("path", Node::string(row.path));
  if (!row.container.empty()) {
    builder.add("container", Node::string(row.container));
  }
  builder.add("message", Node::string(row.message));
  if (!row.remedy.is_null()) {
    builder.add("remedy",
                document::with_member(row.remedy, "safety", Node::string(row.safety), arena));
  }
  if (!row.undone.empty()) {
    builder.add("undone", Node::string(row.undone));
  }
  return builder.add("file", Node::string(row.file)).add("line", Node::integer(row.line)).build();
}

/// The lines of a value that stands two levels deep.
void append_indented(std::string_view text, std::string& out) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
    out += start == 0 ? "" : "    ";
    out += text.substr(start, end - start);
    start = end;
  }
}

Node count(std::size_t value) { return Node::integer(static_cast<std::int64_t>(value)); }

}  // namespace

std::string print_json_rows(const std::vector<Row>& rows) {
  std::string out;
  for (const auto& row : rows) {
    Arena arena;
    out += out.empty() ? "    " : ",\n    ";
    append_indented(document::print_json_pretty(row_node(row, arena)), out);
  }
  return out;
}

std::string print_json_head() { return "{\n  \"results\": ["; }

std::string print_json_tail(const Summary& summary, bool has_rows) {
  Arena arena;
  const Node node = document::MapBuilder(arena)
                        .add("pass", count(summary.pass))
                        .add("fail", count(summary.fail))
                        .add("warn", count(summary.warn))
                        .add("skip", count(summary.skip))
                        .add("error", count(summary.error))
                        .build();
  std::string out = has_rows ? "\n  ],\n  \"summary\": " : "],\n  \"summary\": ";
  for (const char byte : document::print_json_pretty(node)) {
    out += byte;
    out += byte == '\n' ? "  " : "";
  }
  return out + "\n}\n";
}

std::string print_json(const std::vector<Row>& rows) {
  return print_json_head() + (rows.empty() ? "" : "\n") + print_json_rows(rows) +
         print_json_tail(summarize(rows), !rows.empty());
}

}  // namespace seaworthy::report
