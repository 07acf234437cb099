#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"

namespace seaworthy::document {

/// One operation as a mutating policy makes it: whatever its expression said, right or wrong.
struct ApiPatchOperation {
  std::string_view op;
  std::string_view path;
  std::string_view from;  ///< Empty: none was given.
  std::optional<Node> value;
};

/// Applies the operations as the API server does for a JSONPatch mutation, with its error texts,
/// and its way with them: a failing `test` is no error, but leaves the object as it is. Rule:
/// evanphx/json-patch v4.13, patch.go (`document::apply` of patch.h is the same with reasons for
/// people). Errors: kInvalid (its text), kInternal
/// (where the API server panics: the panic's), kOverLimit (limits::kPatchOperationsMax,
/// kPatchCopyBytesMax).
Result<Node> apply_verbatim(const std::vector<ApiPatchOperation>& operations, const Node& root,
                            Arena& arena);

}  // namespace seaworthy::document
