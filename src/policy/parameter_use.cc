#include "seaworthy/policy/parameter_use.h"

#include <algorithm>
#include <set>

namespace seaworthy::policy {

std::vector<std::string_view> parameters_read(const Policy& policy) {
  std::set<std::string_view> names;
  auto add = [&](const std::shared_ptr<const cel::Program>& program) {
    for (std::size_t at = 0; program != nullptr && at < policy.parameters.size(); ++at) {
      if (std::ranges::binary_search(program->slots(), policy.slots.first_parameter + at)) {
        names.insert(policy.parameters[at].name);
      }
    }
  };
  auto add_text = [&](const TextTemplate& text) {
    for (const auto& part : text.parts()) {
      add(part.program);
    }
  };
  for (const auto& variable : policy.variables) {
    add(variable.program);
  }
  add(policy.when);
  add(policy.require);
  add_text(policy.message);
  if (policy.remedy) {
    add(policy.remedy->fact);
    for (const auto* fragment :
         {&policy.remedy->container, &policy.remedy->pod, &policy.remedy->pod_metadata}) {
      for (const auto& leaf : fragment->leaves) {
        add_text(leaf.second);
      }
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace seaworthy::policy
