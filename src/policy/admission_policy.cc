#include "seaworthy/policy/admission_policy.h"

#include <algorithm>
#include <array>
#include <set>

#include "seaworthy/policy/policy.h"

namespace seaworthy::policy {
namespace {

constexpr std::array<std::string_view, 3> kActions{"Deny", "Warn", "Audit"};

}  // namespace

std::string_view name_of(AdmissionKind kind) {
  constexpr std::array<std::string_view, 5> kNames{"ValidatingAdmissionPolicy",
                                                   "MutatingAdmissionPolicy", "ValidatingPolicy",
                                                   "MutatingPolicy", "ClusterPolicy"};
  return kNames.at(static_cast<std::size_t>(kind));
}

bool is_mutating(AdmissionKind kind) {
  return kind == AdmissionKind::kMutatingAdmissionPolicy ||
         kind == AdmissionKind::kKyvernoMutatingPolicy;
}

bool ends_at_first(AdmissionKind kind) {
  return kind == AdmissionKind::kKyvernoValidatingPolicy ||
         kind == AdmissionKind::kKyvernoClusterPolicy;
}

std::optional<ValidationAction> validation_action_of(std::string_view word) {
  const auto* found = std::ranges::find(kActions, word);
  return found == kActions.end()
             ? std::nullopt
             : std::optional(static_cast<ValidationAction>(found - kActions.begin()));
}

std::string_view name_of(ValidationAction action) {
  return kActions.at(static_cast<std::size_t>(action));
}

std::vector<ParamKind> param_kinds_of(const AdmissionPolicy& policy) {
  std::set<ParamKind> kinds;
  if (policy.param_kind) {
    kinds.insert(*policy.param_kind);
  }
  for (const auto& rule : policy.rules) {
    if (rule.params) {
      kinds.insert(rule.params->kind);
    }
  }
  return {kinds.begin(), kinds.end()};
}

std::shared_ptr<const Policy> make_stand_in(const AdmissionPolicy& policy) {
  auto made = std::make_shared<Policy>();
  made->name = policy.name;
  made->severity = policy.severity;
  made->category = policy.category;
  made->file = policy.file;
  made->position = policy.position;
  return made;
}

}  // namespace seaworthy::policy
