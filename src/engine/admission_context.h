#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/cel/authorizer.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::engine {

/// Who asks, and about what, as expressions may ask an authorizer for. Made once a request.
struct AdmissionCaller {
  /// `authorizer` null: nobody knows; asking is an error.
  AdmissionCaller(const admission::Review& review, cel::Authorizer* authorizer);

  cel::Authorizer* authorizer;
  cel::AuthorizationUser user;
  cel::AuthorizationResource resource;
};

/// What an expression came to.
struct AdmissionValue {
  cel::Value value;        ///< Unset where there is an error.
  std::string error = {};  ///< The API server's words; empty where there is none.
};

/// The expressions of one rule over one request and param. They run in phases, each with a budget
/// of its own and variables computed afresh. Lifetime: what it is made of.
class AdmissionContext final : private cel::LazySlots {
 public:
  AdmissionContext(const policy::AdmissionRule& rule, const policy::AdmissionInputs& inputs,
                   const AdmissionCaller& caller, Arena& arena);
  AdmissionContext(const AdmissionContext&) = delete;
  AdmissionContext& operator=(const AdmissionContext&) = delete;

  /// Which names have values. Rule: apiserver pkg/admission/plugin/cel/activation.go and its
  /// callers: matchConditions know no namespace; messages and auditAnnotations no authorizer.
  enum class Names : std::uint8_t { kConditions, kExpressions, kMessages };

  /// Begins a phase. `budget`: cost units for all of its expressions and what they read.
  void begin(Names names, std::uint64_t budget);
  /// Goes on with the object that the inputs have now and another budget: variables that were read
  /// keep what they came to.
  void renew_object(std::uint64_t budget);
  /// Runs an expression. After out_of_budget() nothing more may be run in this phase.
  AdmissionValue evaluate(const policy::AdmissionExpression& expression);

  [[nodiscard]] bool out_of_budget() const { return out_of_budget_; }

  [[nodiscard]] std::uint64_t budget() const { return budget_; }

  [[nodiscard]] Arena& arena() { return *arena_; }

 private:
  cel::Value resolve(std::uint32_t slot, cel::Evaluation& evaluation) override;
  bool spend(std::uint64_t cost);

  const policy::AdmissionRule* rule_;
  const policy::AdmissionInputs* inputs_;
  const AdmissionCaller* caller_;
  Arena* arena_;
  std::vector<cel::Value> slots_;
  std::uint64_t budget_ = 0;
  std::uint64_t variables_cost_ = 0;  ///< Of those that the running expression was first to read.
  bool out_of_budget_ = false;
};

/// The API server's words for a phase whose budget is spent.
inline constexpr std::string_view kOutOfBudget =
    "validation failed due to running out of cost budget, no further validation rules will be run";

}  // namespace seaworthy::engine
