#include "seaworthy/engine/admission_support.h"

#include <algorithm>
#include <vector>

namespace seaworthy::engine {
namespace {

policy::DocumentParams params_of(const policy::PolicySet& set,
                                 std::span<const document::Node> objects) {
  std::vector<document::Node> all(objects.begin(), objects.end());
  if (set.params() != nullptr) {
    const auto& own = set.params()->objects();
    all.insert(all.end(), own.begin(), own.end());
  }
  return policy::DocumentParams(all);
}

}  // namespace

AdmissionSupport::AdmissionSupport(const policy::PolicySet& set,
                                   std::span<const document::Node> objects)
    : params_(params_of(set, objects)) {
  const auto mutates = [](const auto& policy) { return policy::is_mutating(policy->kind); };
  if (std::ranges::any_of(set.admission_policies(), mutates)) {
    mutator_.emplace();
  }
}

}  // namespace seaworthy::engine
