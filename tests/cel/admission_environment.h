#pragma once

#include <map>
#include <string>

#include "seaworthy/cel/environment.h"

namespace seaworthy::cel {

/// What an in-tree admission policy's expressions may name (apiserver
/// pkg/admission/plugin/cel/compile.go): object, oldObject, params, request, namespaceObject, and a
/// composite `variables` without fields; and, as in mutations, the patch types.
Environment admission_environment();

}  // namespace seaworthy::cel
