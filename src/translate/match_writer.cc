// Which requests an in-tree policy is asked about. pods/resize is left out: a resize changes
// nothing that native policies refuse an update for.
#include "translate/match_writer.h"

#include <algorithm>
#include <string>

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

/// True of requests about anything that holds no Pod to be judged (admission::workload_kinds).
constexpr std::string_view kNoWorkload =
    "!(request.kind.group in ['', 'apps', 'batch'] && request.kind.kind in ['CronJob', "
    "'DaemonSet', 'Deployment', 'Job', 'Pod', 'PodTemplate', 'ReplicaSet', "
    "'ReplicationController', 'StatefulSet'] && request.?subResource.orValue('') in ['', "
    "'ephemeralcontainers', 'resize'])";

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

void add_selectors(const admission::MatchConstraints& match, MapBuilder& map, Arena& arena) {
  if (match.namespace_selector) {
    map.add("namespaceSelector", selector_node(*match.namespace_selector, arena));
  }
  if (match.object_selector) {
    map.add("objectSelector", selector_node(*match.object_selector, arena));
  }
}

Node condition(std::string_view name, std::string_view expression, Arena& arena) {
  return MapBuilder(arena)
      .add("name", Node::string(name))
      .add("expression", document::make_string(expression, arena))
      .build();
}

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::any_of(words, [&](const auto& each) { return each == word || each == "*"; });
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

/// Whether what the rule matches may hold a Pod, beside other things.
bool may_be_workload(const ResourceRule& rule) {
  return std::ranges::any_of(rule.resources, [](std::string_view resource) {
    const auto name = resource.substr(0, resource.find('/'));
    return name == "*" || std::ranges::any_of(admission::workload_kinds(), [&](const auto& kind) {
             return kind.resource == name;
           });
  });
}

}  // namespace

Node new_pods(const policy::Policy& policy, Arena& arena) {
  const std::vector<ResourceRule> rules{{.api_groups = {""},
                                         .api_versions = {"v1"},
                                         .operations = {"CREATE"},
                                         .resources = {"pods"},
                                         .resource_names = {}}};
  MapBuilder map(arena);
  map.add("resourceRules", rules_node(rules, arena));
  if (policy.match) {
    add_selectors(*policy.match, map, arena);
  }
  return map.build();
}

Node no_mirrors(Arena& arena) {
  const Node only = condition("no-mirror-pods",
                              "!('kubernetes.io/config.mirror' in "
                              "dyn(object).metadata.?annotations.orValue({}))",
                              arena);
  return document::make_list(std::span(&only, 1), arena);
}

Node match_constraints(const policy::Policy& policy, Arena& arena) {
  MapBuilder map(arena);
  if (!policy.match) {
    return map.add("resourceRules", rules_node(default_rules(), arena)).build();
  }
  map.add("resourceRules", rules_node(policy.match->resource_rules, arena));
  if (!policy.match->exclude_resource_rules.empty()) {
    map.add("excludeResourceRules", rules_node(policy.match->exclude_resource_rules, arena));
  }
  add_selectors(*policy.match, map, arena);
  return map.build();
}

bool matches_only_pods(const policy::Policy& policy) {
  return !policy.match || std::ranges::all_of(policy.match->resource_rules, is_workload);
}

bool matches_new_pods(const policy::Policy& policy) {
  return !policy.match ||
         (policy.match->exclude_resource_rules.empty() &&
          std::ranges::any_of(policy.match->resource_rules, [&](const ResourceRule& rule) {
            return holds(rule.api_groups, "") && holds(rule.api_versions, "v1") &&
                   holds(rule.operations, "CREATE") && holds(rule.resources, "pods") &&
                   rule.resource_names.empty() && rule.scope != "Cluster";
          }));
}

Node match_conditions(const policy::Policy& policy, Arena& arena) {
  const auto any_rule = [&](const auto& test) {
    return policy.match && std::ranges::any_of(policy.match->resource_rules, test);
  };
  std::vector<Node> conditions;
  // Native policies are not asked about it.
  if (any_rule([](const ResourceRule& rule) { return holds(rule.operations, "CONNECT"); })) {
    conditions.push_back(condition("no-connections", "request.operation != 'CONNECT'", arena));
  }
  if (matches_only_pods(policy)) {
    conditions.push_back(condition("what-runs-changes", kWhatRunsChanges, arena));
  } else if (any_rule([](const ResourceRule& rule) {
               return holds(rule.operations, "UPDATE") && may_be_workload(rule);
             })) {
    conditions.push_back(
        condition("what-runs-changes",
                  std::string(kNoWorkload) + " || " + std::string(kWhatRunsChanges), arena));
  }
  return conditions.empty() ? Node::null() : document::make_list(conditions, arena);
}

}  // namespace seaworthy::translate
