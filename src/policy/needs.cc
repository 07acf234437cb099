#include "policy/needs.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <vector>

#include "policy/programs.h"

namespace seaworthy::policy {
namespace {

/// The programs whose values the message may hold: its own, and those of the variables that they
/// say.
Programs programs_of_message(const Policy& policy) {
  Programs programs;
  add_programs(policy.message, programs);
  std::set<cel::Slot> followed;
  for (std::size_t at = 0; at < programs.size(); ++at) {
    for (const cel::Slot slot : programs[at]->slots()) {
      if (slot >= policy.slots.first_variable && programs[at]->may_say(slot, {}) &&
          followed.insert(slot).second) {
        programs.push_back(policy.variables[slot - policy.slots.first_variable].program.get());
      }
    }
  }
  return programs;
}

/// A variable, and the fields of it below which something may be a secret; none: anywhere.
struct SecretPlaces {
  cel::Slot slot;
  std::vector<std::string_view> fields;
};

bool may_say_any(const cel::Program& program, const SecretPlaces& places) {
  if (places.slot == kNoSlot) {
    return false;
  }
  return places.fields.empty()
             ? program.may_say(places.slot, {})
             : std::ranges::any_of(places.fields, [&](const std::string_view& field) {
                 return program.may_say(places.slot, {&field, 1});
               });
}

}  // namespace

bool message_is_discreet(const Policy& policy) {
  const NativeSlots& slots = policy.slots;
  const std::array<SecretPlaces, 7> places{{
      {slots.object, {}},
      {slots.old_object, {}},
      {slots.namespace_object, {}},
      {slots.pod, {"containers", "initContainers", "ephemeralContainers", "volumes"}},
      {slots.pod_metadata, {"annotations"}},
      {slots.container,
       {"env", "args", "command", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"}},
      {slots.volume, {"ephemeral"}},
  }};
  return std::ranges::none_of(programs_of_message(policy), [&](const cel::Program* program) {
    return std::ranges::any_of(
        places, [&](const SecretPlaces& each) { return may_say_any(*program, each); });
  });
}

bool sees_managed_fields(const AdmissionPolicy& policy) {
  constexpr std::array<std::string_view, 2> kInObject{"metadata", "managedFields"};
  return std::ranges::any_of(policy.rules, [&](const AdmissionRule& rule) {
    // A patch may name any path, and what else a rule reads is not known here.
    const bool may_name_any = rule.extra != nullptr || !rule.mutations.empty();
    return may_name_any || std::ranges::any_of(programs_of(rule), [&](const cel::Program* program) {
             return program->may_see(rule.slots.object, kInObject) ||
                    program->may_see(rule.slots.old_object, kInObject);
           });
  });
}

bool sees_managed_fields(const Policy& policy) {
  constexpr std::array<std::string_view, 2> kInObject{"metadata", "managedFields"};
  constexpr std::array<std::string_view, 1> kInMetadata{"managedFields"};
  const NativeSlots& slots = policy.slots;
  const auto sees = [&](const cel::Program* program) {
    return program->may_see(slots.object, kInObject) ||
           program->may_see(slots.old_object, kInObject) ||
           program->may_see(slots.pod_metadata, kInMetadata);
  };
  return std::ranges::any_of(rule_programs(policy), sees) ||
         std::ranges::any_of(word_programs(policy), sees);
}

}  // namespace seaworthy::policy
