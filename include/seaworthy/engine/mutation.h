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

namespace seaworthy::engine {

/// How a mutation of a MutatingAdmissionPolicy changes the object (spec.mutations[].patchType).
enum class PatchType : std::uint8_t { kApplyConfiguration, kJsonPatch };

/// "ApplyConfiguration", "JSONPatch"; nothing for any other name.
std::optional<PatchType> patch_type_of(std::string_view name);

/// What such a mutation's expression must evaluate to, exactly: `Object` or `list(JSONPatch)`.
cel::Type result_type(PatchType type);

/// Why an expression of type `found` will not do: "must evaluate to Object but got dyn".
std::optional<std::string> result_type_fault(PatchType type, const cel::Type& found);

/// Applies what mutation expressions evaluate to, as kube-apiserver 1.36 does. Reading the built-in
/// types takes about a millisecond, so one serves a process. Immutable, shared by threads.
class Mutator {
 public:
  /// The object after the mutation. `program` is of the result type, in an environment with the
  /// patch types, and has just come to `value`, which may be an error. A JSONPatch whose `test`
  /// fails leaves the object as it is. Rule: k8s.io/apiserver
  /// pkg/admission/plugin/policy/mutating/patch. Errors: kInvalid with the API server's text,
  /// kInternal with the panic's where it panics, kOverLimit. Lifetime: `arena`'s, and what `object`
  /// and `value` live in.
  [[nodiscard]] Result<document::Node> mutate(PatchType type, const cel::Program& program,
                                              const cel::Value& value, const document::Node& object,
                                              Arena& arena) const;

 private:
  document::MergeSchema schema_;
};

}  // namespace seaworthy::engine
