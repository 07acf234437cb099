// A policy becomes one validation: true where `when` is false or `require` is true, of all that it
// looks at. Its messages become a messageExpression that looks for the items that fail, and its
// title is what is said where that has an error. What was written is compiled here as the API
// server compiles it, so that nothing is answered that it would not take.
#include "translate/policy_translator.h"

#include <fmt/format.h>

#include "seaworthy/cel/explain.h"
#include "seaworthy/cel/survey.h"
#include "translate/features.h"
#include "translate/match_writer.h"
#include "translate/remedy_writer.h"

namespace seaworthy::translate {

using policy::Each;
using policy::Policy;

namespace {

Result<cel::Survey> survey_of(std::string_view expression) {
  auto survey = cel::survey(expression);
  if (!survey) {
    return fail(survey.error().code, "does not compile in-tree: " + survey.error().message);
  }
  return survey;
}

}  // namespace

PolicyTranslator::PolicyTranslator(const Policy& policy, const cel::Environment& base,
                                   std::int64_t minor)
    : policy_(&policy),
      writer_(policy),
      made_(policy::make_admission_environment(base, policy::AdmissionParams::kNone)),
      minor_(minor) {}

Result<cel::Type> PolicyTranslator::type_of(std::string_view expression) const {
  SEAWORTHY_TRY(const cel::Survey survey, survey_of(expression));
  if (auto why = unavailable(survey.features, minor_); !why.empty()) {
    return fail(ErrorCode::kInvalid, std::move(why));
  }
  const auto compiled = made_.environment.compile(expression);
  if (compiled.program == nullptr) {
    return fail(ErrorCode::kInvalid,
                "does not compile in-tree: " + compiled.issues.front().message);
  }
  return compiled.program->result_type();
}

Result<void> PolicyTranslator::declare(const std::vector<NamedExpression>& variables) {
  for (const auto& variable : variables) {
    SEAWORTHY_TRY(const cel::Type type, type_of(variable.expression));
    made_.environment.declare_field("variables", variable.name, policy::variable_type(type));
  }
  return {};
}

/// True for an item, or the Pod, that the policy lets pass.
Result<std::string> PolicyTranslator::passing() {
  if (policy_->each == Each::kImage) {
    return fail(ErrorCode::kInvalid, "takes image references apart, for which CEL has no function");
  }
  SEAWORTHY_TRY(std::string require, writer_.write(policy_->require->expression()));
  if (policy_->when == nullptr) {
    const bool strict = policy_->require->result_type() == cel::Type::boolean();
    return strict ? require : "(" + require + ") == true";
  }
  SEAWORTHY_TRY(const std::string when, writer_.write(policy_->when->expression()));
  return fmt::format("!({}) || ({})", when, require);
}

Result<Expressions> PolicyTranslator::validation(bool with_message) {
  if (policy_->when != nullptr && policy_->failure_policy == policy::FailurePolicy::kIgnore) {
    return fail(ErrorCode::kInvalid,
                "has a `when` under failurePolicy Ignore: where `when` is an error Seaworthy asks "
                "`require` nevertheless, and the API server would let everything in");
  }
  SEAWORTHY_TRY(const std::string passes, passing());
  const auto items = writer_.items();
  Expressions made;
  made.expression =
      items.empty() ? passes : fmt::format("{}.all({}, {})", items, writer_.item(), passes);
  if (with_message) {
    SEAWORTHY_TRY(made.message, message_of(items, passes));
  }
  // Variables may ask for it, too.
  SEAWORTHY_TRY(made.variables, writer_.variables());
  if (writer_.asks_for_pod() && !matches_only_pods(*policy_)) {
    return fail(ErrorCode::kInvalid, "asks for the Pod of objects that need not hold one");
  }
  if (auto declared = declare(made.variables); !declared) {
    return std::unexpected(declared.error());
  }
  SEAWORTHY_TRY(const cel::Type type, type_of(made.expression));
  if (type != cel::Type::boolean()) {
    return fail(ErrorCode::kInvalid, "is no bool in-tree but " + type.text());
  }
  if (with_message) {
    SEAWORTHY_TRY(made.message, as_text(std::move(made.message)));
  }
  return made;
}

Result<Expressions> PolicyTranslator::mutation(bool only_with_fact) {
  writer_.take_in_remedy();
  SEAWORTHY_TRY(const std::string passes, passing());
  if (!matches_new_pods(*policy_)) {
    return fail(ErrorCode::kInvalid, "is of a policy whose match does not take in every new Pod");
  }
  Expressions made;
  SEAWORTHY_TRY(made.expression, RemedyWriter(*policy_, writer_).write(passes, only_with_fact));
  SEAWORTHY_TRY(made.variables, writer_.variables());
  made_.environment.declare_patch_types();
  if (auto declared = declare(made.variables); !declared) {
    return std::unexpected(declared.error());
  }
  SEAWORTHY_TRY(const cel::Type type, type_of(made.expression));
  if (type.text() != "list(JSONPatch)") {
    return fail(ErrorCode::kInvalid, "is no list of JSONPatch in-tree but " + type.text());
  }
  return made;
}

/// The messages of what fails, in one line.
Result<std::string> PolicyTranslator::message_of(const std::string& items,
                                                 const std::string& passes) {
  if (!policy_->message_is_discreet) {
    return fail(ErrorCode::kInvalid, "may quote a secret, which only Seaworthy takes out");
  }
  std::string text;
  for (const auto& part : policy_->message.parts()) {
    std::string piece = cel::to_source(cel::Value::string(part.text));
    if (part.program != nullptr) {
      SEAWORTHY_TRY(const std::string written, writer_.write(part.program->expression()));
      const bool is_text = part.program->result_type() == cel::Type::string();
      piece = fmt::format("{}({})", is_text ? "" : "string", written);
    }
    text += (text.empty() ? "" : " + ") + piece;
  }
  if (items.empty() || text.empty()) {
    return text;
  }
  return fmt::format("{0}.filter({1}, !({2})).map({1}, {3}).join('; ')", items, writer_.item(),
                     passes, text);
}

/// The message as an expression that is a string and nothing else.
Result<std::string> PolicyTranslator::as_text(std::string message) const {
  SEAWORTHY_TRY(const cel::Type type, type_of(message));
  if (type == cel::Type::string()) {
    return message;
  }
  message = "string(" + message + ")";
  SEAWORTHY_TRY(const cel::Type wrapped, type_of(message));
  return message;
}

}  // namespace seaworthy::translate
