#pragma once

#include <string>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/document/node.h"

namespace seaworthy::admission {

/// A Pod that the API server would refuse, by the field and its rule's words.
struct ConstraintViolation {
  std::string
      path;  ///< From the Pod spec: `containers[0].securityContext.allowPrivilegeEscalation`
  std::string message;

  friend auto operator<=>(const ConstraintViolation&, const ConstraintViolation&) = default;
};

/// The cross-field rules of the Pod API that a remedy could break; nothing here repeats what a
/// single field's schema says. Rule: k8s.io/kubernetes/pkg/apis/core/validation (ValidatePodSpec,
/// validateContainerSecurityContext, ValidateResourceRequirements, validateWindows,
/// validateVolumeMounts), after the defaulting of pkg/apis/core/v1/defaults.go is imitated.
std::vector<ConstraintViolation> check_pod_constraints(const document::Node& pod_spec);

/// The same for a Pod's metadata: what all annotations together may have. Paths are from the
/// metadata. Rule: k8s.io/apimachinery/pkg/api/validation ValidateAnnotationsSize.
std::vector<ConstraintViolation> check_metadata_constraints(const document::Node& metadata);

/// The Pod spec with what the API server's defaulting would add and the constraints look at:
/// requests from limits, at container and at Pod level. Rule: pkg/apis/core/v1/defaults.go
/// SetDefaults_Pod.
document::Node with_defaults(const document::Node& pod_spec, Arena& arena);

}  // namespace seaworthy::admission
