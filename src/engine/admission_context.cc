// As apiserver pkg/admission/plugin/cel/activation.go and composition.go evaluate: an expression
// may spend limits::kExpressionCostMax, each variable that it is first to read as much again, and
// all of a phase together the phase's budget. A variable's error, that of its limit too, is an
// ordinary error where it is read.
#include "engine/admission_context.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace seaworthy::engine {
namespace {

using cel::Value;
using document::Node;

std::vector<std::string> texts(const Node& list) {
  std::vector<std::string> made;
  for (const Node& item : list.items()) {
    made.emplace_back(item.as_string());
  }
  return made;
}

}  // namespace

AdmissionCaller::AdmissionCaller(const admission::Review& review, cel::Authorizer* given)
    : authorizer(given) {
  const Node& info = review.user_info;
  user.name = info["username"].as_string();
  user.uid = info["uid"].as_string();
  user.groups = texts(info["groups"]);
  for (const auto& member : info["extra"].members()) {
    user.extra.emplace(member.key.text(), texts(member.value));
  }
  resource = {.group = std::string(review.resource.group),
              .resource = std::string(review.resource.resource),
              .subresource = std::string(review.sub_resource),
              .name_space = std::string(review.namespace_name),
              .name = std::string(review.name)};
}

AdmissionContext::AdmissionContext(const policy::AdmissionRule& rule,
                                   const policy::AdmissionInputs& inputs,
                                   const AdmissionCaller& caller, Arena& arena)
    : rule_(&rule), inputs_(&inputs), caller_(&caller), arena_(&arena), slots_(rule.slot_count) {}

void AdmissionContext::begin(Names names, std::uint64_t budget) {
  budget_ = budget;
  out_of_budget_ = false;
  std::ranges::fill(slots_, Value());
  const auto& slots = rule_->slots;
  slots_[slots.object] = Value::of(inputs_->object);
  slots_[slots.old_object] = Value::of(inputs_->old_object);
  // Kyverno's request has more than the platform's, and its conditions know the namespace.
  const bool platform = rule_->extra == nullptr;
  slots_[slots.request] = platform ? Value::of(inputs_->request) : Value();
  slots_[slots.namespace_object] = platform && names == Names::kConditions
                                       ? Value::null()
                                       : Value::of(inputs_->namespace_object);
  if (slots.params) {
    slots_[*slots.params] = Value::of(inputs_->params);
  }
  if (slots.authorizer && names != Names::kMessages) {
    slots_[slots.authorizer->authorizer] =
        cel::authorizer_value(caller_->authorizer, caller_->user, *arena_);
    slots_[slots.authorizer->request_resource] =
        cel::request_resource_value(caller_->authorizer, caller_->user, caller_->resource, *arena_);
  }
}

void AdmissionContext::renew_object(std::uint64_t budget) {
  budget_ = budget;
  out_of_budget_ = false;
  slots_[rule_->slots.object] = Value::of(inputs_->object);
}

bool AdmissionContext::spend(std::uint64_t cost) {
  if (cost > budget_) {
    out_of_budget_ = true;
    return false;
  }
  budget_ -= cost;
  return true;
}

AdmissionValue AdmissionContext::evaluate(const policy::AdmissionExpression& expression) {
  if (expression.program == nullptr) {
    return {.value = {}, .error = "compilation error: " + expression.compile_error};
  }
  variables_cost_ = 0;
  cel::Evaluation evaluation(*arena_, slots_, this);
  evaluation.start();
  const Value value = expression.program->evaluate(evaluation);
  if (!spend(variables_cost_) || !spend(evaluation.cost())) {
    return {.value = {}, .error = std::string(kOutOfBudget)};
  }
  if (value.is_error()) {
    return {.value = {},
            .error = fmt::format("expression '{}' resulted in error: {}", expression.text,
                                 value.as_error().message)};
  }
  return {.value = value};
}

Value AdmissionContext::resolve(std::uint32_t slot, cel::Evaluation& evaluation) {
  const auto found = std::ranges::find(rule_->variables, slot, &policy::AdmissionVariable::slot);
  if (const auto& authorizer = rule_->slots.authorizer;
      authorizer && (slot == authorizer->authorizer || slot == authorizer->request_resource)) {
    // begin() gave it no value.
    return evaluation.error(slot == authorizer->authorizer
                                ? "no such attribute(s): authorizer"
                                : "no such attribute(s): authorizer.requestResource");
  }
  if (found == rule_->variables.end()) {
    return rule_->extra == nullptr ? Value() : rule_->extra->resolve(slot, *inputs_, evaluation);
  }
  if (found->expression.program == nullptr) {
    return evaluation.error(fmt::format("composited variable \"{}\" fails to compile: {}",
                                        found->name, found->expression.compile_error));
  }
  cel::Evaluation inner(evaluation.arena(), evaluation.slots(), this);
  inner.start();
  const Value value = found->expression.program->evaluate(inner);
  variables_cost_ += inner.cost();
  if (value.is_error()) {
    return evaluation.error(fmt::format("composited variable \"{}\" fails to evaluate: {}",
                                        found->name, value.as_error().message));
  }
  return value;
}

}  // namespace seaworthy::engine
