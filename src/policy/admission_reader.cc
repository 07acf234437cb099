// One document of the platform's two kinds. Mistakes of form set the policy aside and go to a list
// of their own; those of expressions go to the load's diagnostics and leave the policy in force.
#include "policy/admission_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "policy/admission_head.h"
#include "policy/admission_match_reader.h"
#include "policy/kubernetes_names.h"
#include "seaworthy/admission/api_resources.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// Reads one document's spec: `form` takes mistakes of form, the compiler's context those of
/// expressions.
class Reader {
 public:
  Reader(AdmissionPolicy& policy, AdmissionCompiler& compiler, const Node& spec)
      : policy_(&policy), compiler_(&compiler), spec_(&spec) {}

  void read(const ReadContext& form) {
    Fields fields(form, *spec_, "spec");
    policy_->failure_policy =
        fields.word<FailurePolicy>("failurePolicy").value_or(FailurePolicy::kFail);
    fields.take("paramKind");
    read_match(fields);
    read_conditions(fields);
    read_variables(fields);
    if (is_mutating(policy_->kind)) {
      read_mutations(fields);
      policy_->reinvoked = take_reinvocation(fields, true);
    } else {
      read_validations(fields);
      read_audit_annotations(fields);
    }
    fields.warn_unknown();
    compiler_->finish(rule_);
    policy_->is_broken = compiler_->is_broken();
    policy_->rules.push_back(std::move(rule_));
  }

 private:
  void read_match(Fields& fields) {
    if (const Node* match = fields.take_map("matchConstraints")) {
      rule_.match =
          read_admission_match(fields.context(), *match, "spec.matchConstraints",
                               {.rules_required = true, .mutates = is_mutating(policy_->kind)});
    } else if (spec_->find("matchConstraints") == nullptr) {
      fields.report_missing("matchConstraints");
    }
  }

  void read_conditions(Fields& fields) {
    if (const Node* list = fields.take_list("matchConditions");
        list != nullptr && list->size() > limits::kMatchConditionsMax) {
      fields.context().error(*list, fmt::format("spec.matchConditions holds {} conditions; at most "
                                                "{} are allowed",
                                                list->size(), limits::kMatchConditionsMax));
    }
    std::set<std::string> names;
    fields.each_map("matchConditions", [&](Fields& item, std::size_t /*index*/) {
      MatchCondition condition;
      condition.name = item.text("name", true);
      const Node* name = item.take("name");
      if (!condition.name.empty() && !is_qualified_name(condition.name)) {
        item.context().error(
            *name, fmt::format("{} must be a qualified name such as 'not-a-node', not '{}'",
                               item.path_of("name"), condition.name));
      } else if (!condition.name.empty() && !names.insert(condition.name).second) {
        item.context().error(
            *name, fmt::format("{} '{}' is there already", item.path_of("name"), condition.name));
      }
      if (const auto written = take_expression(item, "expression")) {
        condition.expression = compiler_->condition(*written);
      }
      item.warn_unknown();
      rule_.match_conditions.push_back(std::move(condition));
    });
  }

  void read_variables(Fields& fields) {
    if (const Node* list = fields.take_list("variables");
        list != nullptr && list->size() > limits::kVariablesPerPolicyMax) {
      fields.context().error(
          *list, fmt::format("spec.variables holds {} variables; at most {} are allowed",
                             list->size(), limits::kVariablesPerPolicyMax));
      return;
    }
    fields.each_map("variables", [&](Fields& item, std::size_t /*index*/) {
      if (const auto written = take_variable(item, rule_.variables)) {
        rule_.variables.push_back(compiler_->variable(written->name, written->expression));
      }
    });
  }

  void read_validations(Fields& fields) {
    const Node* validations = fields.take_list("validations");
    const Node* annotations = fields.take_list("auditAnnotations");
    if ((validations == nullptr || validations->size() == 0) &&
        (annotations == nullptr || annotations->size() == 0)) {
      fields.context().error(*spec_,
                             "spec.validations or spec.auditAnnotations must hold something: a "
                             "policy without both says nothing");
    }
    fields.each_map("validations", [&](Fields& item, std::size_t /*index*/) {
      Validation validation;
      if (const auto written = take_expression(item, "expression")) {
        validation.expression = compiler_->validation(*written);
      }
      if (const auto written = take_expression(item, "messageExpression", false)) {
        validation.message_expression = compiler_->message(*written);
      }
      read_message(item, validation);
      read_reason(item, validation);
      item.warn_unknown();
      rule_.validations.push_back(std::move(validation));
    });
  }

  static void read_message(Fields& item, Validation& validation) {
    validation.message = item.text("message");
    const auto words = trim(validation.message);
    if (!validation.message.empty() && words.empty()) {
      item.context().error(*item.take("message"), item.path_of("message") + " must not be blank");
    } else if (words.find_first_of("\r\n") != std::string_view::npos) {
      item.context().error(
          *item.take("message"),
          item.path_of("message") + " must not contain line breaks; fold it with '>-'");
    }
  }

  static void read_reason(Fields& item, Validation& validation) {
    // Unauthorized is in the API's table of codes, but its validation does not let it in.
    constexpr std::array<std::string_view, 3> kReasons{"Forbidden", "Invalid",
                                                       "RequestEntityTooLarge"};
    validation.reason = item.text("reason");
    if (!validation.reason.empty() &&
        std::ranges::find(kReasons, validation.reason) == kReasons.end()) {
      item.context().error(
          *item.take("reason"),
          fmt::format("{} must be Forbidden, Invalid or RequestEntityTooLarge, not '{}'",
                      item.path_of("reason"), validation.reason));
    }
  }

  void read_audit_annotations(Fields& fields) {
    if (const Node* list = fields.take_list("auditAnnotations");
        list != nullptr && list->size() > limits::kAuditAnnotationsPerPolicyMax) {
      fields.context().error(
          *list, fmt::format("spec.auditAnnotations holds {} annotations; at most {} are allowed",
                             list->size(), limits::kAuditAnnotationsPerPolicyMax));
    }
    std::set<std::string> keys;
    fields.each_map("auditAnnotations", [&](Fields& item, std::size_t /*index*/) {
      AuditAnnotation annotation;
      annotation.key = item.text("key", true);
      check_key(item, annotation.key, keys);
      const auto written = take_expression(item, "valueExpression");
      if (written && trim(written->text).size() > limits::kAuditAnnotationExpressionBytesMax) {
        item.context().error(*written->node,
                             fmt::format("{} must not be longer than {} bytes", written->field,
                                         limits::kAuditAnnotationExpressionBytesMax));
      } else if (written) {
        annotation.expression = compiler_->audit_annotation(*written);
      }
      item.warn_unknown();
      rule_.audit_annotations.push_back(std::move(annotation));
    });
  }

  void check_key(Fields& item, const std::string& key, std::set<std::string>& keys) const {
    if (key.empty()) {
      return;
    }
    const Node& node = *item.take("key");
    if (!is_qualified_name(policy_->name + "/" + key)) {
      item.context().error(
          node, fmt::format("{}: '{}/{}' must be a qualified name: write letters, digits, '-', "
                            "'_' or '.', at most 63",
                            item.path_of("key"), policy_->name, key));
    } else if (!keys.insert(key).second) {
      item.context().error(node, fmt::format("{} '{}' is there already", item.path_of("key"), key));
    }
  }

  void read_mutations(Fields& fields) {
    if (const Node* list = fields.take_list("mutations"); list == nullptr || list->size() == 0) {
      fields.context().error(*spec_, "spec.mutations must hold a mutation");
    }
    fields.each_map("mutations", [&](Fields& item, std::size_t /*index*/) {
      const auto word = item.text("patchType", true);
      const auto type = patch_type_of(word);
      for (const auto* field : {"applyConfiguration", "jsonPatch"}) {
        item.take(field);
      }
      item.warn_unknown();
      if (!type) {
        if (!word.empty()) {
          item.context().error(*item.take("patchType"),
                               fmt::format("{} must be ApplyConfiguration or JSONPatch, not '{}'",
                                           item.path_of("patchType"), word));
        }
        return;
      }
      read_patch(item, *type, word);
    });
  }

  void read_patch(Fields& item, PatchType type, const std::string& word) {
    const bool applies = type == PatchType::kApplyConfiguration;
    const auto* const own = applies ? "applyConfiguration" : "jsonPatch";
    const auto* const other = applies ? "jsonPatch" : "applyConfiguration";
    if (const Node* extra = item.take(other)) {
      item.context().error(*extra, fmt::format("{} must not be there where patchType is {}",
                                               item.path_of(other), word));
    }
    const Node* holder = item.take_map(own);
    if (holder == nullptr) {
      if (item.take(own) == nullptr) {
        item.report_missing(own);
      }
      return;
    }
    Fields fields(item.context(), *holder, item.path_of(own));
    if (const auto written = take_expression(fields, "expression")) {
      rule_.mutations.push_back({.type = type, .expression = compiler_->mutation(type, *written)});
    }
    fields.warn_unknown();
  }

  AdmissionPolicy* policy_;
  AdmissionCompiler* compiler_;
  const Node* spec_;
  AdmissionRule rule_;
};

std::optional<ParamKind> read_param_kind(const ReadContext& context, const Node& spec) {
  Fields spec_fields(context, spec, "spec");
  const Node* node = spec_fields.take_map("paramKind");
  if (node == nullptr) {
    return std::nullopt;
  }
  Fields fields(context, *node, "spec.paramKind");
  ParamKind kind{.api_version = fields.text("apiVersion", true), .kind = fields.text("kind", true)};
  fields.warn_unknown();
  const auto [group, version] = admission::split_api_version(kind.api_version);
  if (!kind.api_version.empty() &&
      (version.empty() || version.find('/') != std::string_view::npos ||
       (!group.empty() && !is_dns_subdomain(group)))) {
    context.error(*fields.take("apiVersion"),
                  fmt::format("spec.paramKind.apiVersion must be a version such as v1 or "
                              "rules.example.com/v1, not '{}'",
                              kind.api_version));
  }
  return kind;
}

}  // namespace

const AdmissionEnvironments& AdmissionEnvironmentCache::of(AdmissionParams params) {
  auto& cached = params == AdmissionParams::kDeclared ? with_params_ : plain_;
  if (!cached) {
    cached.emplace(make_admission_environments(*base_, params));
  }
  return *cached;
}

std::optional<WrittenExpression> take_expression(Fields& fields, std::string_view name,
                                                 bool required) {
  const auto text = fields.text(name, required);
  const Node* node = fields.take(name);
  if (text.empty()) {
    return std::nullopt;  // was reported, or need not be there
  }
  if (trim(text).empty()) {
    fields.context().error(*node, fields.path_of(name) + " must not be blank");
    return std::nullopt;
  }
  return WrittenExpression{.text = text, .node = node, .field = fields.path_of(name)};
}

bool take_reinvocation(Fields& fields, bool required) {
  const auto word = fields.text("reinvocationPolicy", required);
  if (!word.empty() && word != "Never" && word != "IfNeeded") {
    fields.context().error(
        *fields.take("reinvocationPolicy"),
        fmt::format("spec.reinvocationPolicy must be Never or IfNeeded, not '{}'", word));
  }
  return word == "IfNeeded";
}

std::optional<WrittenVariable> take_variable(Fields& item,
                                             const std::vector<AdmissionVariable>& declared) {
  const auto name = item.text("name", true);
  const auto written = take_expression(item, "expression");
  item.warn_unknown();
  if (name.empty() || !written) {
    return std::nullopt;
  }
  if (!is_cel_identifier(name)) {
    item.context().error(*item.take("name"), fmt::format("{} must be a CEL identifier, not '{}'",
                                                         item.path_of("name"), name));
    return std::nullopt;
  }
  if (std::ranges::find(declared, name, &AdmissionVariable::name) != declared.end()) {
    item.context().error(*item.take("name"), fmt::format("variable '{}' is declared twice", name));
    return std::nullopt;
  }
  return WrittenVariable{name, *written};
}

void read_annotations(const Node& metadata, AdmissionPolicy& policy) {
  const Node& annotations = metadata["annotations"];
  auto of = [&](std::string_view name) {
    const std::string key = "policies.kyverno.io/" + std::string(name);
    return annotations[std::string_view(key)].as_string();
  };
  policy.title = of("title");
  policy.description = of("description");
  policy.category = of("category");
  policy.severity = from_word<Severity>(of("severity")).value_or(Severity::kMedium);
}

std::shared_ptr<AdmissionPolicy> read_admission_policy(const ReadContext& context,
                                                       AdmissionKind kind, const Node& root,
                                                       AdmissionEnvironmentCache& environments) {
  std::vector<Diagnostic> of_form;
  ReadContext form = context;
  form.diagnostics = &of_form;
  auto policy = std::make_shared<AdmissionPolicy>();
  policy->kind = kind;
  policy->file = context.file;
  policy->position = context.source->position_of(root);
  auto head = read_admission_head(form, root);
  policy->name = std::move(head.name);
  if (head.metadata != nullptr && !policy->name.empty()) {
    read_annotations(*head.metadata, *policy);
  }
  if (head.spec != nullptr) {
    policy->param_kind = read_param_kind(form, *head.spec);
    AdmissionCompiler compiler(
        context,
        environments.of(policy->param_kind ? AdmissionParams::kDeclared : AdmissionParams::kNone));
    Reader(*policy, compiler, *head.spec).read(form);
  }
  const bool broken = has_errors(of_form);
  std::ranges::move(of_form, std::back_inserter(*context.diagnostics));
  return broken ? nullptr : policy;
}

}  // namespace seaworthy::policy
