// Which requests an in-tree policy is asked about. pods/resize is left out: a resize changes
// nothing that native policies refuse an update for.
#include "translate/match_writer.h"

#include <algorithm>
#include <map>

#include "seaworthy/admission/workload.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"

namespace seaworthy::translate {
namespace {

using admission::LabelSelector;
using admission::ResourceRule;
using document::MapBuilder;
using document::Node;

/// Of a Pod the images by container, of anything else its template.
constexpr std::string_view kWhatRunsChanges =
    "request.operation != 'UPDATE' || (request.kind.kind == 'Pod' ? "
    "!['initContainers', 'containers', 'ephemeralContainers'].all(list, "
    "dyn(object).spec[?list].orValue([]).all(new, "
    "dyn(oldObject).spec[?list].orValue([]).exists(old, old.name == new.name && "
    "old.?image.orValue('') == new.?image.orValue('')))) : request.kind.kind == 'CronJob' ? "
    "dyn(object).spec.jobTemplate.spec.template != dyn(oldObject).spec.jobTemplate.spec.template : "
    "request.kind.kind == 'PodTemplate' ? dyn(object).template != dyn(oldObject).template : "
    "dyn(object).spec.?template != dyn(oldObject).spec.?template)";

Node strings(const std::vector<std::string>& texts, Arena& arena) {
  std::vector<Node> items;
  for (const auto& text : texts) {
    items.push_back(document::make_string(text, arena));
  }
  return document::make_list(items, arena);
}

Node rule_node(const ResourceRule& rule, Arena& arena) {
  MapBuilder map(arena);
  map.add("apiGroups", strings(rule.api_groups, arena))
      .add("apiVersions", strings(rule.api_versions, arena))
      .add("operations", strings(rule.operations, arena))
      .add("resources", strings(rule.resources, arena));
  if (!rule.resource_names.empty()) {
    map.add("resourceNames", strings(rule.resource_names, arena));
  }
  if (rule.scope != "*") {
    map.add("scope", document::make_string(rule.scope, arena));
  }
  return map.build();
}

Node rules_node(const std::vector<ResourceRule>& rules, Arena& arena) {
  std::vector<Node> items;
  for (const auto& rule : rules) {
    items.push_back(rule_node(rule, arena));
  }
  return document::make_list(items, arena);
}

Node selector_node(const LabelSelector& selector, Arena& arena) {
  constexpr std::array<std::string_view, 4> kOperators{"In", "NotIn", "Exists", "DoesNotExist"};
  std::vector<Node> items;
  for (const auto& requirement : selector.requirements) {
    MapBuilder map(arena);
    map.add("key", document::make_string(requirement.key, arena))
        .add("operator", Node::string(kOperators[static_cast<std::size_t>(requirement.op)]));
    if (!requirement.values.empty()) {
      map.add("values", strings(requirement.values, arena));
    }
    items.push_back(map.build());
  }
  return MapBuilder(arena).add("matchExpressions", document::make_list(items, arena)).build();
}

std::vector<ResourceRule> default_rules() {
  std::vector<ResourceRule> rules;
  for (const auto& kind : admission::workload_kinds()) {
    const std::string group(kind.group);
    if (rules.empty() || rules.back().api_groups.front() != group) {
      rules.push_back({.api_groups = {group},
                       .api_versions = {std::string(kind.version)},
                       .operations = {"CREATE", "UPDATE"},
                       .resources = {},
                       .resource_names = {}});
    }
    rules.back().resources.emplace_back(kind.resource);
    if (kind.kind == "Pod") {
      rules.back().resources.emplace_back("pods/ephemeralcontainers");
    }
  }
  return rules;
}

bool is_workload(const ResourceRule& rule) {
  return std::ranges::all_of(rule.resources, [&](std::string_view resource) {
    if (resource.starts_with("pods/")) {
      return resource == "pods/ephemeralcontainers" || resource == "pods/resize";
    }
    return std::ranges::any_of(admission::workload_kinds(), [&](const auto& kind) {
      return kind.resource == resource &&
             std::ranges::all_of(rule.api_groups,
                                 [&](const auto& group) { return group == kind.group; });
    });
  });
}

}  // namespace

Node match_constraints(const policy::Policy& policy, Arena& arena) {
  MapBuilder map(arena);
  if (!policy.match) {
    return map.add("resourceRules", rules_node(default_rules(), arena)).build();
  }
  map.add("resourceRules", rules_node(policy.match->resource_rules, arena));
  if (!policy.match->exclude_resource_rules.empty()) {
    map.add("excludeResourceRules", rules_node(policy.match->exclude_resource_rules, arena));
  }
  if (policy.match->namespace_selector) {
    map.add("namespaceSelector", selector_node(*policy.match->namespace_selector, arena));
  }
  if (policy.match->object_selector) {
    map.add("objectSelector", selector_node(*policy.match->object_selector, arena));
  }
  return map.build();
}

bool matches_only_pods(const policy::Policy& policy) {
  return !policy.match || std::ranges::all_of(policy.match->resource_rules, is_workload);
}

Node match_conditions(const policy::Policy& policy, Arena& arena) {
  if (!matches_only_pods(policy)) {
    return Node::null();
  }
  const Node condition = MapBuilder(arena)
                             .add("name", Node::string("what-runs-changes"))
                             .add("expression", Node::string(kWhatRunsChanges))
                             .build();
  return document::make_list(std::span(&condition, 1), arena);
}

}  // namespace seaworthy::translate
