#pragma once

#include <memory>

#include "seaworthy/policy/admission_environment.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// What expressions of policies.kyverno.io may name: the platform's object, oldObject, request
/// (with object and oldObject), namespaceObject and variables, `exceptions`, and the functions of
/// kyverno_libraries.h; neither params nor authorizer. The same in conditions, expressions and
/// messages. `base`: Environment::kubernetes(). Source: kyverno
/// pkg/cel/policies/vpol/compiler/compiler.go createBaseVpolEnv.
AdmissionEnvironments make_kyverno_environments(const cel::Environment& base);

/// The values of the names beside the platform's, for all rules whose expressions were compiled in
/// such environments. Immutable, shared by threads.
std::shared_ptr<const ExtraSlots> make_kyverno_slots();

}  // namespace seaworthy::policy
