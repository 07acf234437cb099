// The documents around the expressions: what is matched, what a binding does. A policy becomes one
// ValidatingAdmissionPolicy with its binding, and where remedies are asked for one
// MutatingAdmissionPolicy with its own.
#include "seaworthy/translate/admission_policy.h"

#include <algorithm>

#include <fmt/format.h>

#include "seaworthy/base/text.h"
#include "seaworthy/document/edit.h"
#include "translate/match_writer.h"
#include "translate/policy_translator.h"

namespace seaworthy::translate {
namespace {

using document::MapBuilder;
using document::Node;
using policy::Policy;

constexpr std::string_view kApiVersion = "admissionregistration.k8s.io/v1";

/// The first version whose API server has MutatingAdmissionPolicy as v1.
constexpr std::int64_t kMutatingMinor = 36;

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
  validation.add("expression", document::make_string(made.expression, arena))
      .add("message", document::make_string(
                          one_line(policy.title.empty() ? policy.name : policy.title), arena));
  if (!made.message.empty()) {
    validation.add("messageExpression", document::make_string(made.message, arena));
  }
  const Node built = validation.add("reason", Node::string("Forbidden")).build();
  return document::make_list(std::span(&built, 1), arena);
}

Node variables_of(const Expressions& made, Arena& arena) {
  std::vector<Node> variables;
  for (const auto& variable : made.variables) {
    variables.push_back(MapBuilder(arena)
                            .add("name", document::make_string(variable.name, arena))
                            .add("expression", document::make_string(variable.expression, arena))
                            .build());
  }
  return document::make_list(variables, arena);
}

Node document_of(std::string_view kind, const Policy& policy, const Node& spec, Arena& arena) {
  return MapBuilder(arena)
      .add("apiVersion", Node::string(kApiVersion))
      .add("kind", Node::string(kind))
      .add("metadata", metadata_of(policy, arena))
      .add("spec", spec)
      .build();
}

Node policy_node(const Policy& policy, const Expressions& made, Arena& arena) {
  MapBuilder spec(arena);
  spec.add("failurePolicy",
           Node::string(policy.failure_policy == policy::FailurePolicy::kFail ? "Fail" : "Ignore"))
      .add("matchConstraints", match_constraints(policy, arena));
  if (const Node conditions = match_conditions(policy, arena); !conditions.is_null()) {
    spec.add("matchConditions", conditions);
  }
  if (!made.variables.empty()) {
    spec.add("variables", variables_of(made, arena));
  }
  spec.add("validations", validations_of(policy, made, arena));
  return document_of("ValidatingAdmissionPolicy", policy, spec.build(), arena);
}

/// Remedies are for new Pods, and never refuse: what has an error is not mended.
Node mutating_policy_node(const Policy& policy, const Expressions& made, Arena& arena) {
  const Node patch =
      MapBuilder(arena)
          .add("patchType", Node::string("JSONPatch"))
          .add("jsonPatch", MapBuilder(arena)
                                .add("expression", document::make_string(made.expression, arena))
                                .build())
          .build();
  MapBuilder spec(arena);
  spec.add("failurePolicy", Node::string("Ignore"))
      .add("reinvocationPolicy", Node::string("IfNeeded"))
      .add("matchConstraints", new_pods(policy, arena))
      .add("matchConditions", no_mirrors(arena));
  if (!made.variables.empty()) {
    spec.add("variables", variables_of(made, arena));
  }
  spec.add("mutations", document::make_list(std::span(&patch, 1), arena));
  return document_of("MutatingAdmissionPolicy", policy, spec.build(), arena);
}

Node mutating_binding_node(const Policy& policy, Arena& arena) {
  return document_of(
      "MutatingAdmissionPolicyBinding", policy,
      MapBuilder(arena).add("policyName", document::make_string(policy.name, arena)).build(),
      arena);
}

Node binding_node(const Policy& policy, std::string_view action, Arena& arena) {
  const Node actions = document::make_list(std::vector{Node::string(action)}, arena);
  return document_of("ValidatingAdmissionPolicyBinding", policy,
                     MapBuilder(arena)
                         .add("policyName", document::make_string(policy.name, arena))
                         .add("validationActions", actions)
                         .build(),
                     arena);
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
  const auto is_label = [&](std::string_view label) {
    return !label.empty() && is_plain(label.front()) && is_plain(label.back()) &&
           std::ranges::all_of(label, [&](char c) { return is_plain(c) || c == '-'; });
  };
  return name.size() <= kLengthMax && std::ranges::all_of(split(name, '.'), is_label);
}

LeftOut left_out_of(const Policy& policy, std::string what, std::string why) {
  return {.policy = policy.name,
          .what = std::move(what),
          .why = std::move(why),
          .file = policy.file,
          .position = policy.position};
}

/// Adds what the remedy is in-tree, or why it is not.
void add_remedy(const Policy& policy, const cel::Environment& base, const Destination& destination,
                Translation& translation, Arena& arena) {
  if (!policy.remedy || destination.remedy == policy::RemedyLevel::kSuggest) {
    return;
  }
  const bool all = destination.remedy == policy::RemedyLevel::kApply;
  auto leave_out = [&](std::string why) {
    translation.left_out.push_back(left_out_of(policy, "its remedy", std::move(why)));
  };
  if (destination.minor < kMutatingMinor) {
    return leave_out(
        fmt::format("MutatingAdmissionPolicy is there from Kubernetes 1.{} on", kMutatingMinor));
  }
  if (policy.remedy->safety == policy::Safety::kCareful && !all) {
    return leave_out("is careful, and --remedy safe takes the safe ones");
  }
  const auto made = PolicyTranslator(policy, base, destination.minor).mutation(!all);
  if (!made) {
    return leave_out(made.error().message);
  }
  translation.documents.push_back(mutating_policy_node(policy, *made, arena));
  translation.documents.push_back(mutating_binding_node(policy, arena));
}

}  // namespace

Translation translate(std::span<const std::shared_ptr<const Policy>> policies,
                      const Destination& destination, Arena& arena) {
  Translation translation;
  const auto base = cel::Environment::kubernetes();
  for (const auto& policy : policies) {
    if (!is_object_name(policy->name)) {
      translation.left_out.push_back(left_out_of(
          *policy, "", "has a name that the API does not take: lower case, digits, - and ."));
      continue;
    }
    auto made = PolicyTranslator(*policy, base, destination.minor).validation(true);
    if (!made) {
      const auto why = made.error().message;
      made = PolicyTranslator(*policy, base, destination.minor).validation(false);
      translation.left_out.push_back(made ? left_out_of(*policy, "its message", why)
                                          : left_out_of(*policy, "", made.error().message));
    }
    if (!made) {
      continue;
    }
    translation.documents.push_back(policy_node(*policy, *made, arena));
    translation.documents.push_back(binding_node(*policy, action_of(*policy, destination), arena));
    add_remedy(*policy, base, destination, translation, arena);
  }
  return translation;
}

}  // namespace seaworthy::translate
