#include "seaworthy/engine/evaluator.h"

#include <algorithm>
#include <array>
#include <memory>
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
      target_(&target),
      parameters_(overrides.empty() ? std::span<const policy::Parameter>(policy.parameters)
                                    : overrides),
      slots_(make_slots(policy, arena)),
      evaluation_(arena, slots_, this, memo) {
  const auto& slots = policy.slots;
  const auto& pod = target.pod();
  set(slots.object, Value::of(target.object()));
  set(slots.old_object, Value::of(target.review().old_object));
  set(slots.namespace_object, Value::of(target.namespace_object()));
  set(slots.pod, pod ? Value::of(pod->spec) : Value::null());
  set(slots.pod_metadata, pod ? Value::of(pod->metadata) : Value::null());
}

void PolicyContext::set(cel::Slot slot, const Value& value) {
  if (slot != policy::kNoSlot) {
    slots_[slot] = value;
  }
}

void PolicyContext::select(const Target::Part& part, Value* image) {
  const auto& slots = policy_->slots;
  set(slots.container, Value::of(part.node));
  set(slots.container_kind, Value::string(admission::name_of(part.container_kind)));
  set(slots.volume, Value::of(part.node));
  set(slots.image, Value());  // taken apart when first asked for
  if (slots.image != policy::kNoSlot) {
    image_ = part.image;
    kept_image_ = image;
  }
  std::fill(slots_.begin() + slots.first_variable, slots_.end(), Value());
}

Value PolicyContext::resolve(std::uint32_t slot, cel::Evaluation& evaluation) {
  const auto& slots = policy_->slots;
  if (slot == slots.image) {
    if (kept_image_ != nullptr && !kept_image_->is(cel::ValueKind::kUnset)) {
      return *kept_image_;
    }
    const Value image = Value::of(policy::image_node(image_, evaluation.arena()));
    if (kept_image_ != nullptr) {
      *kept_image_ = image;
    }
    return image;
  }
  if (slot == slots.request) {
    return Value::of(target_->request());
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

Finding PolicyContext::evaluate(const Target::Part& part, Value* image) {
  select(part, image);
  Finding finding{.policy = policy_, .item = &part.item, .message = {}, .outcome = Outcome::kPass};
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
    finding.message = evaluation_.arena().copy(fmt::format(
        "{}: its rule could not be evaluated: {}", policy_->title, text_of_error(verdict)));
    return finding;
  }
  finding.outcome = Outcome::kFail;
  const Value message = policy_->message.render(evaluation_);
  const bool usable = !message.is_error() && message.is(cel::ValueKind::kString) &&
                      !trim(message.as_text()).empty();
  finding.message = usable ? evaluation_.arena().copy(
                                 one_line(trim(message.as_text()), limits::kMessageCodePointsMax))
                           : std::string_view(policy_->title);
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

namespace {

/// What the policies of one request have in common. One memo serves the policies that were loaded
/// together, which is all of them but in tests.
class RequestShare {
 public:
  RequestShare(std::span<const std::shared_ptr<const Policy>> policies, const Target& target,
               Arena& arena)
      : layout_(policies.empty() ? nullptr : policies.front()->memo),
        passing_twins_(policies.size() + 1) {
    if (layout_ != nullptr) {
      memo_.emplace(*layout_, arena);
    }
    for (const policy::Each each : {policy::Each::kContainer, policy::Each::kImage}) {
      const std::size_t count = target.parts(each).size();
      Value* room = arena.allocate_array<Value>(count);
      std::uninitialized_default_construct_n(room, count);
      images_[policy::memo_scope(each)] = {room, count};
    }
  }

  /// Null where the policy was loaded apart from the others.
  cel::Memo* memo_for(const Policy& policy) {
    return memo_ && policy.memo == layout_ ? &*memo_ : nullptr;
  }

  Value* image(cel::MemoScope scope, std::size_t row) {
    return images_[scope].empty() ? nullptr : &images_[scope][row];
  }

  [[nodiscard]] bool twin_passed(const Policy& policy) const {
    return has_twins(policy) && passing_twins_[policy.twin];
  }

  void note_passed(const Policy& policy) {
    if (has_twins(policy)) {
      passing_twins_[policy.twin] = true;
    }
  }

 private:
  [[nodiscard]] bool has_twins(const Policy& policy) const {
    return policy.twin != 0 && policy.twin < passing_twins_.size() && policy.memo == layout_;
  }

  std::shared_ptr<const cel::MemoLayout> layout_;
  std::optional<cel::Memo> memo_;
  std::vector<bool> passing_twins_;  ///< By twin number: passed on every part.
  std::array<std::span<Value>, cel::kMemoScopes> images_;
};

/// One policy on all its parts; whether it passed everywhere.
bool evaluate_parts(const Policy& policy, const Target& target, RequestShare& share, Arena& arena,
                    const ParameterValues& parameters, Findings& findings) {
  cel::Memo* const memo = parameters.differ_for(policy) ? nullptr : share.memo_for(policy);
  PolicyContext context(policy, target, arena, parameters.of(policy), memo);
  const cel::MemoScope scope = policy::memo_scope(policy.each);
  const auto& parts = target.parts(policy.each);
  bool passed = true;
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (memo != nullptr && scope != 0) {
      memo->select(scope, static_cast<std::uint32_t>(row),
                   static_cast<std::uint32_t>(parts.size()));
    }
    findings.push_back(context.evaluate(parts[row], share.image(scope, row)));
    passed = passed && findings.back().outcome == Outcome::kPass;
  }
  return passed;
}

}  // namespace

Result<Findings> evaluate(std::span<const std::shared_ptr<const Policy>> policies,
                          const Target& target, Arena& arena, const Deadline& deadline,
                          const ParameterValues& parameters) {
  Findings findings;
  findings.reserve(policies.size() * 2 + target.parts(policy::Each::kContainer).size());
  RequestShare share(policies, target, arena);
  for (const auto& policy : policies) {
    if (!selects(*policy, target)) {
      continue;
    }
    if (deadline.passed()) {
      return fail(ErrorCode::kUnavailable, "the deadline passed before every policy was evaluated");
    }
    const bool alone = parameters.differ_for(*policy);
    if (!alone && share.twin_passed(*policy)) {
      for (const auto& part : target.parts(policy->each)) {
        findings.push_back({policy.get(), &part.item, {}, Outcome::kPass});
      }
    } else if (evaluate_parts(*policy, target, share, arena, parameters, findings) && !alone) {
      share.note_passed(*policy);
    }
  }
  return findings;
}

}  // namespace seaworthy::engine
