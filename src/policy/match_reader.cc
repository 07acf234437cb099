#include "policy/match_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policy/kubernetes_names.h"

namespace seaworthy::policy {
namespace {

using admission::LabelSelector;
using admission::ResourceRule;
using document::Node;

void finish(const Fields& fields, Dialect dialect) {
  dialect == Dialect::kPlatforms ? fields.warn_unknown() : fields.finish();
}

void check_label_key(const ReadContext& context, SourcePosition position, const std::string& path,
                     std::string_view key) {
  if (!is_qualified_name(key)) {
    context.error(position,
                  fmt::format("{}: '{}' is no label's key: at most 63 letters, digits, '-', '_' "
                              "and '.', with a letter or digit first and last, behind a DNS name "
                              "and '/' where there is one",
                              path, key));
  }
}

void check_label_value(const ReadContext& context, SourcePosition position, const std::string& path,
                       std::string_view value) {
  if (!is_label_value(value)) {
    context.error(position,
                  fmt::format("{}: '{}' is no label's value: at most 63 letters, digits, '-', '_' "
                              "and '.', with a letter or digit first and last",
                              path, value));
  }
}

void read_requirement(const ReadContext& context, const Node& node, const std::string& path,
                      Dialect dialect, LabelSelector& selector) {
  constexpr std::array<std::string_view, 4> kOperators{"In", "NotIn", "Exists", "DoesNotExist"};
  if (!node.is_map()) {
    context.error(node, path + " must be a map");
    return;
  }
  Fields fields(context, node, path);
  LabelSelector::Requirement requirement;
  requirement.key = fields.text("key", true);
  const auto op = fields.text("operator", true);
  requirement.values = fields.texts("values");
  finish(fields, dialect);
  if (dialect != Dialect::kGlobs) {
    if (!requirement.key.empty()) {
      check_label_key(context, context.source->position_of(node["key"]), path + ".key",
                      requirement.key);
    }
    for (std::size_t index = 0; index < requirement.values.size(); ++index) {
      check_label_value(context, context.source->position_of(node["values"]),
                        fmt::format("{}.values[{}]", path, index), requirement.values[index]);
    }
  }
  const auto* found = std::ranges::find(kOperators, op);
  if (found == kOperators.end()) {
    context.error(
        node,
        fmt::format("{}.operator must be In, NotIn, Exists or DoesNotExist, not '{}'", path, op));
    return;
  }
  requirement.op = static_cast<LabelSelector::Requirement::Operator>(found - kOperators.begin());
  const bool needs_values = op == "In" || op == "NotIn";
  if (needs_values == requirement.values.empty()) {
    context.error(node, fmt::format("{}.values must {} with operator {}", path,
                                    needs_values ? "not be empty" : "be left out", op));
    return;
  }
  selector.requirements.push_back(std::move(requirement));
}

std::vector<ResourceRule> read_rules(Fields& fields, std::string_view name, Dialect dialect) {
  std::vector<ResourceRule> rules;
  const Node* list = fields.take_list(name);
  for (std::size_t index = 0; list != nullptr && index < list->size(); ++index) {
    const Node& node = list->items()[index];
    const auto path = fmt::format("{}[{}]", fields.path_of(name), index);
    if (!node.is_map()) {
      fields.context().error(node, path + " must be a map");
      continue;
    }
    Fields rule_fields(fields.context(), node, path);
    ResourceRule rule;
    for (auto [field, target] :
         {std::pair{"apiGroups", &rule.api_groups}, std::pair{"apiVersions", &rule.api_versions},
          std::pair{"operations", &rule.operations}, std::pair{"resources", &rule.resources}}) {
      *target = rule_fields.texts(field);
      if (target->empty()) {
        rule_fields.report_missing(field);
      }
    }
    rule.resource_names = rule_fields.texts("resourceNames");
    const auto scope = rule_fields.text("scope");
    if (node["scope"].is_string()) {
      rule.scope = scope;
    }
    finish(rule_fields, dialect);
    if (rule.scope != "*" && rule.scope != "Namespaced" && rule.scope != "Cluster") {
      fields.context().error(
          node,
          fmt::format("{}.scope must be Cluster, Namespaced or *, not '{}'", path, rule.scope));
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace

LabelSelector read_selector(const ReadContext& context, const Node& node, const std::string& path,
                            Dialect dialect) {
  LabelSelector selector;
  Fields fields(context, node, path);
  if (const Node* labels = fields.take_map("matchLabels")) {
    for (const auto& label : labels->members()) {
      if (!label.value.is_string()) {
        context.error(label.value,
                      fmt::format("{}.matchLabels.{} must be a string", path, label.key.text()));
        continue;
      }
      if (dialect != Dialect::kGlobs) {
        check_label_key(context, context.source->position_of(label), path + ".matchLabels",
                        label.key.text());
        check_label_value(context, context.source->position_of(label.value),
                          fmt::format("{}.matchLabels.{}", path, label.key.text()),
                          label.value.as_string());
      }
      selector.requirements.push_back({.key = std::string(label.key.text()),
                                       .op = LabelSelector::Requirement::Operator::kIn,
                                       .values = {std::string(label.value.as_string())}});
    }
  }
  if (const Node* expressions = fields.take_list("matchExpressions")) {
    for (std::size_t index = 0; index < expressions->size(); ++index) {
      read_requirement(context, expressions->items()[index],
                       fmt::format("{}.matchExpressions[{}]", path, index), dialect, selector);
    }
  }
  finish(fields, dialect);
  return selector;
}

admission::MatchConstraints read_match(const ReadContext& context, const Node& match,
                                       const std::string& path, Dialect dialect) {
  admission::MatchConstraints constraints;
  Fields fields(context, match, path);
  constraints.resource_rules = read_rules(fields, "resourceRules", dialect);
  constraints.exclude_resource_rules = read_rules(fields, "excludeResourceRules", dialect);
  if (const Node* selector = fields.take_map("namespaceSelector")) {
    constraints.namespace_selector =
        read_selector(context, *selector, fields.path_of("namespaceSelector"), dialect);
  }
  if (const Node* selector = fields.take_map("objectSelector")) {
    constraints.object_selector =
        read_selector(context, *selector, fields.path_of("objectSelector"), dialect);
  }
  // The API server converts objects before it calls: rules are held against what it sends, with
  // either word. A third is a mistake.
  if (const auto policy = fields.text("matchPolicy");
      match["matchPolicy"].is_string() && policy != "Exact" && policy != "Equivalent") {
    context.error(match, fmt::format("{} must be Exact or Equivalent, not '{}'",
                                     fields.path_of("matchPolicy"), policy));
  }
  finish(fields, dialect);
  return constraints;
}

}  // namespace seaworthy::policy
