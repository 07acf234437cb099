// Each rule is read and compiled on its own; a rule for Pods is compiled once more for what makes
// Pods.
#include "policy/kyverno_cluster_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "policy/kyverno_autogen.h"
#include "policy/kyverno_policy_reader.h"
#include "policy/kyverno_rule_reader.h"
#include "policy/kyverno_support.h"
#include "policy/match_reader.h"
#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using document::Node;

class Reader {
 public:
  Reader(const ReadContext& context, const Node& root, AdmissionEnvironmentCache& environments,
         AdmissionPolicy& policy)
      : context_(&context), root_(&root), environments_(&environments), policy_(&policy) {}

  /// False where the policy's own fields are wrong.
  bool read() {
    Fields fields(*context_, (*root_)["spec"], "spec");
    for (const auto* known :
         {"background", "webhookTimeoutSeconds", "schemaValidation", "generateExisting",
          "mutateExistingOnPolicyUpdate", "useServerSideApply", "generateExistingOnPolicyUpdate"}) {
      fields.take(known);
    }
    policy_->modes.admission = fields.boolean("admission").value_or(true);
    if (fields.boolean("emitWarning").value_or(false)) {
      context_->warn(*fields.take("emitWarning"),
                     "spec.emitWarning is not supported; it is left out");
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
    const auto controllers = read_controllers(fields.map());
    fields.each_map("rules", [&](Fields& item, std::size_t /*index*/) {
      if (WrittenRule rule; read_kyverno_rule(item, rule)) {
        compile(rule, controllers);
      }
    });
    if (fields.map()["rules"].size() == 0) {
      context_->error(fields.map(),
                      "spec.rules must hold something: a policy without says nothing");
    }
    fields.warn_unknown();
    return true;
  }

 private:
  bool read_action(Fields& fields) {
    const auto word = fields.text("validationFailureAction");
    const auto actions = kyverno_actions_of(word.empty() ? "Audit" : word);
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
    policy_->bindings.push_back(std::move(everywhere));
    return true;
  }

  /// The kinds that rules for Pods are also made for; none where the policy has a rule that does
  /// not allow it.
  std::set<std::string> read_controllers(const Node& spec) const {
    std::vector<Diagnostic> unsaid;
    ReadContext silent = *context_;
    silent.diagnostics = &unsaid;
    bool needed = false;
    for (const Node& rule : spec["rules"].items()) {
      if (!rule.is_map()) {
        continue;  // which is reported where it is read
      }
      if (rule.find("generate") != nullptr || rule["mutate"].find("patchesJson6902") != nullptr) {
        return {};
      }
      KyvernoMatch match;
      const bool right = read_rule_match(silent, rule, "rule", match);
      if (right && !allows_autogen(match)) {
        return {};
      }
      needed = needed || (right && asks_for_autogen(match));
    }
    if (!needed) {
      return {};
    }
    constexpr std::string_view kAnnotation = "pod-policies.kyverno.io/autogen-controllers";
    const Node& annotation = (*root_)["metadata"]["annotations"][kAnnotation];
    const auto written = annotation.as_string();
    const auto all = pod_controller_kinds();
    if (written.empty() || written == "all") {
      return all;
    }
    std::set<std::string> controllers;
    for (const auto part : split(written, ',')) {
      check_controller(*context_, annotation, kAnnotation, trim(part), all);
      if (all.contains(std::string(trim(part)))) {
        controllers.emplace(trim(part));
      }
    }
    return controllers;
  }

  void compile(const WrittenRule& written, const std::set<std::string>& controllers) {
    if (!add_kyverno_rule(*context_, written, PodPlace::kPod, written.match, *environments_,
                          *policy_)) {
      return;
    }
    for (const auto& made : autogen_rules(written.match, controllers)) {
      add_kyverno_rule(*context_, written, made.place, made.match, *environments_, *policy_);
    }
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
