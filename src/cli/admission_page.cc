#include <algorithm>

#include <fmt/format.h>

#include "cli/policy_page.h"
#include "seaworthy/base/text.h"

namespace seaworthy::cli {
namespace {

using policy::AdmissionPolicy;
using policy::AdmissionRule;

/// What its bindings do: "Deny; Warn, Audit".
std::string actions_of(const AdmissionPolicy& policy) {
  std::vector<std::string> texts;
  for (const auto& binding : policy.bindings) {
    std::vector<std::string> words;
    for (const auto action : binding.actions) {
      words.emplace_back(policy::name_of(action));
    }
    auto text = join(words, ", ");
    if (!text.empty() && std::ranges::find(texts, text) == texts.end()) {
      texts.push_back(std::move(text));
    }
  }
  return join(texts, "; ");
}

std::string matched(const AdmissionRule& rule) {
  std::vector<std::string> texts;
  for (const auto& each : rule.match.constraints.resource_rules) {
    texts.push_back(
        fmt::format("{} on {}", join(each.resources, ", "), join(each.operations, ", ")));
  }
  return join(texts, "; ");
}

void print_expressions(const AdmissionRule& rule, std::string& out) {
  for (const auto& variable : rule.variables) {
    out += fmt::format("  variables.{} =\n{}", variable.name,
                       code_block(variable.expression.text, "    "));
  }
  for (const auto& condition : rule.match_conditions) {
    out += fmt::format("  where ({})\n{}", condition.name,
                       code_block(condition.expression.text, "    "));
  }
  for (const auto& validation : rule.validations) {
    out += "  it must be true that\n" + code_block(validation.expression.text, "    ");
    if (validation.message_expression) {
      out += "  or it says\n" + code_block(validation.message_expression->text, "    ");
    } else if (!validation.message.empty()) {
      out += wrapped("or it says: " + validation.message, "  ");
    }
  }
  for (const auto& mutation : rule.mutations) {
    out += "  it changes the object by\n" + code_block(mutation.expression.text, "    ");
  }
}

}  // namespace

std::string print_page(const AdmissionPolicy& policy) {
  std::string out = policy.title.empty() ? policy.name + "\n\n"
                                         : fmt::format("{}: {}\n\n", policy.name, policy.title);
  auto row = [&](std::string_view name, const std::string& value) {
    out += value.empty() ? "" : fmt::format("  {:<10}{}\n", name, value);
  };
  row("kind", std::string(policy::name_of(policy.kind)));
  row("namespace", policy.namespace_name);
  row("severity", std::string(policy::word_of(policy.severity)));
  row("category", policy.category);
  row("actions", actions_of(policy));
  for (const auto& kind : policy::param_kinds_of(policy)) {
    row("params", kind.api_version + " " + kind.kind);
  }
  row("file", fmt::format("{}:{}", policy.file, policy.position.line));
  if (policy.bindings.empty()) {
    row("bindings", "none: it does nothing");
  }
  if (!policy.description.empty()) {
    out += "\nWhy\n" + wrapped(policy.description, "  ");
  }
  for (const auto& rule : policy.rules) {
    out +=
        rule.name.empty() ? "\nThe rule (CEL)\n" : fmt::format("\nThe rule {} (CEL)\n", rule.name);
    const auto resources = matched(rule);
    out += resources.empty() ? "" : wrapped("of " + resources, "  ");
    print_expressions(rule, out);
  }
  return out;
}

}  // namespace seaworthy::cli
