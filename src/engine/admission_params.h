#pragma once

#include <string_view>
#include <vector>

#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"
#include "seaworthy/policy/admission_policy.h"
#include "seaworthy/policy/param_source.h"

namespace seaworthy::engine {

/// The params that a policy's rule is run with under a binding, once for each: the rule's own, or
/// the binding's; a null node where it is run without. Empty: not at all. `source`: null where
/// there are no params to be had. Errors: kInvalid with the API server's text, which is a
/// configuration error of the binding. Rule: apiserver pkg/admission/plugin/policy/generic,
/// CollectParams.
Result<std::vector<document::Node>> collect_params(const policy::AdmissionPolicy& policy,
                                                   const policy::AdmissionRule& rule,
                                                   const policy::AdmissionBinding& binding,
                                                   std::string_view request_namespace,
                                                   const policy::ParamSource* source);

}  // namespace seaworthy::engine
