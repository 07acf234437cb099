// A policy becomes one validation: true where `when` is false or `require` is true, of all that it
// looks at. Its messages become a messageExpression that looks for the items that fail, and its
// title is what is said where that has an error. What was written is compiled here as the API
// server compiles it, so that nothing is answered that it would not take.
#include "seaworthy/translate/admission_policy.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "seaworthy/cel/explain.h"
#include "seaworthy/cel/survey.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/policy/admission_environment.h"
#include "translate/expression_writer.h"
#include "translate/features.h"
#include "translate/match_writer.h"

namespace seaworthy::translate {
namespace {

using document::MapBuilder;
using document::Node;
using policy::Each;
using policy::Policy;

constexpr std::string_view kApiVersion = "admissionregistration.k8s.io/v1";

/// What of a policy is said in-tree.
struct Expressions {
  std::vector<NamedExpression> variables;
  std::string validation;
  std::string message;  ///< Empty: the title alone.
};

/// The names that in-tree expressions may use, with the policy's variables as they are declared.
class Compiler {
 public:
  Compiler(const cel::Environment& base, std::int64_t minor)
      : made_(policy::make_admission_environment(base, policy::AdmissionParams::kNone)),
        minor_(minor) {}

  Result<void> declare(const NamedExpression& variable) {
    SEAWORTHY_TRY(const cel::Type type, type_of(variable.expression));
    made_.environment.declare_field("variables", variable.name, policy::variable_type(type));
    return {};
  }

  /// Errors: kInvalid: the API server of that version does not take the expression, and why.
  Result<cel::Type> type_of(std::string_view expression) const {
    SEAWORTHY_TRY(const cel::Survey survey, cel::survey(expression));
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

 private:
  policy::AdmissionEnvironment made_;
  std::int64_t minor_;
};

std::string text_literal(std::string_view text, Arena& arena) {
  return cel::to_source(cel::Value::string(arena.copy(text)));
}

class PolicyTranslator {
 public:
  PolicyTranslator(const Policy& policy, const cel::Environment& base, std::int64_t minor,
                   Arena& arena)
      : policy_(&policy), writer_(policy), compiler_(base, minor), arena_(&arena) {}

  /// Errors: kInvalid: what of it cannot be said, and why.
  Result<Expressions> run(bool with_message) {
    if (policy_->each == Each::kImage) {
      return fail(ErrorCode::kInvalid,
                  "takes image references apart, for which CEL has no function");
    }
    SEAWORTHY_TRY(const std::string passes, passing());
    const auto items = writer_.items();
    Expressions made;
    made.validation =
        items.empty() ? passes : fmt::format("{}.all({}, {})", items, writer_.item(), passes);
    if (with_message) {
      SEAWORTHY_TRY(made.message, message_of(items, passes));
    }
    if (writer_.asks_for_pod() && !matches_only_pods(*policy_)) {
      return fail(ErrorCode::kInvalid, "asks for the Pod of objects that need not hold one");
    }
    SEAWORTHY_TRY(made.variables, writer_.variables());
    for (const auto& variable : made.variables) {
      if (auto declared = compiler_.declare(variable); !declared) {
        return std::unexpected(declared.error());
      }
    }
    SEAWORTHY_TRY(const cel::Type type, compiler_.type_of(made.validation));
    if (type != cel::Type::boolean()) {
      return fail(ErrorCode::kInvalid, "is no bool in-tree but " + type.text());
    }
    if (with_message) {
      SEAWORTHY_TRY(made.message, as_text(std::move(made.message)));
    }
    return made;
  }

 private:
  /// True for an item, or the Pod, that the policy lets pass.
  Result<std::string> passing() {
    SEAWORTHY_TRY(std::string require, writer_.write(policy_->require->expression()));
    if (policy_->when == nullptr) {
      const bool strict = policy_->require->result_type() == cel::Type::boolean();
      return strict ? require : "(" + require + ") == true";
    }
    SEAWORTHY_TRY(const std::string when, writer_.write(policy_->when->expression()));
    return fmt::format("!({}) || ({})", when, require);
  }

  /// The messages of what fails, in one line.
  Result<std::string> message_of(const std::string& items, const std::string& passes) {
    if (!policy_->message_is_discreet) {
      return fail(ErrorCode::kInvalid, "may quote a secret, which only Seaworthy takes out");
    }
    std::string text;
    for (const auto& part : policy_->message.parts()) {
      std::string piece = text_literal(part.text, *arena_);
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
  Result<std::string> as_text(std::string message) const {
    SEAWORTHY_TRY(const cel::Type type, compiler_.type_of(message));
    if (type == cel::Type::string()) {
      return message;
    }
    message = "string(" + message + ")";
    SEAWORTHY_TRY(const cel::Type wrapped, compiler_.type_of(message));
    return message;
  }

  const Policy* policy_;
  ExpressionWriter writer_;
  Compiler compiler_;
  Arena* arena_;
};

/// One line, as the API asks of a message.
std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

Node metadata_of(const Policy& policy, Arena& arena) {
  const Node labels =
      MapBuilder(arena).add("app.kubernetes.io/managed-by", Node::string("seaworthy")).build();
  const auto bundle =
      policy.bundle + (policy.bundle_version.empty() ? "" : " ") + policy.bundle_version;
  const Node annotations =
      MapBuilder(arena).add("seaworthy.dev/bundle", document::make_string(bundle, arena)).build();
  return MapBuilder(arena)
      .add("name", document::make_string(policy.name, arena))
      .add("labels", labels)
      .add("annotations", annotations)
      .build();
}

Node validations_of(const Policy& policy, const Expressions& made, Arena& arena) {
  MapBuilder validation(arena);
  validation.add("expression", document::make_string(made.validation, arena))
      .add("message", document::make_string(
                          one_line(policy.title.empty() ? policy.name : policy.title), arena));
  if (!made.message.empty()) {
    validation.add("messageExpression", document::make_string(made.message, arena));
  }
  const Node built = validation.add("reason", Node::string("Forbidden")).build();
  return document::make_list(std::span(&built, 1), arena);
}

Node policy_node(const Policy& policy, const Expressions& made, Arena& arena) {
  MapBuilder spec(arena);
  spec.add("failurePolicy",
           Node::string(policy.failure_policy == policy::FailurePolicy::kFail ? "Fail" : "Ignore"))
      .add("matchConstraints", match_constraints(policy, arena));
  if (const Node conditions = match_conditions(policy, arena); !conditions.is_null()) {
    spec.add("matchConditions", conditions);
  }
  std::vector<Node> variables;
  for (const auto& variable : made.variables) {
    variables.push_back(MapBuilder(arena)
                            .add("name", document::make_string(variable.name, arena))
                            .add("expression", document::make_string(variable.expression, arena))
                            .build());
  }
  if (!variables.empty()) {
    spec.add("variables", document::make_list(variables, arena));
  }
  spec.add("validations", validations_of(policy, made, arena));
  return MapBuilder(arena)
      .add("apiVersion", Node::string(kApiVersion))
      .add("kind", Node::string("ValidatingAdmissionPolicy"))
      .add("metadata", metadata_of(policy, arena))
      .add("spec", spec.build())
      .build();
}

Node binding_node(const Policy& policy, std::string_view action, Arena& arena) {
  const Node actions = document::make_list(std::vector{Node::string(action)}, arena);
  return MapBuilder(arena)
      .add("apiVersion", Node::string(kApiVersion))
      .add("kind", Node::string("ValidatingAdmissionPolicyBinding"))
      .add("metadata", metadata_of(policy, arena))
      .add("spec", MapBuilder(arena)
                       .add("policyName", document::make_string(policy.name, arena))
                       .add("validationActions", actions)
                       .build())
      .build();
}

/// What the binding says of a violation.
std::string_view action_of(const Policy& policy, const Destination& destination) {
  switch (destination.mode) {
    case policy::Mode::kDeny:
      return policy.severity < destination.deny_from ? "Warn" : "Deny";
    case policy::Mode::kWarn:
      return "Warn";
    default:
      return "Audit";
  }
}

/// Whether the API takes it as an object's name (RFC 1123 subdomain).
bool is_object_name(std::string_view name) {
  constexpr std::size_t kLengthMax = 253;
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  bool after_plain = false;
  for (const char c : name) {
    if (is_plain(c)) {
      after_plain = true;
    } else if (c == '-' ? false : c != '.' || !after_plain) {
      return false;
    } else if (c == '.') {
      after_plain = false;
    }
  }
  return !name.empty() && name.size() <= kLengthMax && is_plain(name.front()) &&
         is_plain(name.back()) && name.find("-.") == std::string_view::npos &&
         name.find(".-") == std::string_view::npos;
}

}  // namespace

Translation translate(std::span<const std::shared_ptr<const Policy>> policies,
                      const Destination& destination, Arena& arena) {
  Translation translation;
  const auto base = cel::Environment::kubernetes();
  for (const auto& policy : policies) {
    if (!is_object_name(policy->name)) {
      translation.left_out.push_back(
          {policy->name, "", "has a name that the API does not take: lower case, digits, - and ."});
      continue;
    }
    auto made = PolicyTranslator(*policy, base, destination.minor, arena).run(true);
    if (!made) {
      const auto why = made.error().message;
      made = PolicyTranslator(*policy, base, destination.minor, arena).run(false);
      translation.left_out.push_back(made ? LeftOut{policy->name, "its message", why}
                                          : LeftOut{policy->name, "", made.error().message});
    }
    if (!made) {
      continue;
    }
    translation.documents.push_back(policy_node(*policy, *made, arena));
    translation.documents.push_back(binding_node(*policy, action_of(*policy, destination), arena));
  }
  return translation;
}

}  // namespace seaworthy::translate
