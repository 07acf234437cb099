// Exceptions, then matchConditions, then validations until one is not true, then its message, then
// the auditAnnotations. Unlike the API server Kyverno says one thing of a rule.
#include "engine/kyverno_rule.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/cel/evaluation.h"

namespace seaworthy::engine {
namespace {

using cel::ValueKind;
using document::Node;
using Names = AdmissionContext::Names;

bool is_cluster_policy(const policy::AdmissionPolicy& policy) {
  return policy.kind == policy::AdmissionKind::kKyvernoClusterPolicy;
}

/// True where every condition is; nothing where one that none is false beside is an error.
std::optional<bool> holds(const std::vector<policy::AdmissionExpression>& conditions,
                          AdmissionContext& context, std::string& error) {
  bool unknown = false;
  for (const auto& condition : conditions) {
    const auto result = context.evaluate(condition);
    if (result.error.empty() && result.value.is_false()) {
      return false;
    }
    if (!result.error.empty() || !result.value.is_true()) {
      unknown = true;
      error = result.error.empty() ? "a matchCondition is no bool" : result.error;
    }
  }
  return unknown ? std::nullopt : std::optional(true);
}

bool is_about(const policy::AdmissionException& exception, const policy::AdmissionRule& rule,
              const policy::AdmissionInputs& inputs, const NamespaceFacts& facts) {
  const bool expired = exception.expires && inputs.now && *inputs.now >= *exception.expires;
  const bool of_rule =
      exception.rules.empty() || std::ranges::any_of(exception.rules, [&](const auto& glob) {
        return matches_glob(glob, rule.name);
      });
  return !expired && of_rule &&
         (!exception.match ||
          exception.match->matches(*inputs.review,
                                   facts.known ? facts.object["metadata"]["labels"] : Node(),
                                   policy::KyvernoSide::kExclude));
}

AdmissionVerdict whole(Outcome outcome, std::string_view message, Arena& arena) {
  AdmissionVerdict verdict;
  verdict.outcome = outcome;
  verdict.message = arena.copy(message);
  return verdict;
}

/// An error of a ClusterPolicy's expressions is a violation.
Outcome error_of(const policy::AdmissionPolicy& policy) {
  return is_cluster_policy(policy) && policy.failure_policy == policy::FailurePolicy::kFail
             ? Outcome::kFail
             : Outcome::kError;
}

std::string_view word(const policy::Validation& validation, std::size_t index,
                      AdmissionContext& context) {
  if (validation.message_expression) {
    context.begin(Names::kMessages, context.budget());
    const auto result = context.evaluate(*validation.message_expression);
    if (result.error.empty() && result.value.is(ValueKind::kString)) {
      if (const auto text = trim(result.value.as_text()); !text.empty()) {
        return context.arena().copy(text);
      }
    }
  }
  const auto written = trim(validation.message);
  return context.arena().copy(
      written.empty() ? fmt::format("CEL expression validation failed at index {}", index)
                      : std::string(written));
}

AdmissionVerdict run_validations(const policy::AdmissionPolicy& policy,
                                 const policy::AdmissionRule& rule, AdmissionContext& context) {
  context.begin(Names::kExpressions, limits::kPolicyCostMax);
  for (std::size_t index = 0; index < rule.validations.size(); ++index) {
    const auto& validation = rule.validations[index];
    const auto result = context.evaluate(validation.expression);
    if (result.error.empty() && result.value.is_true()) {
      continue;
    }
    AdmissionVerdict verdict;
    if (!result.error.empty()) {
      verdict = whole(error_of(policy), result.error, context.arena());
    } else if (!result.value.is_false()) {
      verdict = whole(error_of(policy),
                      fmt::format("expression '{}' must come to a bool, not to {}",
                                  validation.expression.text, cel::runtime_type(result.value).name),
                      context.arena());
    } else {
      verdict = whole(Outcome::kFail, word(validation, index, context), context.arena());
      verdict.reason = validation.reason;
    }
    verdict.validation = index;
    return verdict;
  }
  return {};
}

void annotate(const policy::AdmissionRule& rule, AdmissionContext& context, RuleResult& made) {
  context.begin(Names::kMessages, limits::kPolicyCostMax);
  for (const auto& annotation : rule.audit_annotations) {
    const auto result = context.evaluate(annotation.expression);
    if (!result.error.empty()) {
      if (made.verdicts.front().outcome == Outcome::kPass) {
        made.verdicts.front() = whole(Outcome::kError,
                                      fmt::format("failed to evaluate auditAnnotation '{}': {}",
                                                  annotation.key, result.error),
                                      context.arena());
      }
    } else if (result.value.is(ValueKind::kString) && result.value.size() > 0) {
      made.annotations.emplace_back(
          annotation.key, result.value.as_text().substr(0, limits::kAuditAnnotationBytesMax));
    }
  }
}

}  // namespace

ExceptionResult find_exceptions(const policy::AdmissionPolicy& policy,
                                const policy::AdmissionRule& rule,
                                const policy::AdmissionInputs& inputs, const NamespaceFacts& facts,
                                AdmissionContext& context) {
  ExceptionResult found;
  std::vector<std::string> names;
  std::int64_t priority = 0;
  for (const auto& exception : policy.exceptions) {
    if (!is_about(exception, rule, inputs, facts)) {
      continue;
    }
    context.begin(Names::kConditions, limits::kMatchConditionsCostMax);
    std::string error;
    const auto holding = holds(exception.conditions, context, error);
    if (!holding && !found.excepted && found.error.empty()) {
      found.error = error;
    }
    if (!holding.value_or(false)) {
      continue;
    }
    const bool first = names.empty();
    names.push_back(exception.namespace_name.empty()
                        ? exception.name
                        : exception.namespace_name + "/" + exception.name);
    if (first || exception.priority > priority) {
      priority = exception.priority;
      found.passes = exception.reported_as_pass;
    }
    if (exception.images.empty() && exception.values.empty()) {
      found.excepted = true;
    }
    found.images.insert(found.images.end(), exception.images.begin(), exception.images.end());
    found.values.insert(found.values.end(), exception.values.begin(), exception.values.end());
  }
  if (found.excepted) {
    found.error.clear();
    found.message = fmt::format("excused by PolicyException {}", fmt::join(names, ", "));
  }
  return found;
}

AdmissionVerdict excepted_verdict(const ExceptionResult& exceptions, Arena& arena) {
  return whole(exceptions.passes ? Outcome::kPass : Outcome::kSkip,
               exceptions.passes ? "" : exceptions.message, arena);
}

RuleResult validate_kyverno(const policy::AdmissionPolicy& policy,
                            const policy::AdmissionRule& rule, const NamespaceFacts& facts,
                            policy::AdmissionInputs& inputs, AdmissionContext& context) {
  RuleResult made;
  Arena& arena = context.arena();
  auto exceptions = find_exceptions(policy, rule, inputs, facts, context);
  if (exceptions.excepted) {
    made.verdicts.push_back(excepted_verdict(exceptions, arena));
    return made;
  }
  if (!exceptions.error.empty()) {
    made.verdicts.push_back(whole(Outcome::kError, exceptions.error, arena));
    return made;
  }
  inputs.allowed_images = std::move(exceptions.images);
  inputs.allowed_values = std::move(exceptions.values);
  const auto conditions = check_conditions(rule, context);
  if (!conditions.error.empty()) {
    const bool ignored = policy.failure_policy == policy::FailurePolicy::kIgnore;
    made.verdicts.push_back(
        whole(ignored ? Outcome::kSkip : error_of(policy), conditions.error, arena));
    return made;
  }
  if (!conditions.matches) {
    made.verdicts.push_back(whole(
        Outcome::kSkip,
        fmt::format("does not apply: matchCondition '{}' is false", conditions.failed), arena));
    return made;
  }
  made.verdicts.push_back(run_validations(policy, rule, context));
  annotate(rule, context, made);
  return made;
}

}  // namespace seaworthy::engine
