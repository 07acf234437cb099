#include "policy/expression.h"

#include <fmt/format.h>

#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// The byte of `text` at a line and column (1-based, in code points).
std::size_t byte_offset(std::string_view text, SourcePosition position) {
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < position.line; ++line) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) {
      return text.size();
    }
    at = end + 1;
  }
  for (std::uint32_t column = 1; column < position.column && at < text.size(); ++column) {
    at += utf8_length(text, at);
  }
  return at;
}

bool require_text(const ReadContext& context, const Node& node, const std::string& field) {
  if (node.is_string() && node.size() > 0) {
    return true;
  }
  // `require: true` and `when: 1` are CEL too, but YAML has read them already: ask for quotes
  // rather than guess.
  context.error(
      node,
      node.is_string()
          ? field + " must not be empty"
          : fmt::format("{} must be a string that holds an expression, not {}; write it in quotes",
                        field, document::name_of(node.kind())));
  return false;
}

}  // namespace

void report_issues(const ReadContext& context, const Node& node, const std::string& field,
                   const std::vector<cel::Issue>& issues) {
  for (const auto& issue : issues) {
    context.error(context.source->position_in(node, byte_offset(node.as_string(), issue.position)),
                  fmt::format("{}: {}{}{}", field, issue.message, issue.hint.empty() ? "" : "; ",
                              issue.hint));
  }
}

std::shared_ptr<const cel::Program> compile_expression(const ReadContext& context, const Node& node,
                                                       const std::string& field,
                                                       const cel::Environment& environment,
                                                       std::optional<cel::TypeKind> type) {
  if (!require_text(context, node, field)) {
    return nullptr;
  }
  auto compilation = environment.compile(node.as_string());
  report_issues(context, node, field, compilation.issues);
  if (compilation.program == nullptr) {
    return nullptr;
  }
  const cel::Type& result = compilation.program->result_type();
  if (type && !result.is(*type) && !result.is(cel::TypeKind::kDyn)) {
    report_issues(
        context, node, field,
        {{{1, 1},
          fmt::format("must evaluate to {} but got {}", cel::Type(*type).text(), result.text())}});
    return nullptr;
  }
  return compilation.program;
}

TextTemplate compile_text(const ReadContext& context, const Node& node, const std::string& field,
                          const cel::Environment& environment) {
  if (!require_text(context, node, field)) {
    return {};
  }
  std::vector<cel::Issue> issues;
  auto text = TextTemplate::compile(node.as_string(), environment, issues);
  report_issues(context, node, field, issues);
  return text;
}

}  // namespace seaworthy::policy
