#include "seaworthy/policy/admission_policy.h"

#include <algorithm>
#include <array>

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

}  // namespace seaworthy::policy
