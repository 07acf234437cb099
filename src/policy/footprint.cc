#include "seaworthy/policy/footprint.h"

#include <algorithm>
#include <array>
#include <memory>

#include "policy/footprint_finder.h"
#include "seaworthy/admission/workload.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {

std::optional<std::size_t> FieldIndex::number(FieldRoot root,
                                              std::span<const std::string_view> path) {
  auto* siblings = &roots_.at(static_cast<std::size_t>(root));
  std::size_t at = 0;
  for (const std::string_view name : path) {
    const auto found = std::ranges::find(
        *siblings, name, [&](std::size_t field) { return fields_[field].name.text(); });
    if (found == siblings->end()) {
      siblings->push_back(fields_.size());
      fields_.push_back({document::Key(names_.emplace_back(name)), std::nullopt, {}});
      at = fields_.size() - 1;
    } else {
      at = *found;
    }
    siblings = &fields_[at].children;
  }
  auto& number = fields_[at].number;
  if (!number && count_ < FieldSet::kFieldsMax) {
    number = count_++;
  }
  return number;
}

void FieldIndex::find(FieldRoot root, const document::Node& node, FieldSet& found) const {
  find(roots_.at(static_cast<std::size_t>(root)), node, found);
}

void FieldIndex::find(const std::vector<std::size_t>& fields, const document::Node& node,
                      FieldSet& found) const {
  if (!node.is_map()) {
    return add_all(fields, found);
  }
  for (const std::size_t at : fields) {
    const Field& field = fields_[at];
    const document::Node* value = node.find(field.name);
    if (value == nullptr) {
      continue;
    }
    if (field.number) {
      found.add(*field.number);
    }
    find(field.children, *value, found);
  }
}

void FieldIndex::add_all(const std::vector<std::size_t>& fields, FieldSet& found) const {
  for (const std::size_t at : fields) {
    if (fields_[at].number) {
      found.add(*fields_[at].number);
    }
    add_all(fields_[at].children, found);
  }
}

namespace {

using Answer = Footprint::Answer;

/// Parameters and variables of one policy, where nothing else is there.
class Nothing final : public cel::LazySlots {
 public:
  explicit Nothing(const Policy& policy) : policy_(&policy) {}

  cel::Value resolve(std::uint32_t slot, cel::Evaluation& evaluation) override {
    const auto& slots = policy_->slots;
    cel::Evaluation own(evaluation.arena(), evaluation.slots(), this);
    if (slot >= slots.first_variable) {
      return policy_->variables[slot - slots.first_variable].program->evaluate(own);
    }
    const auto& parameter = policy_->parameters[slot - slots.first_parameter];
    return parameter.program == nullptr ? cel::Value::of(parameter.value)
                                        : parameter.program->evaluate(own);
  }

 private:
  const Policy* policy_;
};

class FootprintFinder {
 public:
  FootprintFinder(const Policy& policy, FieldIndex& index) : policy_(&policy), index_(&index) {}

  Footprint find() {
    Footprint footprint;
    footprint.when.answers.fill(Answer::kTrue);
    if (policy_->when != nullptr) {
      footprint.when = find(*policy_->when);
    }
    footprint.require = find(*policy_->require);
    return footprint;
  }

 private:
  Footprint::Expression find(const cel::Program& program) {
    Footprint::Expression expression;
    if (!add_fields(program, expression.asked)) {
      return {};
    }
    if (!sees_image_) {
      for (std::size_t kind = 0; kind < expression.answers.size(); ++kind) {
        expression.answers.at(kind) = answer(program, static_cast<admission::ContainerKind>(kind));
      }
    }
    return expression;
  }

  /// Adds what the program asks for, itself and through variables; false where that is not all
  /// fields of what is indexed.
  bool add_fields(const cel::Program& program, FieldSet& asked) {
    const auto places = program.places();
    return places && std::ranges::all_of(
                         *places, [&](const cel::Place& place) { return add_place(place, asked); });
  }

  bool add_place(const cel::Place& place, FieldSet& asked) {
    const NativeSlots& slots = policy_->slots;
    if (place.slot == slots.container_kind) {
      return true;  // an answer for each
    }
    if (place.slot == slots.image) {
      sees_image_ = true;
      constexpr std::array<std::string_view, 1> kImage{"image"};
      return policy_->each != Each::kContainer || add_field(FieldRoot::kContainer, kImage, asked);
    }
    if (place.slot >= slots.first_variable) {
      return add_fields(*policy_->variables[place.slot - slots.first_variable].program, asked);
    }
    if (place.slot >= slots.first_parameter) {
      return true;
    }
    const auto root = root_of(place.slot);
    if (!root || place.path.empty()) {
      return false;
    }
    return add_field(*root, place.path, asked);
  }

  bool add_field(FieldRoot root, std::span<const std::string_view> path, FieldSet& asked) {
    const auto number = index_->number(root, path);
    if (number) {
      asked.add(*number);
    }
    return number.has_value();
  }

  [[nodiscard]] std::optional<FieldRoot> root_of(cel::Slot slot) const {
    const NativeSlots& slots = policy_->slots;
    if (slot == slots.object) {
      return FieldRoot::kObject;
    }
    if (slot == slots.pod) {
      return FieldRoot::kPod;
    }
    if (slot == slots.pod_metadata) {
      return FieldRoot::kPodMetadata;
    }
    if (slot == slots.container) {
      return FieldRoot::kContainer;
    }
    return slot == slots.volume ? std::optional(FieldRoot::kVolume) : std::nullopt;
  }

  [[nodiscard]] Answer answer(const cel::Program& program, admission::ContainerKind kind) const {
    Arena arena;
    const NativeSlots& names = policy_->slots;
    std::vector<cel::Value> slots(names.count);
    for (const cel::Slot slot :
         {names.object, names.pod, names.pod_metadata, names.container, names.volume}) {
      if (slot != kNoSlot) {
        slots[slot] = cel::Value::of(document::Node::map({}));
      }
    }
    if (names.container_kind != kNoSlot) {
      slots[names.container_kind] = cel::Value::string(admission::name_of(kind));
    }
    Nothing nothing(*policy_);
    cel::Evaluation evaluation(arena, slots, &nothing);
    const cel::Value value = program.evaluate(evaluation);
    if (value.is_true()) {
      return Answer::kTrue;
    }
    return value.is_false() ? Answer::kFalse : Answer::kUnknown;
  }

  const Policy* policy_;
  FieldIndex* index_;
  bool sees_image_ = false;
};

}  // namespace

void find_footprints(std::span<const std::shared_ptr<Policy>> policies) {
  const auto index = std::make_shared<FieldIndex>();
  for (const auto& policy : policies) {
    policy->footprint = FootprintFinder(*policy, *index).find();
    policy->fields = index;
  }
}

}  // namespace seaworthy::policy
