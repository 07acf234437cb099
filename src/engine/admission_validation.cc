// matchConditions, then all validations, then all messageExpressions from what is left of their
// budget (also those of validations that pass), then the auditAnnotations. Budgets and errors end
// phases as they do in the API server, because their texts are what users get to read.
#include "engine/admission_validation.h"

#include <algorithm>
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

/// Go's strings.TrimSpace: Unicode's white space, too.
std::string_view trim_space(std::string_view text) {
  constexpr std::string_view kAscii = " \t\n\v\f\r";
  constexpr std::array<std::string_view, 19> kWide{"\u0085", "\u00a0", "\u1680", "\u2000", "\u2001",
                                                   "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
                                                   "\u2007", "\u2008", "\u2009", "\u200a", "\u2028",
                                                   "\u2029", "\u202f", "\u205f", "\u3000"};
  for (bool again = true; again && !text.empty();) {
    again = false;
    if (kAscii.find(text.front()) != std::string_view::npos) {
      text.remove_prefix(1);
      again = true;
    } else if (kAscii.find(text.back()) != std::string_view::npos) {
      text.remove_suffix(1);
      again = true;
    }
    for (const auto space : kWide) {
      if (text.starts_with(space)) {
        text.remove_prefix(space.size());
        again = true;
      } else if (text.ends_with(space)) {
        text.remove_suffix(space.size());
        again = true;
      }
    }
  }
  return text;
}

/// The text of an aggregate: one alone as it is, more in brackets, each once. Rule: apimachinery
/// util/errors, aggregate.Error.
std::string aggregate(const std::vector<std::string>& errors) {
  std::vector<std::string> distinct;
  for (const auto& error : errors) {
    if (std::ranges::find(distinct, error) == distinct.end()) {
      distinct.push_back(error);
    }
  }
  return distinct.size() == 1 ? distinct[0] : fmt::format("[{}]", fmt::join(distinct, ", "));
}

AdmissionVerdict whole(Outcome outcome, std::string_view message, AdmissionContext& context) {
  AdmissionVerdict verdict;
  verdict.outcome = outcome;
  verdict.message = context.arena().copy(message);
  return verdict;
}

/// What messageExpressions came to: a text for each validation, empty where there is none of use.
struct Messages {
  std::vector<std::string_view> texts;
  std::string error;  ///< Of all of them: the budget is spent.
};

/// A message must be one line of at most limits::kExpressionResultBytesMax bytes.
std::string_view usable_message(const AdmissionValue& result) {
  if (!result.error.empty() || !result.value.is(ValueKind::kString)) {
    return {};
  }
  const auto text = trim_space(result.value.as_text());
  return text.size() > limits::kExpressionResultBytesMax ||
                 text.find('\n') != std::string_view::npos
             ? std::string_view()
             : text;
}

Messages word_validations(const policy::AdmissionRule& rule, AdmissionContext& context) {
  Messages messages;
  messages.texts.resize(rule.validations.size());
  context.begin(Names::kMessages, context.budget());
  for (std::size_t index = 0; index < rule.validations.size(); ++index) {
    const auto& expression = rule.validations[index].message_expression;
    if (!expression) {
      continue;
    }
    const auto result = context.evaluate(*expression);
    if (context.out_of_budget()) {
      messages.error = fmt::format("failed messageExpression: {}", kOutOfBudget);
      return messages;
    }
    messages.texts[index] = usable_message(result);
  }
  return messages;
}

std::string_view message_of(const policy::Validation& validation, std::string_view computed,
                            Arena& arena) {
  if (!computed.empty()) {
    return computed;
  }
  if (const auto text = trim_space(validation.message); !text.empty()) {
    return text;
  }
  return arena.copy(fmt::format("failed expression: {}", trim_space(validation.expression.text)));
}

AdmissionVerdict decide(const policy::Validation& validation, const AdmissionValue& result,
                        std::string_view message, const std::string& message_error, Arena& arena) {
  AdmissionVerdict verdict;
  if (!result.error.empty() || !message_error.empty()) {
    verdict.outcome = Outcome::kError;
    verdict.message = arena.copy(result.error.empty() ? message_error : result.error);
  } else if (!result.value.is_true()) {
    verdict.outcome = Outcome::kFail;
    verdict.reason = validation.reason;
    verdict.message = message_of(validation, message, arena);
  }
  return verdict;
}

/// The value of an auditAnnotation; empty for none.
std::string_view annotation_value(const AdmissionValue& result) {
  const auto text =
      result.value.is(ValueKind::kString) ? trim_space(result.value.as_text()) : std::string_view();
  return text.substr(0, limits::kAuditAnnotationBytesMax);
}

void annotate(const policy::AdmissionPolicy& policy, const policy::AdmissionRule& rule,
              AdmissionContext& context, RuleResult& made) {
  context.begin(Names::kMessages, limits::kPolicyCostMax);
  std::vector<std::pair<std::string, std::string>> annotations;
  std::vector<AdmissionVerdict> errors;
  for (const auto& annotation : rule.audit_annotations) {
    const auto result = context.evaluate(annotation.expression);
    if (context.out_of_budget()) {
      // One error takes the place of everything that was decided.
      made.verdicts = {whole(Outcome::kError, kOutOfBudget, context)};
      return;
    }
    if (!result.error.empty()) {
      auto error = whole(Outcome::kError, result.error, context);
      error.refuses = policy.failure_policy == policy::FailurePolicy::kFail;
      errors.push_back(error);
    } else if (const auto value = annotation_value(result); !value.empty()) {
      annotations.emplace_back(annotation.key, value);
    }
  }
  made.annotations = std::move(annotations);
  made.verdicts.insert(made.verdicts.end(), errors.begin(), errors.end());
}

}  // namespace

ConditionsResult check_conditions(const std::vector<policy::MatchCondition>& conditions,
                                  AdmissionContext& context) {
  ConditionsResult result;
  if (conditions.empty()) {
    return result;
  }
  context.begin(Names::kConditions, limits::kMatchConditionsCostMax);
  std::vector<std::string> errors;
  for (const auto& condition : conditions) {
    auto value = context.evaluate(condition.expression);
    if (context.out_of_budget()) {
      return {.matches = false, .failed = {}, .error = std::string(kOutOfBudget)};
    }
    if (value.error.empty() && !value.value.is(ValueKind::kBool)) {
      value.error = fmt::format("matchCondition '{}' must come to a bool, not to {}",
                                condition.name, cel::runtime_type(value.value).name);
    }
    if (!value.error.empty()) {
      errors.push_back(std::move(value.error));
    } else if (value.value.is_false() && result.failed.empty()) {
      result.matches = false;
      result.failed = condition.name;
    }
  }
  if (result.matches && !errors.empty()) {
    return {.matches = false, .failed = {}, .error = aggregate(errors)};
  }
  return result;
}

RuleResult validate(const policy::AdmissionPolicy& policy, const policy::AdmissionRule& rule,
                    AdmissionContext& context) {
  RuleResult made;
  const auto conditions = check_conditions(rule.match_conditions, context);
  if (!conditions.error.empty()) {
    made.verdicts.push_back(whole(Outcome::kError, conditions.error, context));
    return made;
  }
  if (!conditions.matches) {
    made.verdicts.push_back(whole(
        Outcome::kSkip,
        fmt::format("does not apply: matchCondition '{}' is false", conditions.failed), context));
    return made;
  }
  context.begin(Names::kExpressions, limits::kPolicyCostMax);
  std::vector<AdmissionValue> results;
  results.reserve(rule.validations.size());
  for (const auto& validation : rule.validations) {
    results.push_back(context.evaluate(validation.expression));
    if (context.out_of_budget()) {
      made.verdicts.push_back(whole(Outcome::kError, kOutOfBudget, context));
      return made;
    }
  }
  const auto messages = word_validations(rule, context);
  for (std::size_t index = 0; index < results.size(); ++index) {
    auto verdict = decide(rule.validations[index], results[index], messages.texts[index],
                          messages.error, context.arena());
    verdict.validation = index;
    made.verdicts.push_back(verdict);
  }
  annotate(policy, rule, context, made);
  return made;
}

}  // namespace seaworthy::engine
