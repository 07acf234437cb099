#include "policy/match_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace seaworthy::policy {
namespace {

using admission::LabelSelector;
using admission::ResourceRule;
using document::Node;

void read_requirement(const ReadContext& context, const Node& node, const std::string& path,
                      LabelSelector& selector) {
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
  fields.finish();
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

std::vector<ResourceRule> read_rules(Fields& fields, std::string_view name) {
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
    if (const auto scope = rule_fields.text("scope"); !scope.empty()) {
      rule.scope = scope;
    }
    rule_fields.finish();
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

LabelSelector read_selector(const ReadContext& context, const Node& node, const std::string& path) {
  LabelSelector selector;
  Fields fields(context, node, path);
  if (const Node* labels = fields.take_map("matchLabels")) {
    for (const auto& label : labels->members()) {
      if (!label.value.is_string()) {
        context.error(label.value,
                      fmt::format("{}.matchLabels.{} must be a string", path, label.key.text()));
        continue;
      }
      selector.requirements.push_back({.key = std::string(label.key.text()),
                                       .op = LabelSelector::Requirement::Operator::kIn,
                                       .values = {std::string(label.value.as_string())}});
    }
  }
  if (const Node* expressions = fields.take_list("matchExpressions")) {
    for (std::size_t index = 0; index < expressions->size(); ++index) {
      read_requirement(context, expressions->items()[index],
                       fmt::format("{}.matchExpressions[{}]", path, index), selector);
    }
  }
  fields.finish();
  return selector;
}

admission::MatchConstraints read_match(const ReadContext& context, const Node& match,
                                       const std::string& path) {
  admission::MatchConstraints constraints;
  Fields fields(context, match, path);
  constraints.resource_rules = read_rules(fields, "resourceRules");
  constraints.exclude_resource_rules = read_rules(fields, "excludeResourceRules");
  if (const Node* selector = fields.take_map("namespaceSelector")) {
    constraints.namespace_selector =
        read_selector(context, *selector, fields.path_of("namespaceSelector"));
  }
  if (const Node* selector = fields.take_map("objectSelector")) {
    constraints.object_selector =
        read_selector(context, *selector, fields.path_of("objectSelector"));
  }
  // The API server converts objects before it calls; both words mean the same here, but a third is
  // a mistake.
  if (const auto policy = fields.text("matchPolicy");
      !policy.empty() && policy != "Exact" && policy != "Equivalent") {
    context.error(match, fmt::format("{} must be Exact or Equivalent, not '{}'",
                                     fields.path_of("matchPolicy"), policy));
  }
  fields.finish();
  return constraints;
}

}  // namespace seaworthy::policy
