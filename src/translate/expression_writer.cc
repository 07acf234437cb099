// Names are replaced where they stand in the text, so that an expression stays as its author wrote
// it. What does not depend on the item becomes a variable of the in-tree policy; what does is
// written out, in parentheses, at each place that asks for it: in-tree variables are those of the
// whole object. A policy in which a macro's variable is called like an in-tree name is not
// translated: what is written out there would mean the macro's.
#include "translate/expression_writer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "seaworthy/base/limits.h"
#include "seaworthy/cel/explain.h"
#include "seaworthy/cel/survey.h"

namespace seaworthy::translate {
namespace {

using policy::Each;

constexpr std::string_view kPodSpec = "podSpec";
constexpr std::string_view kPodMetadata = "podMetadata";
constexpr std::string_view kContainers = "podContainers";

/// Names that may come to stand within macros of the policy.
constexpr std::array<std::string_view, 5> kReserved{"object", "oldObject", "request",
                                                    "namespaceObject", "variables"};

/// What CEL alone does not have.
constexpr std::array<std::string_view, 2> kOwnFunctions{"image", "entropy"};

std::string holder(std::string_view object) {
  return fmt::format(
      "(request.kind.kind == 'CronJob' ? dyn({0}).spec.jobTemplate.spec.template : "
      "request.kind.kind == "
      "'PodTemplate' ? dyn({0}).template : dyn({0}).spec.template)",
      object);
}

/// What comes behind the expression must not become part of a comment that it may end with. In a
/// string `//` begins none, but a line break behind it does no harm.
std::string end_comment(std::string expression) {
  const auto last_line = expression.rfind('\n');
  if (expression.find("//", last_line == std::string::npos ? 0 : last_line) != std::string::npos) {
    expression += '\n';
  }
  return expression;
}

/// A list of the Pod's containers, each beside its kind where that is asked for.
std::string containers_of(std::string_view field, std::string_view pod_spec, bool by_kind) {
  const auto items = fmt::format("variables.{}.?{}.orValue([])", pod_spec, field);
  const std::string_view kind = field == "containers" ? "'main'"
                                : field == "initContainers"
                                    ? "each.?restartPolicy.orValue('') == 'Always' ? 'sidecar' : "
                                      "'init'"
                                    : "'ephemeral'";
  return by_kind ? fmt::format("{}.map(each, {{'container': each, 'kind': dyn({})}})", items, kind)
                 : items;
}

/// Whether requests without an object are asked about.
bool matches_deletions(const policy::Policy& policy) {
  return policy.match && std::ranges::any_of(policy.match->resource_rules, [](const auto& rule) {
           return std::ranges::any_of(rule.operations, [](const std::string& operation) {
             return operation == "DELETE" || operation == "*";
           });
         });
}

/// What each helper is, by its name without what makes it unlike the policy's own. What is deleted
/// holds no Pod: all of it is empty, as it is for native policies.
std::string helper_expression(std::string_view name, const policy::Policy& policy,
                              std::string_view pod_spec, bool by_kind) {
  const std::string_view gone = matches_deletions(policy) ? "object == null ? dyn({}) : " : "";
  if (name == kPodSpec) {
    return fmt::format("{}request.kind.kind == 'Pod' ? dyn(object).spec : {}.spec", gone,
                       holder("object"));
  }
  if (name == kPodMetadata) {
    return fmt::format(
        "{}request.kind.kind == 'Pod' ? dyn(object).metadata : {}.?metadata.orValue({{}})", gone,
        holder("object"));
  }
  return fmt::format("{} + {} + {}", containers_of("initContainers", pod_spec, by_kind),
                     containers_of("containers", pod_spec, by_kind),
                     containers_of("ephemeralContainers", pod_spec, by_kind));
}

}  // namespace

ExpressionWriter::ExpressionWriter(const policy::Policy& policy) : policy_(&policy) {
  find_what_depends();
  name_item();
}

void ExpressionWriter::name_item() {
  item_ = by_kind_ ? "item" : policy_->each == Each::kVolume ? "volume" : "container";
  while (bound_.contains(item_)) {
    item_ += '_';
  }
}

void ExpressionWriter::take_in_remedy() {
  look_at(policy_->remedy->fact);
  for (const auto* fragment :
       {&policy_->remedy->container, &policy_->remedy->pod, &policy_->remedy->pod_metadata}) {
    for (const auto& [node, leaf] : fragment->leaves) {
      for (const auto& part : leaf.parts()) {
        look_at(part.program);
      }
    }
  }
  name_item();
}

const policy::Variable* ExpressionWriter::find(std::string_view name) const {
  const auto found = std::ranges::find(policy_->variables, name, &policy::Variable::name);
  return found == policy_->variables.end() ? nullptr : &*found;
}

void ExpressionWriter::look_at(const std::shared_ptr<const cel::Program>& program) {
  const auto survey = cel::survey(program == nullptr ? "null" : program->expression());
  if (survey) {
    by_kind_ = by_kind_ || std::ranges::any_of(survey->mentions, [](const auto& each) {
                 return each.name == "containerKind";
               });
    bound_.insert(survey->bound.begin(), survey->bound.end());
  }
}

void ExpressionWriter::find_what_depends() {
  // A variable may refer to those before it only.
  for (const auto& variable : policy_->variables) {
    look_at(variable.program);
    if (depends_on_item(variable.program->expression())) {
      dependent_.insert(variable.name);
    }
  }
  look_at(policy_->when);
  look_at(policy_->require);
  for (const auto& part : policy_->message.parts()) {
    look_at(part.program);
  }
}

bool ExpressionWriter::depends_on_item(std::string_view expression) const {
  const auto survey = cel::survey(expression);
  return survey && std::ranges::any_of(survey->mentions, [&](const cel::Mention& each) {
           return each.name == "container" || each.name == "containerKind" ||
                  each.name == "volume" || each.name == "image" ||
                  (each.name == "variables" && dependent_.contains(each.field));
         });
}

std::string ExpressionWriter::helper(const std::string& name) {
  std::string unlike = name;
  while (find(unlike) != nullptr) {
    unlike += '_';
  }
  helpers_.insert(name);
  return unlike;
}

std::string ExpressionWriter::pod_spec() { return "variables." + helper(std::string(kPodSpec)); }

std::string ExpressionWriter::pod_metadata() {
  return "variables." + helper(std::string(kPodMetadata));
}

std::string ExpressionWriter::items_of(std::string_view field) {
  return containers_of(field, helper(std::string(kPodSpec)), by_kind_);
}

std::string ExpressionWriter::items() {
  switch (policy_->each) {
    case Each::kContainer:
      helpers_.insert(std::string(kPodSpec));
      return "variables." + helper(std::string(kContainers));
    case Each::kVolume:
      return pod_spec() + ".?volumes.orValue([])";
    default:
      return {};
  }
}

Result<std::string> ExpressionWriter::literal(const std::string& parameter) const {
  const auto found = std::ranges::find(policy_->parameters, parameter, &policy::Parameter::name);
  if (found == policy_->parameters.end()) {
    return fail(ErrorCode::kInvalid, "asks for params as a whole");
  }
  const auto text = found->program != nullptr ? end_comment(found->program->expression())
                                              : cel::to_source(cel::Value::of(found->value));
  return text.starts_with('-') ? "(" + text + ")" : text;
}

Result<std::string> ExpressionWriter::variable(const std::string& name) {
  if (!dependent_.contains(name)) {
    used_.insert(name);
    return "variables." + name;
  }
  auto known = inlined_.find(name);
  if (known == inlined_.end()) {
    SEAWORTHY_TRY(std::string text, write(find(name)->program->expression()));
    known = inlined_.emplace(name, "(" + text + ")").first;
  }
  return known->second;
}

Result<std::string> ExpressionWriter::replacement(const cel::Mention& mention) {
  if (mention.name == "pod") {
    return pod_spec();
  }
  if (mention.name == "podMetadata") {
    return pod_metadata();
  }
  if (mention.name == "container" || mention.name == "volume") {
    return item_itself();
  }
  if (mention.name == "containerKind") {
    return item_ + ".kind";
  }
  if (mention.name == "image") {
    return fail(ErrorCode::kInvalid, "takes image references apart, for which CEL has no function");
  }
  if (mention.name == "params" || mention.name == "variables") {
    if (mention.field.empty() || mention.tested) {
      return fail(ErrorCode::kInvalid, fmt::format("asks for {} as a whole", mention.name));
    }
    return mention.name == "params" ? literal(mention.field) : variable(mention.field);
  }
  return mention.name;
}

Result<std::string> ExpressionWriter::write(std::string_view expression) {
  SEAWORTHY_TRY(const cel::Survey survey, cel::survey(expression));
  for (const auto function : kOwnFunctions) {
    if (survey.features.contains(std::string(function))) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("calls {}(), which is a function of Seaworthy's own", function));
    }
  }
  for (const auto& name : survey.bound) {
    if (std::ranges::find(kReserved, name) != kReserved.end()) {
      return fail(ErrorCode::kInvalid, fmt::format("calls a macro's variable '{}'", name));
    }
  }
  std::string text;
  std::size_t at = 0;
  for (const auto& mention : survey.mentions) {
    const bool whole = mention.name == "params" || mention.name == "variables";
    SEAWORTHY_TRY(const std::string instead, replacement(mention));
    text += expression.substr(at, (whole ? mention.field_begin : mention.begin) - at);
    text += instead;
    at = whole ? mention.field_end : mention.end;
    if (text.size() > limits::kExpressionCodePointsMax) {
      return fail(ErrorCode::kInvalid, "grows too long where its variables are written out");
    }
  }
  text += expression.substr(at);
  return end_comment(std::move(text));
}

Result<std::vector<NamedExpression>> ExpressionWriter::variables() {
  std::vector<NamedExpression> own;
  // From the last to the first: what one refers to stands before it.
  for (auto variable = policy_->variables.rbegin(); variable != policy_->variables.rend();
       ++variable) {
    if (used_.contains(variable->name)) {
      SEAWORTHY_TRY(std::string text, write(variable->program->expression()));
      own.push_back({variable->name, std::move(text)});
    }
  }
  std::vector<NamedExpression> all;
  const auto pod_spec =
      helpers_.contains(std::string(kPodSpec)) || helpers_.contains(std::string(kContainers))
          ? helper(std::string(kPodSpec))
          : std::string();
  for (const auto name : {kPodSpec, kPodMetadata, kContainers}) {
    if (helpers_.contains(std::string(name))) {
      all.push_back(
          {helper(std::string(name)), helper_expression(name, *policy_, pod_spec, by_kind_)});
    }
  }
  all.insert(all.end(), own.rbegin(), own.rend());
  return all;
}

}  // namespace seaworthy::translate
