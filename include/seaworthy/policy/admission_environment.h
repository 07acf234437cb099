#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
/// `objects`: whether `request` has the fields object and oldObject, which in-tree policies do not
/// see and Kyverno's do.
enum class AdmissionRequestObjects : bool { kNone, kDeclared };
cel::Type declare_request_type(cel::Environment& environment,
                               AdmissionRequestObjects objects = AdmissionRequestObjects::kNone);
cel::Type declare_namespace_type(cel::Environment& environment);

/// The environments that one policy's expressions are compiled in: over the same slots, so that all
/// read the same values. Where `authorizer` is no name its slots are still kept free.
struct AdmissionEnvironments {
  cel::Environment conditions;   ///< matchConditions: without `variables`.
  cel::Environment expressions;  ///< Variables, validations, auditAnnotations.
  cel::Environment messages;     ///< messageExpressions: without `authorizer`.
  AdmissionSlots slots;
};

AdmissionEnvironments make_admission_environments(const cel::Environment& base,
                                                  AdmissionParams params);

/// Why an expression has no program, in the API server's words: "compilation failed: ERROR: …".
/// `more`: how many mistakes were found beyond the issues.
std::string compile_error_text(std::string_view expression, const std::vector<cel::Issue>& issues,
                               std::uint64_t more);

/// The type that a policy's variable is declared with, from its expression's: what the API server
/// has no declaration for (optionals, types, a library's and declared objects), also within a list
/// or a map, is dyn. Rule: AP/admission/plugin/cel/composition.go convertCelTypeToDeclType.
cel::Type variable_type(const cel::Type& type);

}  // namespace seaworthy::policy
