#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/admission/match.h"
#include "seaworthy/policy/kyverno_match.h"

namespace seaworthy::policy {

/// Where the Pod is in the objects that a rule for Pods is also made for.
enum class PodPlace : std::uint8_t {
  kPod,       ///< The rule as it was written.
  kTemplate,  ///< spec.template
  kCronJob,   ///< spec.jobTemplate.spec.template
};

/// The expression of a rule for Pods as it reads objects whose Pod is elsewhere: `object.spec` and
/// `object.metadata`, of oldObject too, but for `.metadata.namespace`, which templates do not have.
std::string expression_at(PodPlace place, std::string_view expression);
/// The same of a mutation, whose `Object{…}` is written there, too.
std::string mutation_at(PodPlace place, std::string_view expression);

/// What Kyverno calls the rule of a ClusterPolicy there: "autogen-NAME", "autogen-cronjob-NAME", at
/// most 63 bytes. Source: kyverno pkg/autogen/v1/rule.go, getAutogenRuleName.
std::string rule_name_at(PodPlace place, std::string_view name);

/// A rule that is also made for other kinds.
struct AutogenMatch {
  PodPlace place = PodPlace::kTemplate;
  admission::MatchConstraints constraints;
};

/// The kinds that a policy of policies.kyverno.io is also about, whose matchConstraints are for
/// Pods only: none where they name anything else, resourceNames, exclusions or an objectSelector.
/// `controllers`: plurals ("deployments"); null for all of daemonsets, deployments, replicasets,
/// statefulsets, jobs and cronjobs. Source: kyverno pkg/cel/autogen, pkg/cel/policies/vpol/autogen.
std::vector<AutogenMatch> autogen_matches(const admission::MatchConstraints& pods,
                                          const std::set<std::string>* controllers);

/// The same for one rule of a ClusterPolicy.
struct AutogenRule {
  PodPlace place = PodPlace::kTemplate;
  KyvernoMatch match;
};

/// Whether rules are made at all for a policy that has this one: not where it selects by name,
/// selector or annotations, or mixes Pods with other kinds. Source: kyverno
/// pkg/autogen/v1/autogen.go CanAutoGen.
bool allows_autogen(const KyvernoMatch& match);
/// Whether it names Pods or what makes them by their kind alone: a policy without a rule that does
/// gets none. Source: the same, podControllersKindsSet.
bool asks_for_autogen(const KyvernoMatch& match);

/// `controllers`: kinds ("Deployment"). A rule that is not for Pods makes none. Source: kyverno
/// pkg/autogen/v1/rule.go.
std::vector<AutogenRule> autogen_rules(const KyvernoMatch& match,
                                       const std::set<std::string>& controllers);

/// DaemonSet, Deployment, Job, StatefulSet, ReplicaSet, ReplicationController, CronJob.
std::set<std::string> pod_controller_kinds();
/// The plurals that autogen_matches() knows.
std::set<std::string> pod_controller_resources();

}  // namespace seaworthy::policy
