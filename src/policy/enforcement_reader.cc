// One Enforcement: its rules, and then what a rule must not be. A rule loosens where it sets a mode
// other than deny, a remedy or a parameter, or where its document has a pin: whether it does in
// fact depends on what it overrides, which no reader of one document can see.
#include "policy/enforcement_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/match_reader.h"
#include "policy/minor_version.h"
#include "policy/parameters.h"
#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// Users that make Pods and workloads on behalf of others. Source:
/// pkg/controller/*/config and kube-controller-manager's `use-service-account-credentials`: its
/// controllers are service accounts of kube-system, or all of them its own user.
constexpr std::array<std::string_view, 8> kControllers{
    "system:kube-controller-manager",
    "system:serviceaccount:kube-system:cronjob-controller",
    "system:serviceaccount:kube-system:daemon-set-controller",
    "system:serviceaccount:kube-system:deployment-controller",
    "system:serviceaccount:kube-system:job-controller",
    "system:serviceaccount:kube-system:replicaset-controller",
    "system:serviceaccount:kube-system:replication-controller",
    "system:serviceaccount:kube-system:statefulset-controller",
};
/// Groups that controllers are in, as globs. Source: the authentication documentation, Service
/// account tokens.
constexpr std::array<std::string_view, 2> kControllerGroups{"system:serviceaccounts*",
                                                            "system:authenticated"};

/// What of a document its rules are read with.
struct DocumentContext {
  const KnownNames* known = nullptr;
  const DeclaredParameters* parameters = nullptr;
  bool acknowledges_controllers = false;
  bool is_pinned = false;
};

void read_policies(Fields& rule, const KnownNames& known, PolicyPattern& pattern) {
  const Node* node = rule.take_map("policies");
  if (node == nullptr) {
    return;
  }
  Fields fields(rule.context(), *node, rule.path_of("policies"));
  pattern.names = read_policy_patterns(fields, "names", known);
  pattern.categories = read_patterns(fields, "categories");
  const auto severities = read_patterns(fields, "severities");
  for (const auto& word : severities) {
    if (const auto severity = from_word<Severity>(word)) {
      pattern.severities.push_back(*severity);
    } else {
      rule.context().error(*fields.take("severities"),
                           fmt::format("{} must hold {}, not '{}'", fields.path_of("severities"),
                                       fmt::join(words<Severity>(), ", "), word));
    }
  }
  fields.finish();
}

void read_namespaces(Fields& rule, NamespacePattern& pattern) {
  const Node* node = rule.take_map("namespaces");
  if (node == nullptr) {
    return;
  }
  Fields fields(rule.context(), *node, rule.path_of("namespaces"));
  pattern.names = read_patterns(fields, "names");
  if (const Node* selector = fields.take_map("selector")) {
    pattern.selector = read_selector(rule.context(), *selector, fields.path_of("selector"));
  }
  fields.finish();
}

void read_parameter_value(const ReadContext& context, const document::Member& member,
                          const std::string& path, const DeclaredParameters& declared,
                          EnforcementRule& rule) {
  const auto name = member.key.text();
  std::vector<std::string_view> names;
  bool found = false;
  std::string warned;  // once, though several bundles declare it
  for (const auto& [bundle, parameters] : declared.bundles) {
    for (const auto& parameter : *parameters) {
      names.emplace_back(parameter.name);
      if (parameter.name != name) {
        continue;
      }
      found = true;
      auto made = with_written_value(parameter, member.value, *declared.base, *context.arena);
      if (made) {
        if (const auto warning = warning_of_later_version(*made);
            !warning.empty() && warning != warned) {
          warned = warning;
          context.warn(member.value, fmt::format("{}.{}: {}", path, name, warning));
        }
        rule.parameters.push_back({std::string(bundle), *std::move(made)});
      } else {
        context.error(member.value, fmt::format("{}.{}: {}", path, name, made.error().message));
        return;
      }
    }
  }
  if (!found) {
    const auto near = nearest(name, names);
    context.error(context.source->position_of(member),
                  fmt::format("{}: no bundle declares a parameter '{}'{}", path, name,
                              near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
  }
}

/// Rule: DESIGN section 5, item 8.
void refuse_controllers(Fields& fields, const EnforcementRule& rule) {
  auto refuse = [&](std::string_view field, const std::string& pattern) {
    fields.context().error(
        *fields.take(field),
        fmt::format("{}: '{}' takes in the controllers that make Pods for everybody, so that this "
                    "rule would loosen for everybody; match namespaces or workloads instead, or "
                    "set spec.acknowledgeControllers: true",
                    fields.path_of(field), pattern));
  };
  auto overlaps = [](const std::string& pattern, std::span<const std::string_view> others) {
    return std::ranges::any_of(
        others, [&](std::string_view other) { return globs_overlap(pattern, other); });
  };
  for (const auto& user : rule.users) {
    if (overlaps(user, kControllers)) {
      refuse("users", user);
    }
  }
  for (const auto& group : rule.groups) {
    if (overlaps(group, kControllerGroups)) {
      refuse("groups", group);
    }
  }
}

/// Rule: DESIGN section 5, item 9.
void warn_of_labels(Fields& fields, const std::string& path, const EnforcementRule& rule) {
  if (!rule.namespaces.selector) {
    return;
  }
  const Node& selector = *fields.take("namespaces")->find("selector");
  for (const auto& requirement : rule.namespaces.selector->requirements) {
    if (requirement.key != kNamespaceNameLabel) {
      fields.context().warn(
          selector,
          fmt::format("{}.namespaces.selector: whoever may label a namespace with '{}' may loosen "
                      "what is enforced there; match names, or the label {}, which only the API "
                      "server sets",
                      path, requirement.key, kNamespaceNameLabel));
    }
  }
}

EnforcementRule read_rule(const ReadContext& context, const Node& node, const std::string& path,
                          const DocumentContext& document) {
  EnforcementRule rule;
  Fields fields(context, node, path);
  read_policies(fields, *document.known, rule.policies);
  read_namespaces(fields, rule.namespaces);
  rule.workloads = read_workloads(fields);
  rule.users = read_patterns(fields, "users");
  rule.groups = read_patterns(fields, "groups");
  rule.mode = fields.word<Mode>("mode");
  rule.remedy = fields.word<RemedyLevel>("remedy");
  const Node* parameters = fields.take_map("params");
  if (parameters != nullptr) {
    read_parameter_values(context, *parameters, fields.path_of("params"), *document.parameters,
                          rule);
  }
  fields.finish();
  const bool sets_parameters = parameters != nullptr && parameters->size() != 0;
  const bool sets_nothing =
      fields.take("mode") == nullptr && fields.take("remedy") == nullptr && !sets_parameters;
  if (sets_nothing && !document.is_pinned) {
    context.error(node, path + " sets nothing: mode, remedy or params is missing");
  }
  const bool loosens = (rule.mode && rule.mode != Mode::kDeny) || rule.remedy || sets_parameters ||
                       document.is_pinned;
  if (loosens && !document.acknowledges_controllers) {
    refuse_controllers(fields, rule);
  }
  if (loosens) {
    warn_of_labels(fields, path, rule);
  }
  return rule;
}

}  // namespace

void read_parameter_values(const ReadContext& context, const Node& parameters,
                           const std::string& path, const DeclaredParameters& declared,
                           EnforcementRule& rule) {
  for (const auto& member : parameters.members()) {
    read_parameter_value(context, member, path, declared, rule);
  }
}

Enforcement read_enforcement(const ReadContext& context, const Node& metadata, const Node& spec,
                             const KnownNames& known, const DeclaredParameters& parameters) {
  Enforcement enforcement;
  enforcement.file = context.file;
  enforcement.position = context.source->position_of(context.source->root());
  enforcement.name = read_document_name(context, metadata);
  Fields fields(context, spec, "spec");
  enforcement.priority = fields.integer("priority").value_or(0);
  if (const auto version = fields.text("bundleVersion"); !version.empty()) {
    enforcement.pin = parse_version(version);
    if (!enforcement.pin) {
      context.error(
          *fields.take("bundleVersion"),
          fmt::format("spec.bundleVersion must be a version such as 1.4.0, not '{}'", version));
    }
  }
  const DocumentContext document{
      .known = &known,
      .parameters = &parameters,
      .acknowledges_controllers = fields.boolean("acknowledgeControllers").value_or(false),
      .is_pinned = enforcement.pin.has_value()};
  const Node* rules = fields.take_list("rules");
  for (std::size_t index = 0; rules != nullptr && index < rules->size(); ++index) {
    const Node& node = rules->items()[index];
    const auto path = fmt::format("spec.rules[{}]", index);
    if (node.is_map()) {
      enforcement.rules.push_back(read_rule(context, node, path, document));
    } else {
      context.error(node, path + " must be a map");
    }
  }
  fields.finish();
  if (enforcement.rules.empty() && !enforcement.pin && rules == nullptr) {
    fields.report_missing("rules");
  }
  return enforcement;
}

}  // namespace seaworthy::policy
