#pragma once

#include <optional>
#include <span>

#include "seaworthy/engine/admission_scope.h"
#include "seaworthy/policy/document_params.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::engine {

/// What the admission policies of a set need to be run: made once for many requests. Immutable,
/// shared by threads. Lifetime: the set outlives it, and so do the objects that are given.
class AdmissionSupport {
 public:
  /// `objects`: params beside the set's own.
  explicit AdmissionSupport(const policy::PolicySet& set,
                            std::span<const document::Node> objects = {});
  AdmissionSupport(const AdmissionSupport&) = delete;
  AdmissionSupport& operator=(const AdmissionSupport&) = delete;

  /// For these policies of the set.
  [[nodiscard]] AdmissionScope scope(
      std::span<const std::shared_ptr<const policy::AdmissionPolicy>> policies) const {
    return {.policies = policies,
            .params = &params_,
            .mutator = mutator_ ? &*mutator_ : nullptr,
            .authorizer = nullptr};
  }

 private:
  policy::DocumentParams params_;
  std::optional<Mutator> mutator_;  ///< Only where a policy mutates: it takes a while to make.
};

}  // namespace seaworthy::engine
