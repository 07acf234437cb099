#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/path.h"

namespace seaworthy::document {

/// One operation of RFC 6902.
struct PatchOperation {
  enum class Op : std::uint8_t { kAdd, kRemove, kReplace, kMove, kCopy, kTest };

  Op op = Op::kAdd;
  std::string path;  ///< RFC 6901.
  std::string from;  ///< For kMove and kCopy.
  Node value;        ///< For kAdd, kReplace and kTest.
};

/// "add", "remove", …
std::string_view name_of(PatchOperation::Op op);

using Patch = std::vector<PatchOperation>;

/// The operations that turn `before` into `after`, in an order in which they apply; empty where
/// both are equal. Lists are compared item by item: what `after` has more is added at the end, what
/// it has less is removed from the end; lists whose items all have a distinct `name` are paired by
/// it where that keeps their order. apply(diff(a, b), a) equals b. Lifetime: values lie where
/// `after` does.
Patch diff(const Node& before, const Node& after);

/// Applies `patch` to `root`, as a whole or not at all; parts that it leaves alone are shared.
/// Rule: RFC 6902 as evanphx/json-patch v4.13 (patch.go) reads it, which is what the API server
/// runs: negative indices count from the end (-1 appends on add); `remove` of what is not there,
/// `replace` of an item that is not, and any operation into an absent parent are errors; `replace`
/// of an absent member adds it, `copy` from one adds null and `test` takes it for null; only
/// `replace` and `test` may address the root. Errors: kInvalid (names operation, path and reason),
/// kOverLimit (limits::kPatchOperationsMax, kPatchCopyBytesMax).
Result<Node> apply(const Patch& patch, const Node& root, Arena& arena);

/// The patch as the JSON array that goes over the wire.
std::string print_patch(const Patch& patch);
/// Reads such an array; stricter than the API server, an operation without the fields that RFC 6902
/// asks for is refused. Lifetime: values lie where `array` does. Errors: kInvalid (names the
/// operation), kOverLimit (limits::kPatchOperationsMax).
Result<Patch> read_patch(const Node& array);

}  // namespace seaworthy::document
