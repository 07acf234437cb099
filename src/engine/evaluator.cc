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

void set(std::span<Value> slots, cel::Slot slot, const Value& value) {
  if (slot != policy::kNoSlot) {
    slots[slot] = value;
  }
}

/// Slots for policies of this one's variables: what holds for the whole request is set, all else is
/// asked for.
std::span<Value> make_slots(const policy::NativeSlots& variables, std::size_t count,
                            const Target& target, Arena& arena) {
  auto* const room = arena.allocate_array<Value>(count);
  std::uninitialized_default_construct_n(room, count);
  const std::span<Value> slots{room, count};
  const auto& pod = target.pod();
  set(slots, variables.object, Value::of(target.object()));
  set(slots, variables.old_object, Value::of(target.review().old_object));
  set(slots, variables.namespace_object, Value::of(target.namespace_object()));
  set(slots, variables.pod, pod ? Value::of(pod->spec) : Value::null());
  set(slots, variables.pod_metadata, pod ? Value::of(pod->metadata) : Value::null());
  return slots;
}

void set_part(std::span<Value> slots, const policy::NativeSlots& variables,
              const Target::Part& part) {
  set(slots, variables.container, Value::of(part.node));
  set(slots, variables.container_kind, Value::string(admission::name_of(part.container_kind)));
  set(slots, variables.volume, Value::of(part.node));
  set(slots, variables.image, Value());  // taken apart when first asked for
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
      evaluation_(arena, {}, this, memo) {}

void PolicyContext::select(const Target::Part& part) {
  if (slots_.empty()) {
    slots_ = make_slots(policy_->slots, policy_->slots.count, *target_, evaluation_.arena());
  }
  set_part(slots_, policy_->slots, part);
  select(part, slots_);
}

void PolicyContext::select(const Target::Part& part, std::span<Value> slots) {
  slots_ = slots.first(policy_->slots.count);
  image_ = part.image;
  evaluation_.use(slots_);
  std::fill(slots_.begin() + policy_->slots.first_variable, slots_.end(), Value());
}

Value PolicyContext::resolve(std::uint32_t slot, cel::Evaluation& evaluation) {
  const auto& slots = policy_->slots;
  if (slot == slots.image) {
    return Value::of(policy::image_node(image_, evaluation.arena()));
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

Finding PolicyContext::evaluate(const Target::Part& part, Wording wording, bool passes) {
  Finding finding{.policy = policy_, .item = &part.item, .message = {}, .outcome = Outcome::kPass};
  if (policy_->when != nullptr) {
    evaluation_.start();
    if (policy_->when->evaluate(evaluation_).is_false()) {
      finding.outcome = Outcome::kSkip;
      return finding;
    }
  }
  if (passes) {
    return finding;
  }
  evaluation_.start();
  const Value verdict = policy_->require->evaluate(evaluation_);
  if (verdict.is_true()) {
    return finding;
  }
  finding.outcome = verdict.is_false() ? Outcome::kFail : Outcome::kError;
  if (wording == Wording::kNone) {
    return finding;
  }
  if (finding.outcome == Outcome::kError) {
    finding.message = evaluation_.arena().copy(fmt::format(
        "{}: its rule could not be evaluated: {}", policy_->title, text_of_error(verdict)));
    return finding;
  }
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
/// together, which is all of them but in tests and for those that go on from an earlier load; so do
/// the slots of each part, in which only a policy's own variables differ from the next one's.
class RequestShare {
 public:
  RequestShare(std::span<const std::shared_ptr<const Policy>> policies, const Target& target,
               Arena& arena)
      : target_(&target),
        arena_(&arena),
        layout_(policies.empty() ? nullptr : policies.front()->memo.get()),
        passing_twins_(policies.size() + 1) {
    if (layout_ == nullptr) {
      return;
    }
    memo_.emplace(*layout_, arena);
    for (const auto& policy : policies) {
      auto& most = slot_counts_.at(policy::memo_scope(policy->each));
      most = std::max<std::size_t>(most, policy->slots.count);
    }
  }

  /// True where the policy was loaded together with the others.
  [[nodiscard]] bool has(const Policy& policy) const {
    return layout_ != nullptr && policy.memo.get() == layout_;
  }

  [[nodiscard]] cel::Memo* memo() { return &*memo_; }

  /// What can be said of the policy there without running it.
  struct Known {
    bool skips = false;
    bool applies = false;  ///< `when` holds.
    bool passes = false;   ///< Where it applies.
  };

  Known known(const Policy& policy, std::size_t row) {
    using Answer = policy::Footprint::Answer;
    const auto& footprint = policy.footprint;
    const auto& part = target_->parts(policy.each)[row];
    const auto& present = fields(policy, row);
    const auto kind = static_cast<std::size_t>(part.container_kind);
    const Answer when = footprint.when.answer(present, kind);
    return {.skips = when == Answer::kFalse,
            .applies = when == Answer::kTrue,
            .passes = footprint.require.answer(present, kind) == Answer::kTrue};
  }

  /// Makes the part the memo's, and answers its slots with the bundle's parameters.
  std::span<Value> select(const Policy& policy, std::size_t row) {
    const cel::MemoScope scope = policy::memo_scope(policy.each);
    const auto parts = target_->parts(policy.each);
    if (scope != 0) {
      memo_->select(scope, static_cast<std::uint32_t>(row),
                    static_cast<std::uint32_t>(parts.size()));
    }
    PartSlots& part = part_of(scope, row, parts.size());
    if (part.bundle == nullptr) {
      part.slots = make_slots(policy.slots, slot_counts_.at(scope), *target_, *arena_);
      set_part(part.slots, policy.slots, parts[row]);
    } else if (*part.bundle != policy.bundle) {
      std::fill(part.slots.begin() + policy.slots.first_parameter, part.slots.end(), Value());
    }
    part.bundle = &policy.bundle;
    return part.slots;
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
  struct PartSlots {
    std::span<Value> slots;
    const std::string* bundle = nullptr;  ///< Whose parameters are in them; null before first use.
    std::optional<policy::FieldSet> fields;  ///< Its own and the Pod's that are there.
  };

  PartSlots& part_of(cel::MemoScope scope, std::size_t row, std::size_t rows) {
    auto& parts = rows_.at(scope);
    if (parts.empty()) {
      parts = {arena_->allocate_array<PartSlots>(rows), rows};
      std::uninitialized_default_construct_n(parts.data(), parts.size());
    }
    return parts[row];
  }

  const policy::FieldSet& fields(const Policy& policy, std::size_t row) {
    const auto parts = target_->parts(policy.each);
    auto& part = part_of(policy::memo_scope(policy.each), row, parts.size());
    if (!part.fields) {
      part.fields = pod_fields(*policy.fields);
      if (policy.each == policy::Each::kContainer) {
        policy.fields->find(policy::FieldRoot::kContainer, parts[row].node, *part.fields);
      } else if (policy.each == policy::Each::kVolume) {
        policy.fields->find(policy::FieldRoot::kVolume, parts[row].node, *part.fields);
      }
    }
    return *part.fields;
  }

  const policy::FieldSet& pod_fields(const policy::FieldIndex& index) {
    if (!pod_fields_) {
      const auto& pod = target_->pod();
      pod_fields_.emplace();
      index.find(policy::FieldRoot::kObject, target_->object(), *pod_fields_);
      index.find(policy::FieldRoot::kPod, pod ? pod->spec : document::Node(), *pod_fields_);
      index.find(policy::FieldRoot::kPodMetadata, pod ? pod->metadata : document::Node(),
                 *pod_fields_);
    }
    return *pod_fields_;
  }

  [[nodiscard]] bool has_twins(const Policy& policy) const {
    return policy.twin != 0 && policy.twin < passing_twins_.size() && has(policy);
  }

  const Target* target_;
  Arena* arena_;
  const cel::MemoLayout* layout_;
  std::optional<cel::Memo> memo_;
  std::vector<bool> passing_twins_;  ///< By twin number: passed on every part.
  std::array<std::size_t, cel::kMemoScopes> slot_counts_{};
  std::array<std::span<PartSlots>, cel::kMemoScopes> rows_;
  std::optional<policy::FieldSet> pod_fields_;
};

/// One policy on all its parts; whether it passed everywhere.
bool evaluate_parts(const Policy& policy, const Target& target, RequestShare& share, Arena& arena,
                    Wording wording, Findings& findings) {
  std::optional<PolicyContext> context;
  const auto parts = target.parts(policy.each);
  bool passed = true;
  for (std::size_t row = 0; row < parts.size(); ++row) {
    const auto known = share.known(policy, row);
    if (known.skips || (known.applies && known.passes)) {
      const Outcome outcome = known.skips ? Outcome::kSkip : Outcome::kPass;
      findings.push_back({&policy, &parts[row].item, {}, outcome});
    } else {
      if (!context) {
        context.emplace(policy, target, arena, std::span<const policy::Parameter>(), share.memo());
      }
      context->select(parts[row], share.select(policy, row));
      findings.push_back(context->evaluate(parts[row], wording, known.passes));
    }
    passed = passed && findings.back().outcome == Outcome::kPass;
  }
  return passed;
}

/// The same for a policy that shares nothing with others.
void evaluate_alone(const Policy& policy, const Target& target,
                    std::span<const policy::Parameter> parameters, Arena& arena, Wording wording,
                    Findings& findings) {
  PolicyContext context(policy, target, arena, parameters);
  for (const auto& part : target.parts(policy.each)) {
    context.select(part);
    findings.push_back(context.evaluate(part, wording));
  }
}

/// The policy's findings where it is known what it comes to.
bool add_known(const Policy& policy, std::span<const Target::Part> parts,
               std::span<const Outcome> outcomes, Findings& findings) {
  for (std::size_t row = 0; row < outcomes.size(); ++row) {
    findings.push_back({&policy, &parts[row].item, {}, outcomes[row]});
  }
  return !outcomes.empty();
}

/// Looking at the clock costs as much as a simple rule.
constexpr std::size_t kPoliciesPerLook = 16;

}  // namespace

Result<Findings> evaluate(std::span<const std::shared_ptr<const Policy>> policies,
                          const Target& target, Arena& arena, const Deadline& deadline,
                          const ParameterValues& parameters, Wording wording,
                          const Memory& memory) {
  Findings findings;
  findings.reserve(policies.size() *
                   std::max<std::size_t>(2, target.parts(policy::Each::kContainer).size()));
  RequestShare share(policies, target, arena);
  std::size_t looked = 0;
  for (std::size_t at = 0; at < policies.size(); ++at) {
    const Policy& policy = *policies[at];
    if (!selects(policy, target)) {
      continue;
    }
    if (looked++ % kPoliciesPerLook == 0 && deadline.passed()) {
      return fail(ErrorCode::kUnavailable, "the deadline passed before every policy was evaluated");
    }
    const auto parts = target.parts(policy.each);
    const auto own = parameters.of(policy);
    const std::size_t first = findings.size();
    if (!own.empty() || !share.has(policy)) {
      evaluate_alone(policy, target, own, arena, wording, findings);
      continue;
    }
    if (memory.known != nullptr &&
        add_known(policy, parts, memory.known->of(at, parts.size(), wording == Wording::kFull),
                  findings)) {
      continue;
    }
    if (share.twin_passed(policy)) {
      for (const auto& part : parts) {
        findings.push_back({&policy, &part.item, {}, Outcome::kPass});
      }
    } else if (evaluate_parts(policy, target, share, arena, wording, findings)) {
      share.note_passed(policy);
    }
    if (memory.noted != nullptr) {
      memory.noted->note(at, std::span<const Finding>(findings).subspan(first));
    }
  }
  return findings;
}

}  // namespace seaworthy::engine
