// Every rule that matches runs under every binding that does, for every param; what a violation
// leads to is the binding's, or the rule's where it says so, unless our own mode is off or audit.
#include "engine/admission_judge.h"

#include <algorithm>
#include <map>
#include <span>

#include <fmt/format.h>

#include "engine/admission_invocation.h"
#include "engine/admission_validation.h"
#include "engine/kyverno_rule.h"
#include "seaworthy/base/text.h"

namespace seaworthy::engine {
namespace {

using policy::Mode;
using policy::ValidationAction;

std::span<const ValidationAction> actions_of(const AdmissionVerdict& verdict) {
  if (verdict.rule != nullptr && verdict.rule->actions) {
    return *verdict.rule->actions;
  }
  return verdict.binding == nullptr ? std::span<const ValidationAction>()
                                    : std::span<const ValidationAction>(verdict.binding->actions);
}

bool has(std::span<const ValidationAction> actions, ValidationAction action) {
  return std::ranges::find(actions, action) != actions.end();
}

/// What the policy itself asks for. A mutating policy's errors refuse.
Mode own_mode(const AdmissionVerdict& verdict) {
  const auto actions = actions_of(verdict);
  if (verdict.refuses || policy::is_mutating(verdict.policy->kind) ||
      has(actions, ValidationAction::kDeny)) {
    return Mode::kDeny;
  }
  return has(actions, ValidationAction::kWarn) ? Mode::kWarn : Mode::kAudit;
}

/// Values that bindings and params gave to the same key are joined, each once. Rule:
/// auditAnnotationCollector.
class Annotations {
 public:
  void add(const std::string& key, const std::string& value) {
    auto& values = values_[key];
    if (std::ranges::find(values, value) == values.end()) {
      values.push_back(value);
    }
  }

  void publish(const policy::AdmissionPolicy& policy, AdmissionJudgement& judgement) {
    for (const auto& [key, values] : values_) {
      judgement.annotations.emplace_back(policy.name + "/" + key, join(values, ", "));
    }
    values_.clear();
  }

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

AdmissionVerdict configuration_error(const Invocation& invocation, Arena& arena) {
  AdmissionVerdict verdict;
  verdict.outcome = Outcome::kError;
  verdict.message = arena.copy(invocation.error);
  verdict.refuses = invocation.policy->failure_policy == policy::FailurePolicy::kFail;
  return verdict;
}

}  // namespace

std::string AdmissionVerdict::rule_text() const {
  if (rule != nullptr && !rule->name.empty()) {
    return rule->name;
  }
  return validation ? std::to_string(*validation) : std::string();
}

bool AdmissionJudgement::denied() const {
  return std::ranges::any_of(
      verdicts, [](const AdmissionVerdict& verdict) { return verdict.effect == Effect::kDeny; });
}

void settle(const AdmissionAsk& ask, AdmissionVerdict& verdict) {
  const Mode ours = ask.mode_of(*verdict.policy);
  if (ours == Mode::kOff) {
    verdict.mode = Mode::kOff;
    verdict.outcome = Outcome::kSkip;
    verdict.message = {};
    return;
  }
  const Mode own = own_mode(verdict);
  verdict.mode = ours == Mode::kAudit ? Mode::kAudit : own;
  if (!verdict.is_violation()) {
    return;
  }
  // An error under Ignore is let in, and reported only.
  if (verdict.outcome == Outcome::kError && !verdict.refuses &&
      verdict.policy->failure_policy == policy::FailurePolicy::kIgnore) {
    return;
  }
  verdict.audited = !verdict.refuses && has(actions_of(verdict), ValidationAction::kAudit);
  if (verdict.mode == Mode::kAudit || ask.dry_run) {
    verdict.effect = Effect::kAudit;
    return;
  }
  verdict.effect = verdict.mode == Mode::kDeny ? Effect::kDeny : Effect::kWarn;
}

AdmissionJudgement judge_admission(const AdmissionAsk& ask, const admission::Review& review,
                                   Arena& arena) {
  AdmissionJudgement judgement;
  const auto invocations = find_invocations(ask, false, review);
  if (invocations.empty()) {
    return judgement;
  }
  auto inputs = inputs_of(ask, review, arena);
  const AdmissionCaller caller(review, ask.scope->authorizer);
  Annotations annotations;
  for (std::size_t at = 0; at < invocations.size(); ++at) {
    const auto& invocation = invocations[at];
    auto add = [&](AdmissionVerdict verdict) {
      verdict.policy = invocation.policy;
      verdict.rule = invocation.rule;
      verdict.binding = invocation.binding;
      settle(ask, verdict);
      judgement.verdicts.push_back(verdict);
    };
    const bool off = ask.mode_of(*invocation.policy) == Mode::kOff;
    if (off || !invocation.error.empty()) {
      add(off ? AdmissionVerdict() : configuration_error(invocation, arena));
    }
    for (std::size_t index = 0; !off && index < invocation.params.size() && !ask.deadline.passed();
         ++index) {
      inputs.params = invocation.params[index];
      AdmissionContext context(*invocation.rule, inputs, caller, arena);
      auto result =
          policy::ends_at_first(invocation.policy->kind)
              ? validate_kyverno(*invocation.policy, *invocation.rule, ask.facts, inputs, context)
              : validate(*invocation.policy, *invocation.rule, context);
      if (result.verdicts.empty()) {
        result.verdicts.emplace_back();  // only auditAnnotations, and nothing wrong with them
      }
      std::ranges::for_each(result.verdicts, add);
      for (const auto& [key, value] : result.annotations) {
        annotations.add(key, value);
      }
    }
    if (at + 1 == invocations.size() || invocations[at + 1].policy != invocation.policy) {
      annotations.publish(*invocation.policy, judgement);
    }
  }
  return judgement;
}

}  // namespace seaworthy::engine
