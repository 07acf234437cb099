#pragma once

#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "seaworthy/engine/finding.h"
#include "seaworthy/engine/judge.h"
#include "seaworthy/engine/parameter_values.h"
#include "seaworthy/policy/enforcement.h"

namespace seaworthy::engine {

/// What is done about the violations of one policy in one request.
struct PolicySettings {
  policy::Mode mode = policy::Mode::kAudit;
  policy::RemedyLevel remedy = policy::RemedyLevel::kSuggest;
  bool named = false;  ///< The rule that gave the mode names the policy: --deny-from is not asked.
};

/// The exceptions that are about one violation.
struct Excuse {
  const policy::PolicyException* valid = nullptr;
  const policy::PolicyException* expired = nullptr;  ///< Where none is valid.
};

/// What of a request Enforcement documents look at.
policy::Subject subject_of(const admission::Review& review, const JudgeRequest& request);

/// The flags' settings and what the Enforcement documents make of them in one request. Lifetime:
/// the policies, review and request.
class Enforcing {
 public:
  Enforcing(std::span<const std::shared_ptr<const policy::Policy>> policies,
            const admission::Review& review, const JudgeRequest& request);
  Enforcing(const Enforcing&) = delete;
  Enforcing& operator=(const Enforcing&) = delete;

  [[nodiscard]] const PolicySettings& of(const policy::Policy& policy) const;

  [[nodiscard]] const ParameterValues& parameters() const { return parameters_; }

  /// True where a violation may lead to more than a line in an audit log.
  [[nodiscard]] bool speaks() const {
    return enforcement_ != nullptr || flags_.mode > policy::Mode::kAudit;
  }

  /// True where a remedy may be applied at all.
  [[nodiscard]] bool mends() const;
  /// How far the policy's remedies are applied: not at all where it is off.
  [[nodiscard]] policy::RemedyLevel remedy_of(const policy::Policy& policy) const;
  /// `image`: the reference of the violation's part, as written; empty where it has none.
  [[nodiscard]] Excuse excuse_for(const Finding& finding, std::string_view image) const;

  /// True where there are exceptions at all.
  [[nodiscard]] bool excuses() const {
    return enforcement_ != nullptr && !enforcement_->exceptions.empty();
  }

 private:
  void settle(std::span<const std::shared_ptr<const policy::Policy>> policies, bool is_template);
  void set_parameters(const policy::Policy& policy, const policy::Ruling& ruling);

  /// A bundle's parameters with some of them set: one for all policies of the same settings that
  /// were loaded together. An earlier version of a policy, which goes on, may have other slots.
  struct Variant {
    const cel::MemoLayout* load = nullptr;
    std::string_view bundle;
    std::vector<const policy::Parameter*> set;
    std::vector<policy::Parameter> values;
  };

  const JudgeRequest* request_;
  const policy::EnforcementSet* enforcement_;
  PolicySettings flags_;
  policy::Subject subject_;
  std::vector<std::pair<const policy::Policy*, PolicySettings>> settings_;  ///< By address.
  std::list<Variant> variants_;
  ParameterValues parameters_;
};

}  // namespace seaworthy::engine
