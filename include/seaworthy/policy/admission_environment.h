#pragma once

#include <optional>

#include "seaworthy/cel/authorizer.h"
#include "seaworthy/cel/environment.h"

namespace seaworthy::policy {

/// Where the variables of an in-tree admission policy lie among an evaluation's slots.
struct AdmissionSlots {
  cel::Slot object = 0;
  cel::Slot old_object = 0;
  cel::Slot request = 0;
  cel::Slot namespace_object = 0;
  std::optional<cel::Slot> params;  ///< Only where the policy has a paramKind.
  std::optional<cel::AuthorizerSlots> authorizer;
};

/// Whether `params` is a name: only where the policy has a paramKind (cel.md section 3, Params).
enum class AdmissionParams : bool { kNone, kDeclared };

/// Whether `authorizer` is a name: not in a messageExpression.
enum class AdmissionAuthorizer : bool { kNone, kDeclared };

/// What expressions of ValidatingAdmissionPolicy and MutatingAdmissionPolicy may name.
struct AdmissionEnvironment {
  cel::Environment environment;
  AdmissionSlots slots;
};

/// `base` is Environment::kubernetes(), made once a load. Declares object, oldObject and params
/// (dyn), request and namespaceObject with their fields, and a composite `variables` without
/// fields: a policy adds its own to a copy, each by declare_field with variable_type, so that their
/// slots follow those above. Rule: AP/admission/plugin/cel/compile.go mustBuildEnvs.
AdmissionEnvironment make_admission_environment(
    const cel::Environment& base, AdmissionParams params,
    AdmissionAuthorizer authorizer = AdmissionAuthorizer::kNone);

/// Declares the object types of `request` and `namespaceObject` and answers them.
/// Rule: AP/admission/plugin/cel/compile.go BuildRequestType, BuildNamespaceType.
cel::Type declare_request_type(cel::Environment& environment);
cel::Type declare_namespace_type(cel::Environment& environment);

/// The type that a policy's variable is declared with, from its expression's: what the API server
/// has no declaration for (optionals, types, a library's and declared objects), also within a list
/// or a map, is dyn. Rule: AP/admission/plugin/cel/composition.go convertCelTypeToDeclType.
cel::Type variable_type(const cel::Type& type);

}  // namespace seaworthy::policy
