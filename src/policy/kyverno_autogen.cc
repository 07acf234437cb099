// A rule for Pods is made once more for what makes Pods from a template under spec, and once for
// CronJobs, whose template is deeper. What differs is the match and where expressions look.
#include "policy/kyverno_autogen.h"

#include <algorithm>
#include <array>
#include <map>

#include "seaworthy/cel/source_edit.h"

namespace seaworthy::policy {
namespace {

using admission::ResourceRule;

struct Controller {
  std::string_view kind;
  std::string_view resource;
  std::string_view group;
};

constexpr std::array<Controller, 7> kControllers{{{"DaemonSet", "daemonsets", "apps"},
                                                  {"Deployment", "deployments", "apps"},
                                                  {"Job", "jobs", "batch"},
                                                  {"ReplicaSet", "replicasets", "apps"},
                                                  {"ReplicationController", "", ""},
                                                  {"StatefulSet", "statefulsets", "apps"},
                                                  {"CronJob", "cronjobs", "batch"}}};

constexpr std::string_view kCronJob = "CronJob";
constexpr std::string_view kTemplatePath = "spec.template";
constexpr std::string_view kCronJobPath = "spec.jobTemplate.spec.template";

std::string move(PodPlace place, std::string_view expression,
                 std::span<const std::string_view> roots) {
  if (place == PodPlace::kPod) {
    return std::string(expression);
  }
  const bool cron = place == PodPlace::kCronJob;
  const std::array<cel::FieldMove, 2> moves{
      cel::FieldMove{"spec", cron ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec",
                     ""},
      cel::FieldMove{"metadata",
                     cron ? "spec.jobTemplate.spec.template.metadata" : "spec.template.metadata",
                     "namespace"}};
  return cel::move_fields(expression, roots, moves);
}

bool names_pod(const KyvernoFilter& filter) {
  return std::ranges::any_of(filter.kinds,
                             [](const KyvernoKind& kind) { return kind.kind == "Pod"; });
}

bool allows(const KyvernoFilters& filters) {
  return std::ranges::all_of(filters.filters, [](const KyvernoFilter& filter) {
    return filter.name.empty() && filter.names.empty() && !filter.selector &&
           filter.annotations.empty() && !(filter.kinds.size() > 1 && names_pod(filter));
  });
}

bool any_for_pods(const KyvernoFilters& filters) {
  return std::ranges::any_of(filters.filters, names_pod);
}

bool any_kinds(const KyvernoFilters& filters) {
  return std::ranges::any_of(filters.filters,
                             [](const KyvernoFilter& filter) { return !filter.kinds.empty(); });
}

/// `kinds` in place of Pods.
KyvernoFilters with_kinds(KyvernoFilters filters, const std::vector<KyvernoKind>& kinds) {
  for (auto& filter : filters.filters) {
    if (names_pod(filter)) {
      filter.kinds = kinds;
    }
  }
  return filters;
}

}  // namespace

std::string expression_at(PodPlace place, std::string_view expression) {
  constexpr std::array<std::string_view, 2> kRoots{"object", "oldObject"};
  return move(place, expression, kRoots);
}

std::string mutation_at(PodPlace place, std::string_view expression) {
  constexpr std::array<std::string_view, 3> kRoots{"object", "oldObject", "Object"};
  const std::string moved = move(place, expression, kRoots);
  return place == PodPlace::kPod
             ? moved
             : cel::nest_objects(moved, place == PodPlace::kCronJob ? kCronJobPath : kTemplatePath);
}

std::string rule_name_at(PodPlace place, std::string_view name) {
  constexpr std::size_t kNameMax = 63;
  if (place == PodPlace::kPod) {
    return std::string(name);
  }
  std::string made = place == PodPlace::kCronJob ? "autogen-cronjob-" : "autogen-";
  made += name;
  return made.substr(0, kNameMax);
}

std::vector<AutogenMatch> autogen_matches(const admission::MatchConstraints& pods,
                                          const std::set<std::string>* controllers) {
  const bool selects =
      pods.object_selector.has_value() && !pods.object_selector->requirements.empty();
  if (selects || !pods.exclude_resource_rules.empty() || pods.resource_rules.size() != 1) {
    return {};
  }
  const ResourceRule& rule = pods.resource_rules[0];
  const auto is_only = [](const std::vector<std::string>& list, std::string_view word) {
    return list.size() == 1 && list[0] == word;
  };
  if (!rule.resource_names.empty() || !is_only(rule.api_groups, "") ||
      !is_only(rule.api_versions, "v1") || !is_only(rule.resources, "pods")) {
    return {};
  }
  std::map<PodPlace, std::map<std::string_view, std::vector<std::string>>> resources;
  for (const auto& controller : kControllers) {
    const bool wanted =
        controllers == nullptr || controllers->contains(std::string(controller.resource));
    if (wanted && !controller.resource.empty()) {
      const auto place = controller.kind == kCronJob ? PodPlace::kCronJob : PodPlace::kTemplate;
      resources[place][controller.group].emplace_back(controller.resource);
    }
  }
  std::vector<AutogenMatch> matches;
  for (const auto& [place, groups] : resources) {
    AutogenMatch match{.place = place, .constraints = {}};
    match.constraints.namespace_selector = pods.namespace_selector;
    for (const auto& [group, names] : groups) {
      ResourceRule made;
      made.api_groups = {std::string(group)};
      made.api_versions = {"v1"};
      made.operations = rule.operations;
      made.resources = names;
      match.constraints.resource_rules.push_back(std::move(made));
    }
    matches.push_back(std::move(match));
  }
  return matches;
}

bool allows_autogen(const KyvernoMatch& match) {
  return allows(match.match) && allows(match.exclude);
}

bool asks_for_autogen(const KyvernoMatch& match) {
  const auto kinds = pod_controller_kinds();
  const auto asks = [&](const KyvernoFilter& filter) {
    return std::ranges::any_of(filter.kinds, [&](const KyvernoKind& kind) {
      return kind.alone && (kind.kind == "Pod" || kinds.contains(kind.kind));
    });
  };
  return std::ranges::any_of(match.match.filters, asks) ||
         std::ranges::any_of(match.exclude.filters, asks);
}

std::vector<AutogenRule> autogen_rules(const KyvernoMatch& match,
                                       const std::set<std::string>& controllers) {
  if (!any_for_pods(match.match) || (any_kinds(match.exclude) && !any_for_pods(match.exclude))) {
    return {};
  }
  std::vector<KyvernoKind> templates;
  std::vector<KyvernoKind> cron_jobs;
  for (const auto& controller : kControllers) {
    if (!controllers.contains(std::string(controller.kind))) {
      continue;
    }
    auto& kinds = controller.kind == kCronJob ? cron_jobs : templates;
    kinds.push_back({.group = std::string(controller.group),
                     .version = "v1",
                     .kind = std::string(controller.kind),
                     .sub_resource = "",
                     .alone = false});
  }
  std::vector<AutogenRule> rules;
  for (const auto place : {PodPlace::kTemplate, PodPlace::kCronJob}) {
    const auto& kinds = place == PodPlace::kCronJob ? cron_jobs : templates;
    if (kinds.empty()) {
      continue;
    }
    AutogenRule rule{.place = place, .match = match};
    rule.match.match = with_kinds(match.match, kinds);
    rule.match.exclude = with_kinds(match.exclude, kinds);
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::set<std::string> pod_controller_kinds() {
  std::set<std::string> kinds;
  for (const auto& controller : kControllers) {
    kinds.emplace(controller.kind);
  }
  return kinds;
}

std::set<std::string> pod_controller_resources() {
  std::set<std::string> resources;
  for (const auto& controller : kControllers) {
    if (!controller.resource.empty()) {
      resources.emplace(controller.resource);
    }
  }
  return resources;
}

}  // namespace seaworthy::policy
