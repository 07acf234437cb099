#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/type.h"
#include "seaworthy/cel/value.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/structured_merge.h"
#include "seaworthy/policy/patch_type.h"

namespace seaworthy::engine {

using policy::patch_type_of;
using policy::PatchType;
using policy::result_type;
using policy::result_type_fault;

/// What the JSON that a JSONPatch leaves must be.
enum class Decoding : std::uint8_t {
  kUntyped,  ///< An object of some kind, as in Kyverno.
  kTyped,    ///< As in the API server: one of a built-in kind must decode strictly into its type.
};

/// Applies what mutation expressions evaluate to, as kube-apiserver 1.36 does. Reading the built-in
/// types takes about a millisecond, so one serves a process. Immutable, shared by threads.
class Mutator {
 public:
  /// The object after the mutation. `program` is of the result type, in an environment with the
  /// patch types, and has just come to `value`, which may be an error. A JSONPatch whose `test`
  /// fails leaves the object as it is. Rule: k8s.io/apiserver
  /// pkg/admission/plugin/policy/mutating/patch. Errors: kInvalid with the API server's text;
  /// kInternal where it answers an internal error whatever failurePolicy says, or panics;
  /// kOverLimit. Lifetime: `arena`'s, and what `object`
  /// and `value` live in.
  [[nodiscard]] Result<document::Node> mutate(PatchType type, const cel::Program& program,
                                              const cel::Value& value, const document::Node& object,
                                              Decoding decoding, Arena& arena) const;

 private:
  document::MergeSchema schema_;
};

}  // namespace seaworthy::engine
