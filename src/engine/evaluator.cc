#include "seaworthy/engine/evaluator.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/policy/functions.h"

namespace seaworthy::engine {
namespace {

using cel::Value;
using policy::Policy;

std::span<Value> make_slots(const Policy& policy, Arena& arena) {
  auto* slots = arena.allocate_array<Value>(policy.slots.count);
  std::uninitialized_default_construct_n(slots, policy.slots.count);
  return {slots, policy.slots.count};
}

std::string text_of_error(const Value& value) {
  return value.is_error() ? std::string(value.as_error().message) : std::string("it is not a bool");
}

}  // namespace

PolicyContext::PolicyContext(const Policy& policy, const Target& target, Arena& arena,
                             std::span<const policy::Parameter> overrides, cel::Memo* memo)
    : policy_(&policy),
      parameters_(overrides.empty() ? std::span<const policy::Parameter>(policy.parameters)
                                    : overrides),
      slots_(make_slots(policy, arena)),
      evaluation_(arena, slots_, this, memo) {
  const auto& slots = policy.slots;
  const auto& pod = target.pod();
  set(slots.object, Value::of(target.object()));
  set(slots.old_object, Value::of(target.review().old_object));
  set(slots.request, Value::of(target.request()));
  set(slots.namespace_object, Value::of(target.namespace_object()));
  set(slots.pod, pod ? Value::of(pod->spec) : Value::null());
  set(slots.pod_metadata, pod ? Value::of(pod->metadata) : Value::null());
}

void PolicyContext::set(cel::Slot slot, const Value& value) {
  if (slot != policy::kNoSlot) {
    slots_[slot] = value;
  }
}

void PolicyContext::select(const Target::Part& part) {
  const auto& slots = policy_->slots;
  set(slots.container, Value::of(part.node));
  set(slots.container_kind, Value::string(admission::name_of(part.container_kind)));
  set(slots.volume, Value::of(part.node));
  set(slots.image, Value());  // taken apart when first asked for
  if (slots.image != policy::kNoSlot) {
    image_ = part.image;
  }
  std::fill(slots_.begin() + slots.first_variable, slots_.end(), Value());
}

Value PolicyContext::resolve(std::uint32_t slot, cel::Evaluation& evaluation) {
  const auto& slots = policy_->slots;
  if (slot == slots.image) {
    return Value::of(policy::image_node(image_, evaluation.arena()));
  }
  // A budget of its own: what a variable costs is not the cost of who reads it first.
  cel::Evaluation own(evaluation.arena(), slots_, this, evaluation.memo());
  if (slot >= slots.first_variable) {
    return policy_->variables[slot - slots.first_variable].program->evaluate(own);
  }
  const auto& parameter = parameters_[slot - slots.first_parameter];
  return parameter.program == nullptr ? Value::of(parameter.value)
                                      : parameter.program->evaluate(own);
}

Finding PolicyContext::evaluate(const Target::Part& part) {
  select(part);
  Finding finding{.policy = policy_, .outcome = Outcome::kPass, .item = part.item, .message = {}};
  if (policy_->when != nullptr) {
    evaluation_.start();
    if (policy_->when->evaluate(evaluation_).is_false()) {
      finding.outcome = Outcome::kSkip;
      return finding;
    }
  }
  evaluation_.start();
  const Value verdict = policy_->require->evaluate(evaluation_);
  if (verdict.is_true()) {
    return finding;
  }
  if (!verdict.is_false()) {
    finding.outcome = Outcome::kError;
    finding.message = fmt::format("{}: its rule could not be evaluated: {}", policy_->title,
                                  text_of_error(verdict));
    return finding;
  }
  finding.outcome = Outcome::kFail;
  const Value message = policy_->message.render(evaluation_);
  const bool usable = !message.is_error() && message.is(cel::ValueKind::kString) &&
                      !trim(message.as_text()).empty();
  finding.message =
      usable ? one_line(trim(message.as_text()), limits::kMessageCodePointsMax) : policy_->title;
  return finding;
}

bool selects(const Policy& policy, const Target& target) {
  const auto& review = target.review();
  if (policy.match) {
    return policy.match->matches(review, target.namespace_object()["metadata"]["labels"]) &&
           (target.pod() || policy.each == policy::Each::kPod);
  }
  const bool judged = review.operation == admission::Operation::kCreate ||
                      review.operation == admission::Operation::kUpdate;
  const bool whole = review.sub_resource.empty() || review.sub_resource == "ephemeralcontainers" ||
                     review.sub_resource == "resize";
  return judged && whole && target.pod();
}

Result<Findings> evaluate(std::span<const std::shared_ptr<const Policy>> policies,
                          const Target& target, Arena& arena, const Deadline& deadline,
                          std::span<const policy::Parameter> overrides) {
  Findings findings;
  // One memo for the policies that were loaded together, which is all of them but in tests.
  const auto layout = policies.empty() ? nullptr : policies.front()->memo;
  std::optional<cel::Memo> memo;
  if (layout != nullptr) {
    memo.emplace(*layout, arena);
  }
  for (const auto& policy : policies) {
    if (!selects(*policy, target)) {
      continue;
    }
    if (deadline.passed()) {
      return fail(ErrorCode::kUnavailable, "the deadline passed before every policy was evaluated");
    }
    cel::Memo* const shared = memo && policy->memo == layout ? &*memo : nullptr;
    PolicyContext context(*policy, target, arena, overrides, shared);
    const auto& parts = target.parts(policy->each);
    const cel::MemoScope scope = policy::memo_scope(policy->each);
    for (std::size_t row = 0; row < parts.size(); ++row) {
      if (shared != nullptr && scope != 0) {
        shared->select(scope, static_cast<std::uint32_t>(row),
                       static_cast<std::uint32_t>(parts.size()));
      }
      findings.push_back(context.evaluate(parts[row]));
    }
  }
  return findings;
}

}  // namespace seaworthy::engine
