// What policies have in common is known by what their slots are: `container` is the same for all
// policies that look at containers, a parameter for all of its bundle, and `variables.x` is
// whatever its expression is, in any policy and under any name.

#include "policy/sharing.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/cel/linker.h"

namespace seaworthy::policy {
namespace {

using cel::SlotIdentity;

std::vector<SlotIdentity> identities_of(const Policy& policy) {
  const NativeSlots& slots = policy.slots;
  std::vector<SlotIdentity> identities(slots.count);
  const auto name = [&](cel::Slot slot, std::string_view text, cel::MemoScope scope) {
    if (slot != kNoSlot) {
      identities[slot] = {std::string(text), scope};
    }
  };
  const cel::MemoScope scope = memo_scope(policy.each);
  name(slots.object, "object", 0);
  name(slots.old_object, "oldObject", 0);
  name(slots.request, "request", 0);
  name(slots.namespace_object, "namespaceObject", 0);
  name(slots.pod, "pod", 0);
  name(slots.pod_metadata, "podMetadata", 0);
  name(slots.container, "container", scope);
  name(slots.container_kind, "containerKind", scope);
  name(slots.volume, "volume", scope);
  name(slots.image, "image", scope);
  for (std::size_t i = 0; i < policy.parameters.size(); ++i) {
    name(slots.first_parameter + static_cast<cel::Slot>(i),
         "params/" + policy.bundle + "/" + policy.parameters[i].name, 0);
  }
  return identities;
}

}  // namespace

void share_expressions(std::span<const std::shared_ptr<Policy>> policies) {
  cel::Linker linker;
  std::map<std::string, std::uint32_t> twins;
  for (const auto& policy : policies) {
    std::vector<SlotIdentity> slots = identities_of(*policy);
    for (std::size_t i = 0; i < policy->variables.size(); ++i) {
      slots[policy->slots.first_variable + i] = linker.add(policy->variables[i].program, slots);
    }
    const std::string when = policy->when == nullptr ? "-" : linker.add(policy->when, slots).name;
    const std::string require = linker.add(policy->require, slots).name;
    if (!when.empty() && !require.empty()) {
      const std::string key = std::string(word_of(policy->each)) + " " + when + " " + require;
      policy->twin = twins.try_emplace(key, twins.size() + 1).first->second;
    }
  }
  const auto layout = std::make_shared<const cel::MemoLayout>(linker.link());
  for (const auto& policy : policies) {
    policy->memo = layout;
  }
}

}  // namespace seaworthy::policy
