// The rules' expressions are compiled as those of in-tree policies are, since that is how Kyverno
// runs them (pkg/engine/handlers/validation/validate_cel.go): with params and authorizer, without
// Kyverno's own libraries.
#include "policy/kyverno_rule_reader.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "policy/admission_binding_reader.h"
#include "policy/admission_compiler.h"
#include "policy/kyverno_match_reader.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// The expression in a field, as it reads objects whose Pod is in `place`.
std::optional<WrittenExpression> take_at(PodPlace place, Fields& item, std::string_view name,
                                         bool required = true) {
  auto written = take_expression(item, name, required);
  if (written) {
    written->text = expression_at(place, written->text);
  }
  return written;
}

/// Reads the expressions of one rule in one place.
class RuleReader {
 public:
  RuleReader(const WrittenRule& written, PodPlace place, AdmissionCompiler& compiler)
      : written_(&written), place_(place), compiler_(&compiler) {}

  AdmissionRule read(const ReadContext& context) {
    rule_.name = written_->name;
    rule_.known_as = rule_name_at(place_, written_->name);
    rule_.actions = written_->actions;
    rule_.params = written_->params;
    Fields rule(context, *written_->rule, written_->path);
    rule.each_map("celPreconditions", [&](Fields& item, std::size_t /*index*/) {
      MatchCondition condition;
      condition.name = item.text("name", true);
      if (const auto expression = take_at(place_, item, "expression")) {
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
  void read_variables(Fields& cel) {
    cel.each_map("variables", [&](Fields& item, std::size_t /*index*/) {
      if (auto written = take_variable(item, rule_.variables)) {
        written->expression.text = expression_at(place_, written->expression.text);
        rule_.variables.push_back(compiler_->variable(written->name, written->expression));
      }
    });
  }

  void read_expressions(Fields& cel) {
    cel.each_map("expressions", [&](Fields& item, std::size_t /*index*/) {
      Validation validation;
      if (const auto written = take_at(place_, item, "expression")) {
        validation.expression = compiler_->validation(*written);
      }
      if (const auto written = take_at(place_, item, "messageExpression", false)) {
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
      if (const auto written = take_at(place_, item, "valueExpression")) {
        annotation.expression = compiler_->audit_annotation(*written);
      }
      item.warn_unknown();
      rule_.audit_annotations.push_back(std::move(annotation));
    });
  }

  const WrittenRule* written_;
  PodPlace place_;
  AdmissionCompiler* compiler_;
  AdmissionRule rule_;
};

/// Says that the rule is set aside for `what`.
void set_aside(const ReadContext& context, const Node& at, const WrittenRule& rule,
               std::string_view what) {
  context.error(at, fmt::format("{}: {} is not supported; rule '{}' is set aside", rule.path, what,
                                rule.name));
}

/// The rule's validate.cel; null where the rule is another, which is said.
const Node* take_cel(Fields& fields, const WrittenRule& rule) {
  const ReadContext& context = fields.context();
  for (const auto* kind : {"mutate", "generate", "verifyImages"}) {
    if (const Node* node = fields.take(kind)) {
      set_aside(context, *node, rule, kind);
      return nullptr;
    }
  }
  const Node* validate = fields.take_map("validate");
  if (validate == nullptr) {
    set_aside(context, fields.map(), rule, "a rule without validate.cel");
    return nullptr;
  }
  for (const auto& member : validate->members()) {
    constexpr std::array<std::string_view, 6> kOthers{"pattern",     "anyPattern", "deny",
                                                      "podSecurity", "foreach",    "manifests"};
    if (std::ranges::find(kOthers, member.key.text()) != kOthers.end()) {
      set_aside(context, member.value, rule, fmt::format("validate.{}", member.key.text()));
      return nullptr;
    }
  }
  const Node* cel = validate->find("cel");
  if (cel == nullptr || !cel->is_map()) {
    set_aside(context, *validate, rule, "a rule without validate.cel");
    return nullptr;
  }
  if ((*cel)["expressions"].size() == 0 && (*cel)["auditAnnotations"].size() == 0) {
    context.error(*cel, fmt::format("{}.validate.cel must have expressions: a rule without asks "
                                    "for nothing",
                                    rule.path));
    return nullptr;
  }
  return cel;
}

/// False where the action is wrong, which is reported.
bool read_validate(const ReadContext& context, const Node& validate, WrittenRule& rule) {
  Fields fields(context, validate, rule.path + ".validate");
  fields.take("cel");
  fields.take("allowExistingViolations");
  rule.message = fields.text("message");
  const auto word = fields.text("failureAction");
  rule.actions = kyverno_actions_of(word);
  if (!word.empty() && !rule.actions) {
    context.error(*fields.take("failureAction"),
                  fmt::format("{} must be Enforce or Audit, not '{}'",
                              fields.path_of("failureAction"), word));
    return false;
  }
  if (const Node* overrides = fields.take("failureActionOverrides")) {
    context.warn(*overrides, fmt::format("{} is not supported; it is left out",
                                         fields.path_of("failureActionOverrides")));
  }
  fields.warn_unknown();
  return true;
}

/// False where params are asked for that nobody could find, which is reported.
bool read_params(const ReadContext& context, WrittenRule& rule) {
  const auto before = context.diagnostics->size();
  Fields fields(context, *rule.cel, rule.path + ".validate.cel");
  const Node* kind = fields.take_map("paramKind");
  const Node* ref = fields.take_map("paramRef");
  if (kind != nullptr && ref != nullptr) {
    Fields kind_fields(context, *kind, fields.path_of("paramKind"));
    auto params = std::make_shared<RuleParams>();
    params->kind.api_version = kind_fields.text("apiVersion", true);
    params->kind.kind = kind_fields.text("kind", true);
    kind_fields.warn_unknown();
    params->ref = read_param_ref(context, *ref, fields.path_of("paramRef"), false);
    rule.params = std::move(params);
  } else if (kind != nullptr || ref != nullptr) {
    fields.report_missing(kind == nullptr ? "paramKind" : "paramRef");
  }
  return !has_errors_since(context, before);
}

}  // namespace

std::optional<std::vector<ValidationAction>> kyverno_actions_of(std::string_view word) {
  if (word == "Enforce" || word == "enforce") {
    return std::vector{ValidationAction::kDeny};
  }
  if (word == "Audit" || word == "audit") {
    return std::vector{ValidationAction::kAudit};
  }
  return std::nullopt;
}

bool read_rule_match(const ReadContext& context, const Node& rule, const std::string& path,
                     KyvernoMatch& match) {
  const auto before = context.diagnostics->size();
  if (const Node& node = rule["match"]; node.is_map()) {
    match.match = read_kyverno_filters(context, node, path + ".match", KyvernoBlock::kMatch);
  }
  if (match.match.filters.empty() && !has_errors_since(context, before)) {
    Fields(context, rule, path).report_missing("match");
  }
  const bool right = !has_errors_since(context, before);
  if (const Node& node = rule["exclude"]; node.is_map()) {
    match.exclude = read_kyverno_filters(context, node, path + ".exclude", KyvernoBlock::kExclude);
  }
  return right;
}

bool read_kyverno_rule(Fields& fields, WrittenRule& rule) {
  const ReadContext& context = fields.context();
  rule.rule = &fields.map();
  rule.name = fields.text("name", true);
  rule.path = fields.path_of("");
  rule.path.pop_back();
  rule.cel = take_cel(fields, rule);
  if (rule.cel == nullptr) {
    return false;
  }
  for (const auto* name : {"context", "preconditions"}) {
    if (const Node* node = fields.take(name); node != nullptr && node->size() > 0) {
      set_aside(context, *node, rule, name);
      return false;
    }
  }
  for (const auto* known :
       {"match", "exclude", "celPreconditions", "skipBackgroundRequests", "reportProperties"}) {
    fields.take(known);
  }
  fields.warn_unknown();
  return read_rule_match(context, fields.map(), rule.path, rule.match) &&
         read_validate(context, *fields.take("validate"), rule) && read_params(context, rule);
}

bool add_kyverno_rule(const ReadContext& given, const WrittenRule& written, PodPlace place,
                      const KyvernoMatch& match, AdmissionEnvironmentCache& environments,
                      AdmissionPolicy& policy) {
  std::vector<Diagnostic> found;
  ReadContext context = given;
  context.diagnostics = &found;
  AdmissionCompiler compiler(context, environments.of(written.params ? AdmissionParams::kDeclared
                                                                     : AdmissionParams::kNone));
  auto rule = RuleReader(written, place, compiler).read(context);
  rule.kyverno_match.emplace(match);
  const bool broken = has_errors(found);
  if (place != PodPlace::kPod) {  // what it is warned of was said of the rule that was written
    std::erase_if(found, [](const Diagnostic& each) {
      return each.severity != Diagnostic::Severity::kError;
    });
  }
  std::ranges::move(found, std::back_inserter(*given.diagnostics));
  if (!broken) {
    policy.rules.push_back(std::move(rule));
  }
  return !broken;
}

}  // namespace seaworthy::policy
