#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/fields.h"
#include "seaworthy/policy/admission_environment.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// An expression and where it was written.
struct WrittenExpression {
  std::string text;                      ///< May differ from the node's: a rule made for templates.
  const document::Node* node = nullptr;  ///< Where its mistakes are shown.
  std::string field;  ///< What messages call it: "spec.validations[0].expression"
};

/// Compiles the expressions of one rule, as strictly as the API server does. What does not compile
/// is reported at its place, and kept with the API server's words for it.
class AdmissionCompiler {
 public:
  /// `environments` are the rule's own: variables are declared in them.
  AdmissionCompiler(const ReadContext& context, AdmissionEnvironments environments)
      : context_(&context), environments_(std::move(environments)) {}

  AdmissionExpression condition(const WrittenExpression& written);
  AdmissionExpression validation(const WrittenExpression& written);
  AdmissionExpression message(const WrittenExpression& written);
  AdmissionExpression audit_annotation(const WrittenExpression& written);
  AdmissionExpression mutation(PatchType type, const WrittenExpression& written);
  /// Declares `variables.NAME` for what comes later. The name must be an identifier that is not
  /// there yet.
  AdmissionVariable variable(std::string name, const WrittenExpression& written);

  /// The same as native text, for readers that have rules of their own for the result's type.
  AdmissionExpression compile(const cel::Environment& environment, const WrittenExpression& written,
                              std::span<const cel::Type> wanted);

  /// Sets the rule's slots. Call it last.
  void finish(AdmissionRule& rule) const;

  [[nodiscard]] AdmissionEnvironments& environments() { return environments_; }

  /// True where an expression did not compile.
  [[nodiscard]] bool is_broken() const { return broken_; }

 private:
  const ReadContext* context_;
  AdmissionEnvironments environments_;
  bool broken_ = false;
};

}  // namespace seaworthy::policy
