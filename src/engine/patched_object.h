#pragma once

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/structured_merge.h"

namespace seaworthy::engine {

/// What the API server reads from the JSON that a JSONPatch has made of `before`. `types`: built-in
/// kinds must decode strictly into theirs; null: every object is taken as a custom resource's is.
/// Rule: k8s.io/apiserver pkg/admission/plugin/policy/mutating/patch/json_patch.go, Patch. Errors:
/// kInternal, with which the API server refuses whatever failurePolicy says.
Result<document::Node> decode_patched(const document::Node& patched, const document::Node& before,
                                      const document::MergeSchema* types, Arena& arena);

}  // namespace seaworthy::engine
