#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/admission/match.h"
#include "seaworthy/admission/review.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/document/node.h"
#include "seaworthy/policy/admission_environment.h"
#include "seaworthy/policy/kyverno_match.h"
#include "seaworthy/policy/patch_type.h"
#include "seaworthy/policy/policy.h"
#include "seaworthy/policy/setting.h"

/// The policies that were not written for us: the platform's ValidatingAdmissionPolicy and
/// MutatingAdmissionPolicy, and those of Kyverno that are CEL. One compiled form serves all,
/// because they differ in where they are read from and in what their expressions may name, not in
/// how they are run:
///
///   policy ── rules (one in-tree; with Kyverno one for each rule, and for each kind of workload
///     │              that a rule for Pods is also made for)
///     │        └─ match, matchConditions, variables, validations, auditAnnotations, mutations
///     └─ bindings (one that says "everywhere" where the document needs none)
///              └─ match, params, what a violation leads to
///
/// A request is held against the policy's rules; for each that matches, against the bindings; for
/// each that matches, the rule runs once for every param.
namespace seaworthy::policy {

/// The kind of document that a policy was.
enum class AdmissionKind : std::uint8_t {
  kValidatingAdmissionPolicy,
  kMutatingAdmissionPolicy,
  kKyvernoValidatingPolicy,  ///< policies.kyverno.io ValidatingPolicy, NamespacedValidatingPolicy
  kKyvernoMutatingPolicy,    ///< policies.kyverno.io MutatingPolicy, NamespacedMutatingPolicy
  kKyvernoClusterPolicy,     ///< kyverno.io ClusterPolicy and Policy: rules with validate.cel
};

/// "ValidatingAdmissionPolicy", …: the word that refusals begin with.
std::string_view name_of(AdmissionKind kind);

/// True of those whose policies change objects.
bool is_mutating(AdmissionKind kind);

/// True of Kyverno's, whose validations end with the first that is not true. Source: kyverno
/// pkg/cel/policies/vpol/compiler/policy.go, pkg/engine/handlers/validation/validate_cel.go.
bool ends_at_first(AdmissionKind kind);

/// An expression as it was written. One that does not compile is kept: as the API server does, it
/// is an error each time that it is to be run, and failurePolicy says what that means. (The load
/// reports it with its place, too.)
struct AdmissionExpression {
  std::string text;
  std::shared_ptr<const cel::Program> program;  ///< Null where it does not compile.
  /// The API server's words, empty where it compiled: "compilation failed: ERROR: <input>:1:1: …",
  /// "must evaluate to bool but got dyn".
  std::string compile_error;
  SourcePosition position;
};

struct MatchCondition {
  std::string name;
  AdmissionExpression expression;
};

/// `variables.NAME`: evaluated when first read, kept for a phase (all matchConditions, all
/// validations, all messages, all auditAnnotations, each mutation).
struct AdmissionVariable {
  std::string name;
  AdmissionExpression expression;
  cel::Slot slot = 0;
};

struct Validation {
  AdmissionExpression expression;
  std::string message;  ///< As written; empty where there is none.
  std::optional<AdmissionExpression> message_expression;
  /// metav1.StatusReason of a refusal; empty: Invalid.
  std::string reason;
};

struct AuditAnnotation {
  std::string key;
  AdmissionExpression expression;
};

struct Mutation {
  PatchType type = PatchType::kApplyConfiguration;
  AdmissionExpression expression;
};

/// Which requests a policy or a binding is about. A request that only another version of its
/// resource would match does not match, whatever matchPolicy says: objects are not converted here,
/// the API server does that before it calls.
struct AdmissionMatch {
  admission::MatchConstraints constraints;
};

/// What expressions of a request may read, for names beside the platform's.
struct AdmissionInputs {
  const admission::Review* review = nullptr;
  document::Node object;  ///< As the mutations so far have left it.
  document::Node old_object;
  document::Node request;
  document::Node request_object;  ///< Kyverno's `request.object`: as no mutation has changed it.
  document::Node namespace_object;
  document::Node params;
  /// When the request came; without it nobody can tell the time.
  std::optional<std::chrono::system_clock::time_point> now = {};
  /// What PolicyExceptions of the policy let in: its expressions look at these themselves.
  std::vector<std::string> allowed_images = {};
  std::vector<std::string> allowed_values = {};
};

/// Names that expressions of a rule have beside the platform's (Kyverno's `images`, `resource` …),
/// computed when first read. Immutable, shared by threads.
class ExtraSlots {
 public:
  ExtraSlots() = default;
  ExtraSlots(const ExtraSlots&) = delete;
  ExtraSlots& operator=(const ExtraSlots&) = delete;
  ExtraSlots(ExtraSlots&&) = delete;
  ExtraSlots& operator=(ExtraSlots&&) = delete;
  virtual ~ExtraSlots() = default;

  /// A value, an error, or kUnset where `slot` is none of its own.
  virtual cel::Value resolve(cel::Slot slot, const AdmissionInputs& inputs,
                             cel::Evaluation& evaluation) const = 0;
};

/// What a violation leads to.
enum class ValidationAction : std::uint8_t { kDeny, kWarn, kAudit };

/// "Deny", "Warn", "Audit"; nothing for any other word.
std::optional<ValidationAction> validation_action_of(std::string_view word);
std::string_view name_of(ValidationAction action);

struct ParamKind {
  std::string api_version;
  std::string kind;

  friend auto operator<=>(const ParamKind&, const ParamKind&) = default;
};

/// Exactly one of name and selector.
struct ParamRef {
  std::string name;
  std::optional<admission::LabelSelector> selector;
  std::string namespace_name;  ///< Empty: the request's.
  bool deny_not_found = true;  ///< parameterNotFoundAction; false: the binding is skipped.
};

/// The params of one rule.
struct RuleParams {
  ParamKind kind;
  ParamRef ref;
};

/// A set of expressions that are run together, over the same names.
struct AdmissionRule {
  std::string name;  ///< Of a ClusterPolicy's rule, as its author wrote it; empty for the others.
  /// What Kyverno calls the rule, and exceptions name it by: "autogen-NAME" of one that was made.
  std::string known_as;
  AdmissionMatch match;
  std::optional<KyvernoMatch> kyverno_match;  ///< Instead of `match`, where it is there.
  std::vector<MatchCondition> match_conditions;
  std::vector<AdmissionVariable> variables;  ///< In order: each sees those before it.
  std::vector<Validation> validations;
  std::vector<AuditAnnotation> audit_annotations;
  std::vector<Mutation> mutations;
  AdmissionSlots slots;
  cel::Slot slot_count = 0;
  std::shared_ptr<const ExtraSlots> extra;  ///< Null where there are none.
  /// Where the rule itself says it (validate.failureAction); else the binding's count.
  std::optional<std::vector<ValidationAction>> actions;
  /// A ClusterPolicy's; null where there are none. In-tree policy and binding have them.
  std::shared_ptr<const RuleParams> params;
};

struct AdmissionBinding {
  std::string name;  ///< Empty where no document made it.
  std::string policy_name;
  std::optional<AdmissionMatch> match_resources;  ///< Absent: whatever the policy matches.
  std::optional<ParamRef> param_ref;
  std::vector<ValidationAction> actions;  ///< Of validating policies.
  std::string file;
  SourcePosition position;
};

/// A PolicyException of Kyverno, for one of the policies that it names. What it matches is not
/// evaluated, unless it names images or values: those the policy's own expressions let in
/// (`exceptions.allowedImages`).
struct AdmissionException {
  std::string name;
  std::string namespace_name;
  std::vector<std::string> rules;  ///< Of a ClusterPolicy: globs of AdmissionRule::known_as.
  std::optional<KyvernoFilters> match;
  std::vector<MatchCondition> conditions;  ///< Over the slots that every rule begins with.
  std::vector<std::string> images;
  std::vector<std::string> values;
  bool reported_as_pass = false;  ///< Else as skip.
  std::int64_t priority = 0;      ///< Of the report: the highest decides.
  std::optional<std::chrono::sys_seconds> expires;
};

/// Where a Kyverno policy asks to be evaluated; in-tree ones are at admission, and `check` and
/// `audit` take each for what admission would say.
struct EvaluationModes {
  bool admission = true;
  bool background = true;
  bool json = false;  ///< evaluation.mode JSON: about documents that are no Kubernetes objects.
};

/// Immutable once loaded, shared by threads.
struct AdmissionPolicy {
  AdmissionKind kind = AdmissionKind::kValidatingAdmissionPolicy;
  Severity severity = Severity::kMedium;
  FailurePolicy failure_policy = FailurePolicy::kFail;
  bool reinvoked = false;  ///< reinvocationPolicy IfNeeded.
  std::string name;
  std::string namespace_name;  ///< Of a namespaced kind, which is about that namespace only.
  std::string category;
  std::string title;
  std::string description;
  std::optional<ParamKind> param_kind;  ///< In-tree.
  std::vector<AdmissionRule> rules;
  std::vector<AdmissionBinding> bindings;  ///< By name. None: the policy does nothing.
  EvaluationModes modes;
  std::vector<AdmissionException> exceptions;  ///< Of Kyverno's kinds, by namespace and name.
  /// What Enforcement documents know it by: its name, severity and category as a native policy's.
  std::shared_ptr<const Policy> stand_in;
  std::string file;
  SourcePosition position;
  /// An expression does not compile: a last good version is preferred to it.
  bool is_broken = false;
  /// False only where no expression can see metadata.managedFields: they need not be read for it.
  bool sees_managed_fields = true;
  /// Of what it and its bindings were made of, without spaces and comments.
  std::uint64_t fingerprint = 0;
  std::shared_ptr<const Arena> arena;  ///< Holds its nodes.
};

/// The kinds of its params, each once.
std::vector<ParamKind> param_kinds_of(const AdmissionPolicy& policy);

/// What AdmissionPolicy::stand_in is to be.
std::shared_ptr<const Policy> make_stand_in(const AdmissionPolicy& policy);

}  // namespace seaworthy::policy
