// A policy is read once for each place where its Pods may be: as it was written, and, where its
// match is for Pods, for templates and for CronJobs. Mistakes are said of what was written; what is
// made of it is only compiled where that had none.
#include "policy/kyverno_policy_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "policy/admission_compiler.h"
#include "policy/admission_match_reader.h"
#include "policy/admission_reader.h"
#include "policy/kubernetes_names.h"
#include "policy/kyverno_autogen.h"
#include "policy/kyverno_environment.h"
#include "policy/kyverno_support.h"

namespace seaworthy::policy {
namespace {

using cel::Type;
using document::Node;

/// Kyverno asks for bool and string exactly; dyn is taken as well here and looked at when it runs,
/// since what is dyn differs from one of its versions to the next.
std::array<Type, 2> wanted_bool() { return {Type::boolean(), Type::dyn()}; }

std::array<Type, 3> wanted_text() { return {Type::string(), Type::dyn(), Type::null()}; }

/// Reads the expressions of a spec as they look in one place.
class RuleAtPlace {
 public:
  RuleAtPlace(AdmissionKind kind, PodPlace place, AdmissionCompiler& compiler)
      : kind_(kind), place_(place), compiler_(&compiler) {}

  AdmissionRule read(Fields& fields) {
    // Kyverno evaluates conditions before variables; those of mutations may read them all the same.
    const bool late = is_mutating(kind_);
    if (!late) {
      read_conditions(fields);
    }
    read_variables(fields);
    if (late) {
      read_conditions(fields);
      read_mutations(fields);
    } else {
      read_validations(fields);
      read_audit_annotations(fields);
    }
    compiler_->finish(rule_);
    return std::move(rule_);
  }

 private:
  AdmissionExpression compile(WrittenExpression written, std::span<const Type> wanted) {
    written.text = expression_at(place_, written.text);
    return compiler_->compile(compiler_->environments().expressions, written, wanted);
  }

  void read_conditions(Fields& fields) {
    fields.each_map("matchConditions", [&](Fields& item, std::size_t /*index*/) {
      MatchCondition condition;
      condition.name = item.text("name", true);
      if (const auto written = take_expression(item, "expression")) {
        condition.expression = compile(*written, wanted_bool());
      }
      item.warn_unknown();
      rule_.match_conditions.push_back(std::move(condition));
    });
  }

  void read_variables(Fields& fields) {
    fields.each_map("variables", [&](Fields& item, std::size_t /*index*/) {
      if (auto written = take_variable(item, rule_.variables)) {
        written->expression.text = expression_at(place_, written->expression.text);
        rule_.variables.push_back(compiler_->variable(written->name, written->expression));
      }
    });
  }

  void read_validations(Fields& fields) {
    fields.each_map("validations", [&](Fields& item, std::size_t /*index*/) {
      Validation validation;
      if (const auto written = take_expression(item, "expression")) {
        validation.expression = compile(*written, wanted_bool());
      }
      if (const auto written = take_expression(item, "messageExpression", false)) {
        validation.message_expression = compile(*written, wanted_text());
      }
      validation.message = item.text("message");
      validation.reason = item.text("reason");
      item.warn_unknown();
      rule_.validations.push_back(std::move(validation));
    });
  }

  void read_audit_annotations(Fields& fields) {
    fields.each_map("auditAnnotations", [&](Fields& item, std::size_t /*index*/) {
      AuditAnnotation annotation;
      annotation.key = item.text("key", true);
      if (const auto written = take_expression(item, "valueExpression")) {
        annotation.expression = compile(*written, wanted_text());
      }
      item.warn_unknown();
      rule_.audit_annotations.push_back(std::move(annotation));
    });
  }

  void read_mutations(Fields& fields) {
    fields.each_map("mutations", [&](Fields& item, std::size_t /*index*/) {
      const auto word = item.text("patchType", true);
      const auto type = patch_type_of(word);
      if (!type && !word.empty()) {
        item.context().error(*item.take("patchType"),
                             fmt::format("{} must be ApplyConfiguration or JSONPatch, not '{}'",
                                         item.path_of("patchType"), word));
      }
      const auto* const own = type == PatchType::kJsonPatch ? "jsonPatch" : "applyConfiguration";
      const Node* holder = item.take_map(own);
      item.take("jsonPatch");
      item.take("applyConfiguration");
      item.warn_unknown();
      if (!type || holder == nullptr) {
        if (type) {
          item.report_missing(own);
        }
        return;
      }
      Fields holder_fields(item.context(), *holder, item.path_of(own));
      if (auto written = take_expression(holder_fields, "expression")) {
        written->text = mutation_at(place_, written->text);
        rule_.mutations.push_back(
            {.type = *type, .expression = compiler_->mutation(*type, *written)});
      }
    });
  }

  AdmissionKind kind_;
  PodPlace place_;
  AdmissionCompiler* compiler_;
  AdmissionRule rule_;
};

/// One document.
class PolicyDocument {
 public:
  PolicyDocument(const ReadContext& context, const Node& spec,
                 const AdmissionEnvironments& environments, AdmissionPolicy& policy)
      : context_(&context), spec_(&spec), environments_(&environments), policy_(&policy) {}

  void read() {
    Fields fields(*context_, *spec_, "spec");
    for (const auto* known : {"matchConditions", "variables", "webhookConfiguration"}) {
      fields.take(known);
    }
    refuse_other_fields(fields);
    policy_->failure_policy =
        fields.word<FailurePolicy>("failurePolicy").value_or(FailurePolicy::kFail);
    read_evaluation(fields);
    read_actions(fields);
    read_controllers(fields);
    const auto match = read_match(fields);
    if (is_mutating(policy_->kind)) {
      policy_->reinvoked = take_reinvocation(fields, false);
    }
    fields.warn_unknown();
    check_not_empty();
    add_rule(PodPlace::kPod, match);
    if (!has_errors(*context_->diagnostics) && !policy_->modes.json) {
      for (auto& made :
           autogen_matches(match.constraints, controllers_ ? &*controllers_ : nullptr)) {
        add_rule(made.place, {.constraints = std::move(made.constraints)});
      }
    }
  }

 private:
  /// What would never run here. Kyverno's types do not have the other kind's field; a mutation's
  /// annotations they have, and one that fails undoes it there.
  void refuse_other_fields(Fields& fields) {
    const bool mutates = is_mutating(policy_->kind);
    const auto refuse = [&](const char* name, std::string message) {
      if (!(*spec_)[std::string_view(name)].is_null()) {
        context_->error(*fields.take(name), std::move(message));
      }
    };
    fields.take(mutates ? "mutations" : "validations");
    if (mutates) {
      refuse("validations", "spec.validations is no field of a MutatingPolicy");
      refuse("auditAnnotations", "spec.auditAnnotations is not supported in a MutatingPolicy");
    } else {
      refuse("mutations", "spec.mutations is no field of a ValidatingPolicy");
      fields.take("auditAnnotations");
    }
  }

  void read_evaluation(Fields& fields) {
    const Node* node = fields.take_map("evaluation");
    if (node == nullptr) {
      return;
    }
    Fields evaluation(*context_, *node, "spec.evaluation");
    const auto enabled = [&](std::string_view name) {
      const Node* part = evaluation.take_map(name);
      return part == nullptr
                 ? std::nullopt
                 : Fields(*context_, *part, evaluation.path_of(name)).boolean("enabled");
    };
    policy_->modes.admission = enabled("admission").value_or(true);
    policy_->modes.background = enabled("background").value_or(true);
    const auto mode = evaluation.text("mode");
    policy_->modes.json = mode == "JSON";
    if (!mode.empty() && mode != "JSON" && mode != "Kubernetes") {
      context_->error(*evaluation.take("mode"),
                      fmt::format("spec.evaluation.mode '{}' is not supported; Kubernetes and JSON "
                                  "are",
                                  mode));
    }
    for (const auto* known : {"skipBackgroundRequests", "useServerSideApply"}) {
      evaluation.boolean(known);
    }
    if (enabled("mutateExisting").value_or(false)) {
      context_->error(*evaluation.take("mutateExisting"),
                      "spec.evaluation.mutateExisting is not supported: only the object of the "
                      "request is changed");
    }
    evaluation.warn_unknown();
  }

  void read_actions(Fields& fields) {
    AdmissionBinding everywhere;
    everywhere.policy_name = policy_->name;
    everywhere.file = policy_->file;
    everywhere.position = policy_->position;
    if (!is_mutating(policy_->kind)) {
      for (const auto& word : fields.texts("validationActions")) {
        const auto action = validation_action_of(word);
        if (!action) {
          context_->error(*fields.take("validationActions"),
                          fmt::format("spec.validationActions must hold Deny, Warn, Audit, not "
                                      "'{}'",
                                      word));
          continue;
        }
        everywhere.actions.push_back(*action);
      }
      if (everywhere.actions.empty()) {
        everywhere.actions = {ValidationAction::kDeny};
      }
    }
    policy_->bindings = {std::move(everywhere)};
  }

  void read_controllers(Fields& fields) {
    const Node* autogen = fields.take_map("autogen");
    if (autogen == nullptr) {
      return;
    }
    Fields autogen_fields(*context_, *autogen, "spec.autogen");
    for (const auto* known : {"validatingAdmissionPolicy", "mutatingAdmissionPolicy"}) {
      autogen_fields.take(known);
    }
    const Node* node = autogen_fields.take_map("podControllers");
    autogen_fields.warn_unknown();
    if (node == nullptr) {
      return;
    }
    Fields fields_of_controllers(*context_, *node, "spec.autogen.podControllers");
    if (const Node* list = fields_of_controllers.take_list("controllers")) {
      const auto names = fields_of_controllers.texts("controllers");
      controllers_.emplace(names.begin(), names.end());
      for (const Node& item : list->items()) {
        check_controller(*context_, item, fields_of_controllers.path_of("controllers"),
                         item.as_string(), pod_controller_resources());
      }
    }
    fields_of_controllers.warn_unknown();
  }

  AdmissionMatch read_match(Fields& fields) {
    for (const auto* name : {"targetMatchConstraints", "targetMatchConditions"}) {
      if (is_mutating(policy_->kind) && fields.take(name) != nullptr) {
        context_->error(*fields.take(name),
                        fmt::format("spec.{} is not supported: only the object of the request is "
                                    "changed",
                                    name));
      }
    }
    const Node* node = fields.take_map("matchConstraints");
    AdmissionMatch match;
    if (node != nullptr) {
      match = read_admission_match(*context_, *node, "spec.matchConstraints",
                                   {.rules_required = false, .mutates = false});
    } else if (!policy_->modes.json) {
      context_->error(*spec_, "spec.matchConstraints is missing: the policy would match nothing");
    }
    return policy_->modes.json ? AdmissionMatch() : match;
  }

  void check_not_empty() {
    const char* const wanted = is_mutating(policy_->kind) ? "mutations" : "validations";
    const bool annotates = (*spec_)["auditAnnotations"].size() > 0;
    if ((*spec_)[std::string_view(wanted)].size() == 0 &&
        (is_mutating(policy_->kind) || !annotates)) {
      context_->error(*spec_, fmt::format("spec.{} must hold something: a policy without says "
                                          "nothing",
                                          wanted));
    }
  }

  void add_rule(PodPlace place, AdmissionMatch match) {
    // What is said of the rule as it was written need not be said of what is made of it.
    std::vector<Diagnostic> found;
    ReadContext context = *context_;
    context.diagnostics = &found;
    Fields fields(context, *spec_, "spec");
    AdmissionCompiler compiler(context, *environments_);
    auto rule = RuleAtPlace(policy_->kind, place, compiler).read(fields);
    if (place != PodPlace::kPod) {
      std::erase_if(found, [](const Diagnostic& each) {
        return each.severity != Diagnostic::Severity::kError;
      });
    }
    std::ranges::move(found, std::back_inserter(*context_->diagnostics));
    rule.match = std::move(match);
    rule.extra = make_kyverno_slots();
    policy_->is_broken = policy_->is_broken || compiler.is_broken();
    policy_->rules.push_back(std::move(rule));
  }

  const ReadContext* context_;
  const Node* spec_;
  const AdmissionEnvironments* environments_;
  AdmissionPolicy* policy_;
  std::optional<std::set<std::string>> controllers_;
};

}  // namespace

bool read_kyverno_metadata(const ReadContext& context, const Node& root, bool namespaced,
                           AdmissionPolicy& policy) {
  policy.file = context.file;
  policy.position = context.source->position_of(root);
  const Node& metadata = root["metadata"];
  policy.name = metadata["name"].as_string();
  if (policy.name.empty()) {
    context.error(root, "metadata.name is missing");
    return false;
  }
  read_annotations(metadata, policy);
  if (namespaced) {
    const auto space = metadata["namespace"].as_string();
    policy.namespace_name = space.empty() ? "default" : space;
  }
  return true;
}

std::shared_ptr<AdmissionPolicy> read_kyverno_policy(const ReadContext& context, AdmissionKind kind,
                                                     const Node& root,
                                                     const AdmissionEnvironments& environments) {
  std::vector<Diagnostic> found;
  ReadContext own = context;
  own.diagnostics = &found;
  auto policy = std::make_shared<AdmissionPolicy>();
  policy->kind = kind;
  const Node& spec = root["spec"];
  const bool namespaced = root["kind"].as_string().starts_with("Namespaced");
  if (read_kyverno_metadata(own, root, namespaced, *policy)) {
    if (!spec.is_map()) {
      own.error(root, "spec is missing");
    } else if (check_supported(own, spec, "spec")) {
      PolicyDocument(own, spec, environments, *policy).read();
    }
  }
  const bool broken = has_errors(found);
  std::ranges::move(found, std::back_inserter(*context.diagnostics));
  return broken ? nullptr : policy;
}

}  // namespace seaworthy::policy
