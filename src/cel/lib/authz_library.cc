// What Kubernetes' expressions ask an authorizer: a chain of calls collects a question, `check`
// asks it, and the decision's parts are read (k8s.io/apiserver pkg/cel/library/authz.go). Each step
// is a value of its own in the arena, so a step may be used for several questions.
//
// Nothing of this is equal to anything, itself included: Go compares the wrong type
// (receiverOnlyObjectVal.Equal) and answers "no such overload".

#include <string>

#include "cel/lib/costs.h"
#include "cel/lib/libraries.h"
#include "cel/lib/names.h"
#include "cel/lib/selectors.h"
#include "cel/lib/space.h"
#include "seaworthy/cel/authorizer.h"

namespace seaworthy::cel {
namespace {

using Arguments = std::span<const Value>;

Value never_equal(const Value& /*self*/, const Value& other, Evaluation& evaluation) {
  return other.is_error() ? other : evaluation.no_such_overload();
}

constexpr RuntimeType kAuthorizer{.name = "kubernetes.authorization.Authorizer",
                                  .equal = never_equal,
                                  .go_name = "library.authorizerVal"};
constexpr RuntimeType kPathCheck{.name = "kubernetes.authorization.PathCheck",
                                 .equal = never_equal,
                                 .go_name = "library.pathCheckVal"};
constexpr RuntimeType kGroupCheck{.name = "kubernetes.authorization.GroupCheck",
                                  .equal = never_equal,
                                  .go_name = "library.groupCheckVal"};
constexpr RuntimeType kResourceCheck{.name = "kubernetes.authorization.ResourceCheck",
                                     .equal = never_equal,
                                     .go_name = "library.resourceCheckVal"};
constexpr RuntimeType kDecision{.name = "kubernetes.authorization.Decision",
                                .equal = never_equal,
                                .go_name = "library.decisionVal"};

/// Whom a question is put to, and about whom.
struct Asked {
  Authorizer* authorizer = nullptr;
  const AuthorizationUser* user = nullptr;  ///< Null: the service account.
  std::string_view account_namespace;
  std::string_view account_name;

  [[nodiscard]] AuthorizationUser who() const {
    if (user != nullptr) {
      return *user;
    }
    // Rule: pkg/authentication/serviceaccount/util.go, MakeUsername and MakeGroupNames.
    const std::string name_space(account_namespace);
    return {"system:serviceaccount:" + name_space + ":" + std::string(account_name),
            {},
            {"system:serviceaccounts", "system:serviceaccounts:" + name_space},
            {}};
  }
};

struct AuthorizerValue final : OpaqueValue {
  explicit AuthorizerValue(const Asked& who) : OpaqueValue(kAuthorizer), asked(who) {}

  Asked asked;
};

struct PathCheck final : OpaqueValue {
  PathCheck(const Asked& who, std::string_view at)
      : OpaqueValue(kPathCheck), asked(who), path(at) {}

  Asked asked;
  std::string_view path;
};

struct GroupCheck final : OpaqueValue {
  GroupCheck(const Asked& who, std::string_view of)
      : OpaqueValue(kGroupCheck), asked(who), group(of) {}

  Asked asked;
  std::string_view group;
};

struct ResourceCheck final : OpaqueValue {
  ResourceCheck(const Asked& who, std::string_view of_group, std::string_view of)
      : OpaqueValue(kResourceCheck), asked(who), group(of_group), resource(of) {}

  Asked asked;
  std::string_view group;
  std::string_view resource;
  std::string_view subresource;
  std::string_view name_space;
  std::string_view name;
  std::string_view field_selector;
  std::string_view label_selector;
};

struct DecisionValue final : OpaqueValue {
  DecisionValue(const Decision& decision, Arena& arena)
      : OpaqueValue(kDecision),
        is_allowed(decision.verdict == Decision::Verdict::kAllow),
        reason(arena.copy(decision.reason)),
        error(arena.copy(decision.error)) {}

  bool is_allowed;
  std::string_view reason;
  std::string_view error;
};

template <class T>
const T& as(const Value& value) {
  return static_cast<const T&>(value.as_opaque());
}

Value path(Arguments arguments, Evaluation& evaluation) {
  const std::string_view at = arguments[1].as_text();
  if (trim_space(at).empty()) {
    return evaluation.error("path must not be empty");
  }
  const Asked& asked = as<AuthorizerValue>(arguments[0]).asked;
  return Value::opaque(*evaluation.arena().create<PathCheck>(asked, at));
}

Value group(Arguments arguments, Evaluation& evaluation) {
  const Asked& asked = as<AuthorizerValue>(arguments[0]).asked;
  return Value::opaque(*evaluation.arena().create<GroupCheck>(asked, arguments[1].as_text()));
}

Value service_account(Arguments arguments, Evaluation& evaluation) {
  Asked asked = as<AuthorizerValue>(arguments[0]).asked;
  asked.user = nullptr;
  asked.account_namespace = arguments[1].as_text();
  asked.account_name = arguments[2].as_text();
  if (!names::dns1123_subdomain(asked.account_name).empty()) {
    return evaluation.error("Invalid service account name");
  }
  if (!names::dns1123_label(asked.account_namespace).empty()) {
    return evaluation.error("Invalid service account namespace");
  }
  return Value::opaque(*evaluation.arena().create<AuthorizerValue>(asked));
}

Value resource(Arguments arguments, Evaluation& evaluation) {
  const std::string_view named = arguments[1].as_text();
  if (trim_space(named).empty()) {
    return evaluation.error("resource must not be empty");
  }
  const auto& of = as<GroupCheck>(arguments[0]);
  return Value::opaque(*evaluation.arena().create<ResourceCheck>(of.asked, of.group, named));
}

/// A copy of the question with one more part of it said.
template <std::string_view ResourceCheck::* part>
Value with(Arguments arguments, Evaluation& evaluation) {
  auto* changed = evaluation.arena().create<ResourceCheck>(as<ResourceCheck>(arguments[0]));
  changed->*part = arguments[1].as_text();
  return Value::opaque(*changed);
}

Value ask(const Asked& asked, AuthorizationAttributes attributes, Evaluation& evaluation) {
  if (asked.authorizer == nullptr) {
    return evaluation.error("authorization is not known here: there is no API server to ask");
  }
  attributes.user = asked.who();
  const Decision decision = asked.authorizer->authorize(attributes);
  Arena& arena = evaluation.arena();
  return Value::opaque(*arena.create<DecisionValue>(decision, arena));
}

Value check_path(Arguments arguments, Evaluation& evaluation) {
  const auto& check = as<PathCheck>(arguments[0]);
  AuthorizationAttributes attributes;
  attributes.verb = arguments[1].as_text();
  attributes.path = check.path;
  return ask(check.asked, std::move(attributes), evaluation);
}

Value check_resource(Arguments arguments, Evaluation& evaluation) {
  const auto& check = as<ResourceCheck>(arguments[0]);
  AuthorizationAttributes attributes;
  attributes.is_resource = true;
  attributes.verb = arguments[1].as_text();
  attributes.group = check.group;
  attributes.version = "*";
  attributes.resource = check.resource;
  attributes.subresource = check.subresource;
  attributes.name_space = check.name_space;
  attributes.name = check.name;
  attributes.fields = parse_field_selector(check.field_selector);
  attributes.labels = parse_label_selector(check.label_selector);
  return ask(check.asked, std::move(attributes), evaluation);
}

Value allowed(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(as<DecisionValue>(arguments[0]).is_allowed);
}

Value reason(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::string(as<DecisionValue>(arguments[0]).reason);
}

Value errored(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::boolean(!as<DecisionValue>(arguments[0]).error.empty());
}

Value error(Arguments arguments, Evaluation& /*evaluation*/) {
  return Value::string(as<DecisionValue>(arguments[0]).error);
}

constexpr FunctionRow kRows[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"path", "authorizer_path",
     "kubernetes.authorization.Authorizer.(string) -> kubernetes.authorization.PathCheck", path},
    {"group", "authorizer_group",
     "kubernetes.authorization.Authorizer.(string) -> kubernetes.authorization.GroupCheck", group},
    {"serviceAccount", "authorizer_serviceaccount",
     "kubernetes.authorization.Authorizer.(string, string) -> kubernetes.authorization.Authorizer",
     service_account},
    {"resource", "groupcheck_resource",
     "kubernetes.authorization.GroupCheck.(string) -> kubernetes.authorization.ResourceCheck",
     resource},
    {"subresource", "resourcecheck_subresource",
     "kubernetes.authorization.ResourceCheck.(string) -> kubernetes.authorization.ResourceCheck",
     with<&ResourceCheck::subresource>},
    {"namespace", "resourcecheck_namespace",
     "kubernetes.authorization.ResourceCheck.(string) -> kubernetes.authorization.ResourceCheck",
     with<&ResourceCheck::name_space>},
    {"name", "resourcecheck_name",
     "kubernetes.authorization.ResourceCheck.(string) -> kubernetes.authorization.ResourceCheck",
     with<&ResourceCheck::name>},
    {"fieldSelector", "authorizer_fieldselector",
     "kubernetes.authorization.ResourceCheck.(string) -> kubernetes.authorization.ResourceCheck",
     with<&ResourceCheck::field_selector>, costs::selector},
    {"labelSelector", "authorizer_labelselector",
     "kubernetes.authorization.ResourceCheck.(string) -> kubernetes.authorization.ResourceCheck",
     with<&ResourceCheck::label_selector>, costs::selector},
    {"check", "pathcheck_check",
     "kubernetes.authorization.PathCheck.(string) -> kubernetes.authorization.Decision", check_path,
     costs::authorization},
    {"check", "resourcecheck_check",
     "kubernetes.authorization.ResourceCheck.(string) -> kubernetes.authorization.Decision",
     check_resource, costs::authorization},
    {"errored", "decision_errored", "kubernetes.authorization.Decision.() -> bool", errored},
    {"error", "decision_error", "kubernetes.authorization.Decision.() -> string", error},
    {"allowed", "decision_allowed", "kubernetes.authorization.Decision.() -> bool", allowed},
    {"reason", "decision_reason", "kubernetes.authorization.Decision.() -> string", reason},
};

}  // namespace

Library authz_library() { return {"authz", kRows}; }

AuthorizerSlots declare_authorizer(Environment& environment) {
  const Slot authorizer =
      environment.declare("authorizer", Type::opaque(std::string(kAuthorizer.name)));
  return {authorizer, environment.declare("authorizer.requestResource",
                                          Type::opaque(std::string(kResourceCheck.name)))};
}

Value authorizer_value(Authorizer* authorizer, const AuthorizationUser& user, Arena& arena) {
  return Value::opaque(*arena.create<AuthorizerValue>(Asked{authorizer, &user, {}, {}}));
}

Value request_resource_value(Authorizer* authorizer, const AuthorizationUser& user,
                             const AuthorizationResource& resource, Arena& arena) {
  auto* check = arena.create<ResourceCheck>(Asked{authorizer, &user, {}, {}}, resource.group,
                                            resource.resource);
  check->subresource = resource.subresource;
  check->name_space = resource.name_space;
  check->name = resource.name;
  return Value::opaque(*check);
}

}  // namespace seaworthy::cel
