#pragma once

#include <memory>

#include "policy/admission_reader.h"
#include "policy/fields.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// Reads and compiles the rules with validate.cel of a ClusterPolicy or Policy of kyverno.io/v1;
/// `root` is the whole document. A rule that is not supported, or whose expressions do not compile,
/// is set aside with a word that says why, and the others go on. Null where none is left, or the
/// policy's own fields are wrong.
std::shared_ptr<AdmissionPolicy> read_kyverno_cluster_policy(
    const ReadContext& context, const document::Node& root,
    AdmissionEnvironmentCache& environments);

}  // namespace seaworthy::policy
