// The text is for people: a value is printed as CEL that makes it again, so that 1, 1u, 1.0, "1"
// and b"1" look different; what is long goes over several lines, and in an explanation, where a
// line belongs to each part, is cut.
#include "cli/eval_report.h"

#include <fmt/format.h>

#include "cli/json_fields.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cli {
namespace {

using cel::Explanation;
using cel::Value;
using cel::ValueKind;

constexpr std::size_t kLineCodePoints = 100;

void print_value(const Value& value, const std::string& indent, std::string& out) {
  std::string line = to_source(value);
  const bool map = value.is(ValueKind::kMap);
  if ((!map && !value.is(ValueKind::kList)) || value.size() == 0 ||
      indent.size() + code_point_count(line) <= kLineCodePoints) {
    out += line;
    return;
  }
  const std::string deeper = indent + "  ";
  out += map ? "{\n" : "[\n";
  for (std::uint32_t i = 0; i < value.size(); ++i) {
    out += deeper;
    if (map) {
      out += to_source(value.key_at(i)) + ": ";
    }
    print_value(map ? value.value_at(i) : value.item(i), deeper, out);
    out += i + 1 < value.size() ? ",\n" : "\n";
  }
  out += indent + (map ? '}' : ']');
}

void print_explanation(const Explanation& part, const std::string& indent, std::string& out) {
  const std::string source = one_line(part.source, kLineCodePoints);
  const std::string value = one_line(to_source(part.value), kLineCodePoints);
  std::size_t shown = 0;
  out += indent;
  switch (part.kind) {
    case Explanation::Kind::kValue:
      out += source + " → " + value;
      break;
    case Explanation::Kind::kNotEvaluated:
      out += source + " (not evaluated)";
      break;
    case Explanation::Kind::kElement:
      out += source + " = " + value;
      if (!part.parts.empty() && part.parts[0].kind == Explanation::Kind::kElement) {
        out += ", " + part.parts[0].source + " = " +
               one_line(to_source(part.parts[0].value), kLineCodePoints);
        shown = 1;
      }
      break;
    case Explanation::Kind::kLeftOut:
      out += fmt::format("… {} more", part.left_out);
      break;
  }
  out += '\n';
  for (; shown < part.parts.size(); ++shown) {
    print_explanation(part.parts[shown], indent + "  ", out);
  }
}

std::string explanation_json(const Explanation& part) {
  JsonFields fields;
  switch (part.kind) {
    case Explanation::Kind::kValue:
    case Explanation::Kind::kElement:
      fields.add(part.kind == Explanation::Kind::kValue ? "source" : "variable", part.source);
      if (part.value.is_error()) {
        fields.add("error", part.value.as_error().message);
      } else {
        fields.add("value", part.value);
      }
      break;
    case Explanation::Kind::kNotEvaluated:
      fields.add("source", part.source);
      fields.add_json("evaluated", "false");
      break;
    case Explanation::Kind::kLeftOut:
      fields.add("leftOut", part.left_out);
      break;
  }
  std::string parts;
  for (const auto& inner : part.parts) {
    parts += (parts.empty() ? "" : ",") + explanation_json(inner);
  }
  if (!parts.empty()) {
    fields.add_json("parts", "[" + parts + "]");
  }
  return fields.print();
}

}  // namespace

std::string print_eval_text(const EvalReport& report, const EvalOptions& options) {
  std::string out;
  if (!report.outcome.value.is_error()) {
    print_value(report.outcome.value, "", out);
    out += '\n';
  }
  if (options.type) {
    out += fmt::format("type: {}\n", report.outcome.type.text());
  }
  if (options.cost) {
    out += fmt::format("cost: {}\n", report.outcome.cost);
    for (const auto& read : report.variables_read) {
      out += fmt::format("cost of variables.{}: {}\n", *read.name, read.cost);
    }
  }
  if (report.explanation != nullptr) {
    out += '\n';
    print_explanation(*report.explanation, "", out);
  }
  return out;
}

std::string print_eval_json(const EvalReport& report) {
  JsonFields fields;
  fields.add("expr", report.expression);
  for (const auto& [name, error] : report.broken_variables) {
    fields.add("var:" + name, error);
  }
  if (!report.outcome.compile_error.empty()) {
    fields.add("compileError", report.outcome.compile_error);
  } else {
    fields.add("type", report.outcome.type.text());
    fields.add("cost", report.outcome.cost);
    if (report.outcome.value.is_error()) {
      fields.add("error", report.outcome.value.as_error().message);
    } else {
      fields.add("value", report.outcome.value);
      fields.add_json("json", report.json);
    }
    if (report.variables_cost != 0) {
      fields.add("variablesCost", report.variables_cost);
    }
  }
  if (report.explanation != nullptr) {
    fields.add_json("explanation", explanation_json(*report.explanation));
  }
  Arena arena;
  const std::string compact = fields.print();
  const auto node = document::parse_json(compact, arena, {.depth_max = 1000});
  return (node ? document::print_json_pretty(*node) : compact) + '\n';
}

}  // namespace seaworthy::cli
