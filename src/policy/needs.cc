#include "policy/needs.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace seaworthy::policy {
namespace {

using Programs = std::vector<const cel::Program*>;

void add(const std::shared_ptr<const cel::Program>& program, Programs& programs) {
  if (program != nullptr) {
    programs.push_back(program.get());
  }
}

void add(const TextTemplate& text, Programs& programs) {
  for (const auto& part : text.parts()) {
    add(part.program, programs);
  }
}

Programs programs_of(const Policy& policy) {
  Programs programs;
  for (const auto& variable : policy.variables) {
    add(variable.program, programs);
  }
  add(policy.when, programs);
  add(policy.require, programs);
  add(policy.message, programs);
  if (policy.remedy) {
    add(policy.remedy->fact, programs);
    for (const auto* fragment :
         {&policy.remedy->container, &policy.remedy->pod, &policy.remedy->pod_metadata}) {
      for (const auto& leaf : fragment->leaves) {
        add(leaf.second, programs);
      }
    }
  }
  return programs;
}

}  // namespace

bool sees_managed_fields(const Policy& policy) {
  constexpr std::array<std::string_view, 2> kInObject{"metadata", "managedFields"};
  constexpr std::array<std::string_view, 1> kInMetadata{"managedFields"};
  const NativeSlots& slots = policy.slots;
  return std::ranges::any_of(programs_of(policy), [&](const cel::Program* program) {
    return program->may_see(slots.object, kInObject) ||
           program->may_see(slots.old_object, kInObject) ||
           program->may_see(slots.pod_metadata, kInMetadata);
  });
}

}  // namespace seaworthy::policy
