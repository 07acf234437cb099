#pragma once

#include <string>

#include "seaworthy/base/result.h"
#include "seaworthy/policy/policy.h"
#include "translate/expression_writer.h"

namespace seaworthy::translate {

/// Says a remedy as CEL that answers a list of JSONPatch. Lifetime: both outlive it.
class RemedyWriter {
 public:
  RemedyWriter(const policy::Policy& policy, ExpressionWriter& expressions)
      : policy_(&policy), expressions_(&expressions) {}

  /// The patches for all that `passes`, a condition on an item, is false for; of a remedy that
  /// needs a fact `only_with_fact` where the manifest answers it. Errors: kInvalid: what of the
  /// remedy has no words in-tree, and why.
  Result<std::string> write(const std::string& passes, bool only_with_fact);

 private:
  Result<std::string> of_containers(const std::string& fails);
  Result<std::string> of_pod(const std::string& fails);

  const policy::Policy* policy_;
  ExpressionWriter* expressions_;
};

}  // namespace seaworthy::translate
