#pragma once

#include <string>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/policy/admission_environment.h"
#include "seaworthy/policy/policy.h"
#include "translate/expression_writer.h"

namespace seaworthy::translate {

/// What of a policy is said in-tree.
struct Expressions {
  std::vector<NamedExpression> variables;
  std::string expression;  ///< The validation, or the mutation.
  std::string message;     ///< Of a validation; empty: the title alone.
};

/// Says one policy, once: a validation or a mutation. What it answers compiles in the API server of
/// the version. Lifetime: the policy and the environment outlive it.
class PolicyTranslator {
 public:
  PolicyTranslator(const policy::Policy& policy, const cel::Environment& base, std::int64_t minor);

  /// Errors: kInvalid: what of it cannot be said, and why.
  Result<Expressions> validation(bool with_message);

  /// The remedy as a list of JSONPatch; `only_with_fact`: where it needs a fact, only where the
  /// manifest answers it. Errors: as above.
  Result<Expressions> mutation(bool only_with_fact);

 private:
  Result<std::string> passing();
  Result<std::string> message_of(const std::string& items, const std::string& passes);
  Result<std::string> as_text(std::string message) const;
  Result<void> declare(const std::vector<NamedExpression>& variables);
  Result<cel::Type> type_of(std::string_view expression) const;

  const policy::Policy* policy_;
  ExpressionWriter writer_;
  policy::AdmissionEnvironment made_;
  std::int64_t minor_;
};

}  // namespace seaworthy::translate
