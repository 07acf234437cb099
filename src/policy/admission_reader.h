#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/admission_compiler.h"
#include "policy/fields.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// The environments of a load's in-tree policies, each made when first asked for.
class AdmissionEnvironmentCache {
 public:
  /// `base` outlives this.
  explicit AdmissionEnvironmentCache(const cel::Environment& base) : base_(&base) {}

  const AdmissionEnvironments& of(AdmissionParams params);

 private:
  const cel::Environment* base_;
  std::optional<AdmissionEnvironments> plain_;
  std::optional<AdmissionEnvironments> with_params_;
};

/// The expression in a field, which must be a string that is not blank; otherwise that is reported,
/// and absence only where the field is required.
std::optional<WrittenExpression> take_expression(Fields& fields, std::string_view name,
                                                 bool required = true);

/// A name and an expression of `variables`; nothing where one is wrong, or the name is declared
/// already, which is reported.
struct WrittenVariable {
  std::string name;
  WrittenExpression expression;
};

std::optional<WrittenVariable> take_variable(Fields& item,
                                             const std::vector<AdmissionVariable>& declared);

/// Whether reinvocationPolicy is IfNeeded; what is neither that nor Never is reported.
bool take_reinvocation(Fields& fields, bool required);

/// What annotations say of a policy, as policies' libraries write it: policies.kyverno.io/title,
/// /description, /category, /severity. A severity that is none of ours is left at medium.
void read_annotations(const document::Node& metadata, AdmissionPolicy& policy);

/// Reads and compiles a ValidatingAdmissionPolicy or MutatingAdmissionPolicy; `root` is the whole
/// document. Mistakes are reported. Null where it breaks a rule of the API: the API server would
/// not take it, so it is set aside. Expressions that do not compile are no such reason.
/// Rule: admissionregistration validation, validateValidatingAdmissionPolicySpec and
/// validateMutatingAdmissionPolicySpec.
std::shared_ptr<AdmissionPolicy> read_admission_policy(const ReadContext& context,
                                                       AdmissionKind kind,
                                                       const document::Node& root,
                                                       AdmissionEnvironmentCache& environments);

}  // namespace seaworthy::policy
