#pragma once

#include <optional>
#include <string>

#include "seaworthy/document/structured_merge.h"

namespace seaworthy::document {

/// The part of `atom` that a value of the node's kind picks; all of it where none fits or the node
/// is null (structured-merge-diff typed/helpers.go, deduceAtom).
MergeSchema::Atom deduce(const MergeSchema::Atom& atom, const Node& node);

/// "expected boolean, got &{yes}"; nothing where the node is such a scalar or null.
std::optional<std::string> scalar_fault(MergeSchema::Scalar type, const UntypedTree& tree,
                                        const Node& node);

}  // namespace seaworthy::document
