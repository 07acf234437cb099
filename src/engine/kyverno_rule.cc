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
using Names = AdmissionContext::Names;

bool is_cluster_policy(const policy::AdmissionPolicy& policy) {
  return policy.kind == policy::AdmissionKind::kKyvernoClusterPolicy;
}

bool is_about(const policy::AdmissionException& exception, const policy::AdmissionRule& rule,
              const policy::AdmissionInputs& inputs, const NamespaceFacts& facts) {
  const bool expired = exception.expires && inputs.now && *inputs.now >= *exception.expires;
  const bool of_rule =
      exception.rules.empty() || std::ranges::any_of(exception.rules, [&](const auto& glob) {
        return matches_glob(glob, rule.known_as);
      });
  return !expired && of_rule &&
         (!exception.match ||
          exception.match->matches(*inputs.review, labels_of(facts, *inputs.review),
                                   policy::KyvernoDoubt::kFails));
}

std::string name_of(const policy::AdmissionException& exception) {
  return exception.namespace_name.empty() ? exception.name
                                          : exception.namespace_name + "/" + exception.name;
}

/// Whether failurePolicy lets pass what its conditions cannot tell. Of a ClusterPolicy it is about
/// what the rule needs (its params), not about its expressions: Kyverno runs those without it.
bool ignores_errors(const policy::AdmissionPolicy& policy) {
  return !is_cluster_policy(policy) && policy.failure_policy == policy::FailurePolicy::kIgnore;
}

AdmissionVerdict whole(Outcome outcome, std::string_view message, Arena& arena) {
  AdmissionVerdict verdict;
  verdict.outcome = outcome;
  verdict.message = arena.copy(message);
  return verdict;
}

/// An error of a ClusterPolicy's expressions is a violation, whatever its failurePolicy.
Outcome error_of(const policy::AdmissionPolicy& policy) {
  return is_cluster_policy(policy) ? Outcome::kFail : Outcome::kError;
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
  // Of a MutatingPolicy the error counts even under Ignore (pkg/cel/policies/mpol/compiler).
  const bool validates = !policy::is_mutating(policy.kind);
  for (const auto& exception : policy.exceptions) {
    if (!is_about(exception, rule, inputs, facts)) {
      continue;
    }
    const auto conditions = check_conditions(exception.conditions, context);
    if (!conditions.matches) {
      // One that nobody can tell of holds for nothing, and where errors count it is one.
      const bool told = conditions.error.empty() || (validates && ignores_errors(policy));
      if (!told && !found.excepted && found.error.empty()) {
        found.error = fmt::format("PolicyException {}: {}", name_of(exception), conditions.error);
      }
      continue;
    }
    const bool first = names.empty();
    names.push_back(name_of(exception));
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
  const auto conditions = check_conditions(rule.match_conditions, context);
  if (!conditions.error.empty()) {
    made.verdicts.push_back(
        whole(ignores_errors(policy) ? Outcome::kSkip : error_of(policy), conditions.error, arena));
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
