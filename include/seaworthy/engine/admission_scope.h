#pragma once

#include <memory>
#include <span>

#include "seaworthy/cel/authorizer.h"
#include "seaworthy/engine/mutation.h"
#include "seaworthy/policy/admission_policy.h"
#include "seaworthy/policy/param_source.h"

namespace seaworthy::engine {

/// The admission policies that a request is held against, and what they need. Lifetime: what it
/// points to outlives the judgement.
struct AdmissionScope {
  std::span<const std::shared_ptr<const policy::AdmissionPolicy>> policies;
  const policy::ParamSource* params = nullptr;  ///< Null: there are none to be had.
  const Mutator* mutator = nullptr;             ///< Null: mutations are left out.
  cel::Authorizer* authorizer = nullptr;        ///< Null: asking is an error.
};

}  // namespace seaworthy::engine
