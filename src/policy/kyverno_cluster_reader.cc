// The rules' expressions are compiled as those of in-tree policies are, since that is how Kyverno
// runs them (pkg/engine/handlers/validation/validate_cel.go): with params and authorizer, without
// Kyverno's own libraries. A rule for Pods is read once more for what makes Pods.
#include "policy/kyverno_cluster_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "policy/admission_compiler.h"
#include "policy/kubernetes_names.h"
#include "policy/kyverno_autogen.h"
#include "policy/kyverno_match_reader.h"
#include "policy/kyverno_policy_reader.h"
#include "policy/match_reader.h"
#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// Enforce or Audit, in either spelling; nothing for any other word.
std::optional<std::vector<ValidationAction>> actions_of(std::string_view word) {
  if (word == "Enforce" || word == "enforce") {
    return std::vector{ValidationAction::kDeny};
  }
  if (word == "Audit" || word == "audit") {
    return std::vector{ValidationAction::kAudit};
  }
  return std::nullopt;
}

/// The params of a rule: of what kind, and which.
struct Params {
  std::optional<ParamKind> kind;
  std::optional<ParamRef> ref;
};

ParamRef read_param_ref(const ReadContext& context, const Node& node, const std::string& path) {
  Fields fields(context, node, path);
  ParamRef ref;
  ref.name = fields.text("name");
  ref.namespace_name = fields.text("namespace");
  if (const Node* selector = fields.take_map("selector")) {
    ref.selector = read_selector(context, *selector, fields.path_of("selector"));
  }
  ref.deny_not_found = fields.text("parameterNotFoundAction") != "Allow";
  fields.warn_unknown();
  return ref;
}

/// A rule, before it is read for each place.
struct Written {
  std::string name;
  const Node* rule = nullptr;
  const Node* cel = nullptr;
  std::string path;
  std::string message;  ///< validate.message: of expressions without one.
  KyvernoMatch match;
  std::optional<std::vector<ValidationAction>> actions;
};

/// Reads the expressions of one rule in one place.
class RuleReader {
 public:
  RuleReader(const Written& written, PodPlace place, AdmissionCompiler& compiler)
      : written_(&written), place_(place), compiler_(&compiler) {}

  AdmissionRule read(const ReadContext& context) {
    rule_.name = written_->name;
    rule_.actions = written_->actions;
    Fields rule(context, *written_->rule, written_->path);
    rule.each_map("celPreconditions", [&](Fields& item, std::size_t /*index*/) {
      MatchCondition condition;
      condition.name = item.text("name");
      if (const auto expression = take(item, "expression")) {
        condition.expression = compiler_->condition(*expression);
      }
      rule_.match_conditions.push_back(std::move(condition));
    });
    Fields cel(context, *written_->cel, written_->path + ".validate.cel");
    for (const auto* known : {"generate", "paramKind", "paramRef"}) {
      cel.take(known);
    }
    read_variables(cel);
    read_expressions(cel);
    read_annotations(cel);
    cel.warn_unknown();
    compiler_->finish(rule_);
    return std::move(rule_);
  }

 private:
  std::optional<WrittenExpression> take(Fields& item, std::string_view name, bool required = true) {
    auto written = take_expression(item, name, required);
    if (written) {
      written->text = expression_at(place_, written->text);
    }
    return written;
  }

  void read_variables(Fields& cel) {
    cel.each_map("variables", [&](Fields& item, std::size_t /*index*/) {
      const auto name = item.text("name", true);
      const auto written = take(item, "expression");
      item.warn_unknown();
      if (name.empty() || !written) {
        return;
      }
      if (!is_cel_identifier(name) ||
          std::ranges::find(rule_.variables, name, &AdmissionVariable::name) !=
              rule_.variables.end()) {
        item.context().error(*item.take("name"),
                             fmt::format("{} must be a CEL identifier of its own, not '{}'",
                                         item.path_of("name"), name));
        return;
      }
      rule_.variables.push_back(compiler_->variable(name, *written));
    });
  }

  void read_expressions(Fields& cel) {
    cel.each_map("expressions", [&](Fields& item, std::size_t /*index*/) {
      Validation validation;
      if (const auto written = take(item, "expression")) {
        validation.expression = compiler_->validation(*written);
      }
      if (const auto written = take(item, "messageExpression", false)) {
        validation.message_expression = compiler_->message(*written);
      }
      validation.message = item.text("message");
      if (validation.message.empty()) {
        validation.message = written_->message;
      }
      validation.reason = item.text("reason");
      item.warn_unknown();
      rule_.validations.push_back(std::move(validation));
    });
  }

  void read_annotations(Fields& cel) {
    cel.each_map("auditAnnotations", [&](Fields& item, std::size_t /*index*/) {
      AuditAnnotation annotation;
      annotation.key = item.text("key", true);
      if (const auto written = take(item, "valueExpression")) {
        annotation.expression = compiler_->audit_annotation(*written);
      }
      item.warn_unknown();
      rule_.audit_annotations.push_back(std::move(annotation));
    });
  }

  const Written* written_;
  PodPlace place_;
  AdmissionCompiler* compiler_;
  AdmissionRule rule_;
};

class Reader {
 public:
  Reader(const ReadContext& context, const Node& root, AdmissionEnvironmentCache& environments,
         AdmissionPolicy& policy)
      : context_(&context), root_(&root), environments_(&environments), policy_(&policy) {}

  /// False where the policy's own fields are wrong.
  bool read() {
    Fields fields(*context_, (*root_)["spec"], "spec");
    for (const auto* known :
         {"background", "webhookTimeoutSeconds", "admission", "schemaValidation",
          "generateExisting", "mutateExistingOnPolicyUpdate", "useServerSideApply", "emitWarning",
          "generateExistingOnPolicyUpdate"}) {
      fields.take(known);
    }
    for (const auto* name : {"webhookConfiguration", "validationFailureActionOverrides"}) {
      if (fields.take(name) != nullptr && (*fields.take(name)).size() > 0) {
        context_->warn(*fields.take(name),
                       fmt::format("spec.{} is not supported; it is left out", name));
      }
    }
    policy_->failure_policy =
        fields.word<FailurePolicy>("failurePolicy").value_or(FailurePolicy::kFail);
    if (fields.text("applyRules") == "One") {
      context_->warn(*fields.take("applyRules"),
                     "spec.applyRules One is not supported; every rule is applied");
    }
    if (!read_action(fields)) {
      return false;
    }
    std::vector<Written> rules;
    fields.each_map("rules", [&](Fields& item, std::size_t /*index*/) {
      if (auto rule = read_rule(item)) {
        rules.push_back(*std::move(rule));
      }
    });
    fields.warn_unknown();
    const auto controllers = read_controllers(fields.map());
    for (const auto& rule : rules) {
      compile(rule, controllers);
    }
    return true;
  }

 private:
  bool read_action(Fields& fields) {
    const auto word = fields.text("validationFailureAction");
    const auto actions = actions_of(word.empty() ? "Audit" : word);
    if (!actions) {
      context_->error(
          *fields.take("validationFailureAction"),
          fmt::format("spec.validationFailureAction must be Enforce or Audit, not '{}'", word));
      return false;
    }
    AdmissionBinding everywhere;
    everywhere.policy_name = policy_->name;
    everywhere.actions = *actions;
    everywhere.file = policy_->file;
    everywhere.position = policy_->position;
    policy_->bindings = {std::move(everywhere)};
    return true;
  }

  /// The kinds that rules for Pods are also made for; none where the policy has a rule that does
  /// not allow it.
  std::set<std::string> read_controllers(const Node& spec) const {
    std::vector<Diagnostic> unsaid;
    ReadContext silent = *context_;
    silent.diagnostics = &unsaid;
    for (const Node& rule : spec["rules"].items()) {
      if (!rule.is_map() || rule.find("generate") != nullptr ||
          !allows_autogen(read_match(silent, rule, "rule"))) {
        return {};
      }
    }
    const auto written =
        (*root_)["metadata"]["annotations"]["pod-policies.kyverno.io/autogen-controllers"]
            .as_string();
    const auto all = pod_controller_kinds();
    if (written.empty() || written == "all") {
      return all;
    }
    std::set<std::string> controllers;
    for (const auto part : split(written, ',')) {
      if (all.contains(std::string(trim(part)))) {
        controllers.emplace(trim(part));
      }
    }
    return controllers;
  }

  static KyvernoMatch read_match(const ReadContext& context, const Node& rule,
                                 const std::string& path) {
    KyvernoMatch match;
    if (const Node& node = rule["match"]; node.is_map()) {
      match.match = read_kyverno_filters(context, node, path + ".match", KyvernoSide::kMatch);
    }
    if (const Node& node = rule["exclude"]; node.is_map()) {
      match.exclude = read_kyverno_filters(context, node, path + ".exclude", KyvernoSide::kExclude);
    }
    match.names_operations =
        std::ranges::any_of(match.match.filters,
                            [](const KyvernoFilter& filter) { return !filter.operations.empty(); });
    return match;
  }

  /// Nothing where the rule is set aside, which is said.
  std::optional<Written> read_rule(Fields& fields) {
    Written rule;
    rule.rule = &fields.map();
    rule.name = fields.text("name", true);
    rule.path = fields.path_of("");
    rule.path.pop_back();
    const auto set_aside = [&](const Node& at, std::string_view what) -> std::optional<Written> {
      context_->error(at, fmt::format("{}: {} is not supported; rule '{}' is set aside", rule.path,
                                      what, rule.name));
      return std::nullopt;
    };
    for (const auto* kind : {"mutate", "generate", "verifyImages"}) {
      if (const Node* node = fields.take(kind)) {
        return set_aside(*node, kind);
      }
    }
    const Node* validate = fields.take_map("validate");
    if (validate == nullptr) {
      return set_aside(fields.map(), "a rule without validate.cel");
    }
    for (const auto& member : validate->members()) {
      constexpr std::array<std::string_view, 6> kOthers{"pattern",     "anyPattern", "deny",
                                                        "podSecurity", "foreach",    "manifests"};
      if (std::ranges::find(kOthers, member.key.text()) != kOthers.end()) {
        return set_aside(member.value, fmt::format("validate.{}", member.key.text()));
      }
    }
    rule.cel = validate->find("cel");
    if (rule.cel == nullptr || !rule.cel->is_map()) {
      return set_aside(*validate, "a rule without validate.cel");
    }
    for (const auto* name : {"context", "preconditions"}) {
      if (const Node* node = fields.take(name); node != nullptr && node->size() > 0) {
        return set_aside(*node, name);
      }
    }
    for (const auto* known :
         {"match", "exclude", "celPreconditions", "skipBackgroundRequests", "reportProperties"}) {
      fields.take(known);
    }
    fields.warn_unknown();
    rule.match = read_match(*context_, fields.map(), rule.path);
    if (rule.match.match.filters.empty()) {
      fields.report_missing("match");
      return std::nullopt;
    }
    return read_validate(*validate, rule) ? std::optional(std::move(rule)) : std::nullopt;
  }

  bool read_validate(const Node& validate, Written& rule) const {
    Fields fields(*context_, validate, rule.path + ".validate");
    fields.take("cel");
    fields.take("allowExistingViolations");
    rule.message = fields.text("message");
    const auto word = fields.text("failureAction");
    rule.actions = actions_of(word);
    if (!word.empty() && !rule.actions) {
      context_->error(*fields.take("failureAction"),
                      fmt::format("{} must be Enforce or Audit, not '{}'",
                                  fields.path_of("failureAction"), word));
      return false;
    }
    if (const Node* overrides = fields.take("failureActionOverrides")) {
      context_->warn(*overrides, fmt::format("{} is not supported; it is left out",
                                             fields.path_of("failureActionOverrides")));
    }
    fields.warn_unknown();
    return true;
  }

  Params read_params(const Written& rule) const {
    Params params;
    Fields fields(*context_, *rule.cel, rule.path + ".validate.cel");
    if (const Node* node = fields.take_map("paramKind")) {
      Fields kind(*context_, *node, fields.path_of("paramKind"));
      params.kind =
          ParamKind{.api_version = kind.text("apiVersion", true), .kind = kind.text("kind", true)};
    }
    if (const Node* node = fields.take_map("paramRef")) {
      params.ref = read_param_ref(*context_, *node, fields.path_of("paramRef"));
    }
    return params;
  }

  void compile(const Written& rule, const std::set<std::string>& controllers) {
    const auto params = read_params(rule);
    if (!admit_params(rule, params)) {
      return;
    }
    const auto kind = params.kind ? AdmissionParams::kDeclared : AdmissionParams::kNone;
    if (!add(rule, PodPlace::kPod, rule.match, kind)) {
      return;
    }
    for (auto& made : autogen_rules(rule.match, controllers)) {
      add(rule, made.place, std::move(made.match), kind);
    }
  }

  /// Params are the policy's and its binding's in the model: rules must agree on them.
  bool admit_params(const Written& rule, const Params& params) {
    auto& binding = policy_->bindings.front();
    if (!params.kind) {
      return true;
    }
    if (policy_->param_kind && *policy_->param_kind != *params.kind) {
      context_->error(*rule.cel,
                      fmt::format("{}.validate.cel: a second paramKind in one policy is not "
                                  "supported; rule '{}' is set aside",
                                  rule.path, rule.name));
      return false;
    }
    policy_->param_kind = params.kind;
    binding.param_ref = params.ref;
    return true;
  }

  /// False where the rule does not compile.
  bool add(const Written& written, PodPlace place, KyvernoMatch match, AdmissionParams params) {
    std::vector<Diagnostic> found;
    ReadContext context = *context_;
    context.diagnostics = &found;
    AdmissionCompiler compiler(context, environments_->of(params));
    auto rule = RuleReader(written, place, compiler).read(context);
    rule.kyverno_match = std::move(match);
    const bool broken = has_errors(found);
    if (place != PodPlace::kPod) {
      std::erase_if(found, [](const Diagnostic& each) {
        return each.severity != Diagnostic::Severity::kError;
      });
    }
    std::ranges::move(found, std::back_inserter(*context_->diagnostics));
    if (!broken) {
      policy_->rules.push_back(std::move(rule));
    }
    return !broken;
  }

  const ReadContext* context_;
  const Node* root_;
  AdmissionEnvironmentCache* environments_;
  AdmissionPolicy* policy_;
};

}  // namespace

std::shared_ptr<AdmissionPolicy> read_kyverno_cluster_policy(
    const ReadContext& context, const Node& root, AdmissionEnvironmentCache& environments) {
  auto policy = std::make_shared<AdmissionPolicy>();
  policy->kind = AdmissionKind::kKyvernoClusterPolicy;
  const bool namespaced = root["kind"].as_string() == "Policy";
  if (!read_kyverno_metadata(context, root, namespaced, *policy)) {
    return nullptr;
  }
  if (!root["spec"].is_map()) {
    context.error(root, "spec is missing");
    return nullptr;
  }
  if (!Reader(context, root, environments, *policy).read() || policy->rules.empty()) {
    return nullptr;
  }
  return policy;
}

}  // namespace seaworthy::policy
