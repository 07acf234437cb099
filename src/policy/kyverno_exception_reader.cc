// Two kinds of document of one name: with CEL conditions for the policies that are CEL, with
// `match` for the rules of a ClusterPolicy.
#include "policy/kyverno_exception_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "policy/admission_compiler.h"
#include "policy/admission_reader.h"
#include "policy/exception_reader.h"
#include "policy/kyverno_match_reader.h"
#include "policy/kyverno_support.h"
#include "seaworthy/document/json.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// Of policies.kyverno.io.
void read_cel(Fields& fields, const AdmissionEnvironments& environments, WrittenException& made) {
  const ReadContext& context = fields.context();
  fields.each_map("policyRefs", [&](Fields& item, std::size_t /*index*/) {
    const auto word = item.text("kind", true);
    const auto name = item.text("name", true);
    item.warn_unknown();
    const auto kind = kyverno_cel_kind_of(word);
    if (!kind) {
      if (!word.empty()) {
        context.warn(*item.take("kind"), fmt::format("{}: exceptions of {} are not supported",
                                                     item.path_of("kind"), word));
      }
      return;
    }
    made.policies.push_back({.kind = *kind,
                             .namespaced = word.starts_with("Namespaced"),
                             .name = name,
                             .namespace_name = {},
                             .rules = {},
                             .field = item.path_of("name"),
                             .node = item.take("name")});
  });
  if (fields.map()["policyRefs"].size() == 0) {
    fields.report_missing("policyRefs");
  }
  AdmissionCompiler compiler(context, environments);
  fields.each_map("matchConditions", [&](Fields& item, std::size_t /*index*/) {
    const auto name = item.text("name", true);
    if (const auto written = take_expression(item, "expression")) {
      made.exception.conditions.push_back(
          {.name = name,
           .expression = compiler.compile(environments.expressions, *written,
                                          std::array{cel::Type::boolean(), cel::Type::dyn()})});
    }
    item.warn_unknown();
  });
  made.exception.images = fields.texts("images");
  made.exception.values = fields.texts("allowedValues");
  const auto result = fields.text("reportResult");
  if (!result.empty() && result != "skip" && result != "pass") {
    context.error(*fields.take("reportResult"),
                  fmt::format("spec.reportResult must be skip or pass, not '{}'", result));
  }
  made.exception.reported_as_pass = result == "pass";
  if (const auto text = fields.text("expiresAt"); !text.empty()) {
    made.exception.expires = parse_time(text);
    if (!made.exception.expires) {
      context.error(*fields.take("expiresAt"),
                    fmt::format("spec.expiresAt must be a time such as 2027-01-31T00:00:00Z, not "
                                "'{}'",
                                text));
    }
  }
}

/// Of kyverno.io.
void read_match(Fields& fields, WrittenException& made) {
  const ReadContext& context = fields.context();
  fields.each_map("exceptions", [&](Fields& item, std::size_t /*index*/) {
    const auto named = item.text("policyName", true);
    const auto slash = named.find('/');
    const bool namespaced = slash != std::string::npos;
    auto rules = item.texts("ruleNames");
    if (rules.empty()) {
      item.report_missing("ruleNames");
    }
    item.warn_unknown();
    made.policies.push_back({.kind = AdmissionKind::kKyvernoClusterPolicy,
                             .namespaced = namespaced,
                             .name = namespaced ? named.substr(slash + 1) : named,
                             .namespace_name = namespaced ? named.substr(0, slash) : std::string(),
                             .rules = std::move(rules),
                             .field = item.path_of("policyName"),
                             .node = item.take("policyName")});
  });
  if (fields.map()["exceptions"].size() == 0) {
    fields.report_missing("exceptions");
  }
  if (const Node* match = fields.take_map("match")) {
    made.exception.match =
        read_kyverno_filters(context, *match, "spec.match", KyvernoBlock::kException);
  } else {
    fields.report_missing("match");
  }
  for (const auto* name : {"conditions", "podSecurity"}) {
    if (const Node* node = fields.take(name); node != nullptr && node->size() > 0) {
      context.error(*node,
                    fmt::format("spec.{} is not supported; the exception is set aside", name));
    }
  }
}

}  // namespace

bool ExceptedPolicy::is(AdmissionKind of_kind, std::string_view of_namespace,
                        std::string_view of_name) const {
  const bool there =
      of_kind != AdmissionKind::kKyvernoClusterPolicy || namespace_name == of_namespace;
  return kind == of_kind && namespaced == !of_namespace.empty() && there && name == of_name;
}

std::optional<AdmissionKind> kyverno_cel_kind_of(std::string_view word) {
  if (word == "ValidatingPolicy" || word == "NamespacedValidatingPolicy") {
    return AdmissionKind::kKyvernoValidatingPolicy;
  }
  return word == "MutatingPolicy" || word == "NamespacedMutatingPolicy"
             ? std::optional(AdmissionKind::kKyvernoMutatingPolicy)
             : std::nullopt;
}

std::optional<WrittenException> read_kyverno_exception(const ReadContext& context, const Node& root,
                                                       const AdmissionEnvironments& environments) {
  std::vector<Diagnostic> found;
  ReadContext own = context;
  own.diagnostics = &found;
  WrittenException made;
  made.context = context;
  const Node& metadata = root["metadata"];
  made.exception.name = metadata["name"].as_string();
  made.exception.namespace_name = metadata["namespace"].as_string();
  const auto priority = metadata["labels"]["polex.kyverno.io/priority"].as_string();
  std::from_chars(priority.data(), priority.data() + priority.size(), made.exception.priority);
  const Node& spec = root["spec"];
  made.text = document::print_json(metadata) + document::print_json(spec);
  if (!spec.is_map()) {
    own.error(root, "spec is missing");
  } else if (check_supported(own, spec, "spec")) {
    Fields fields(own, spec, "spec");
    for (const auto* known : {"background", "properties", "evaluationMode"}) {
      fields.take(known);
    }
    if (root["apiVersion"].as_string().starts_with("kyverno.io/")) {
      read_match(fields, made);
    } else {
      read_cel(fields, environments, made);
    }
    fields.warn_unknown();
  }
  const bool broken = has_errors(found);
  std::ranges::move(found, std::back_inserter(*context.diagnostics));
  return broken ? std::nullopt : std::optional(std::move(made));
}

}  // namespace seaworthy::policy
