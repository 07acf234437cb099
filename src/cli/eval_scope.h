#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/result.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/node.h"
#include "seaworthy/policy/admission_environment.h"

namespace seaworthy::cli {

/// What expressions of in-tree admission policies may name, those of mutations included.
policy::AdmissionEnvironment eval_environment(
    policy::AdmissionAuthorizer authorizer = policy::AdmissionAuthorizer::kNone);

/// What the names of an expression stand for; null where nothing was given.
struct EvalInputs {
  document::Node object;
  document::Node old_object;
  document::Node request;
  document::Node namespace_object;
  document::Node params;
};

/// Name and expression of one of a policy's variables.
struct EvalVariable {
  std::string name;
  std::string expression;
};

/// What became of an expression.
struct EvalOutcome {
  std::string compile_error;  ///< As the API server says it; empty where it compiled.
  std::vector<cel::Issue> issues;
  std::shared_ptr<const cel::Program> program;  ///< Keeps the constants that `value` may point to.
  cel::Type type;
  cel::Value value;  ///< An error where the evaluation failed; in the arena and the programs.
  std::uint64_t cost = 0;
};

/// Inputs and variables, in which expressions are evaluated as those of an in-tree admission policy
/// are: each variable once, when it is first read, with a budget of its own.
class EvalScope final : public cel::LazySlots {
 public:
  /// `base`: with params. `arena` must outlive the scope and what it answers.
  EvalScope(const policy::AdmissionEnvironment& base, const EvalInputs& inputs, Arena& arena);

  EvalScope(const EvalScope&) = delete;
  EvalScope& operator=(const EvalScope&) = delete;
  EvalScope(EvalScope&&) = delete;
  EvalScope& operator=(EvalScope&&) = delete;
  ~EvalScope() = default;

  /// Declares `variables.NAME` for what comes later. Answers why its expression does not compile,
  /// as the API server says it, or nothing; reading such a variable is an error. Errors: kInvalid
  /// (a name that is there already), kOverLimit (limits::kVariablesPerPolicyMax).
  Result<std::string> add(const EvalVariable& variable);

  /// What is added from now on, and expressions, may name the patch types.
  void declare_patch_types() { environment_.declare_patch_types(); }

  /// Expressions are run as programs that share every part, twice: the outcome is that of the
  /// second run, which finds all parts computed. To prove that sharing changes nothing.
  void share_everything() { sharing_ = true; }

  /// The outcome lives no longer than the scope. `returns`: the type that the expression has to
  /// have, as cel-go prints it; empty for any.
  EvalOutcome evaluate(const std::string& expression, const std::string& returns = {});

  /// Of the variables that were read.
  [[nodiscard]] std::uint64_t variables_cost() const { return variables_cost_; }

  /// A variable that was read, in the order of declaration.
  struct Read {
    const std::string* name;
    const cel::Value* value;
    std::uint64_t cost;
  };

  [[nodiscard]] std::vector<Read> variables_read() const;

  [[nodiscard]] const cel::Environment& environment() const { return environment_; }

  /// By slot of the environment.
  [[nodiscard]] const std::vector<cel::Value>& slots() const { return slots_; }

  cel::Value resolve(std::uint32_t slot, cel::Evaluation& evaluation) override;

 private:
  void run(EvalOutcome& outcome);

  struct Variable {
    std::string name;
    cel::Slot slot = 0;
    std::shared_ptr<const cel::Program> program;
    std::string compile_error;
    std::uint64_t cost = 0;
  };

  cel::Environment environment_;
  Arena* arena_;
  std::vector<cel::Value> slots_;
  std::vector<Variable> variables_;
  std::uint64_t variables_cost_ = 0;
  bool sharing_ = false;
  cel::AuthorizationUser user_;  ///< Nobody: there is no API server to ask.
  cel::AuthorizationResource resource_;
};

}  // namespace seaworthy::cli
