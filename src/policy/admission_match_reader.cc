#include "policy/admission_match_reader.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/match_reader.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// A star takes in everything: what stands beside it was meant to say something else.
void check_star(const ReadContext& context, const Node& rule, std::string_view field,
                const std::string& path) {
  const Node& list = rule[field];
  const auto is_star = [](const Node& item) { return item.as_string() == "*"; };
  if (list.size() > 1 && std::ranges::any_of(list.items(), is_star)) {
    context.error(list, fmt::format("{}.{} holds '*', which is everything: nothing else may stand "
                                    "beside it",
                                    path, field));
  }
}

void check_operations(const ReadContext& context, const Node& rule, const std::string& path,
                      bool mutates) {
  constexpr std::array<std::string_view, 5> kAny{"CREATE", "UPDATE", "CONNECT", "*", "DELETE"};
  constexpr std::array<std::string_view, 4> kMutable{"CREATE", "UPDATE", "CONNECT", "*"};
  using Words = std::span<const std::string_view>;
  const auto allowed = mutates ? Words(kMutable) : Words(kAny);
  for (const Node& item : rule["operations"].items()) {
    if (item.is_string() && std::ranges::find(allowed, item.as_string()) == allowed.end()) {
      context.error(item, fmt::format("{}.operations must hold {}, not '{}'", path,
                                      fmt::join(allowed, ", "), item.as_string()));
    }
  }
  check_star(context, rule, "operations", path);
}

/// Rule: admissionregistration validation, validateResources.
void check_resources(const ReadContext& context, const Node& rule, const std::string& path) {
  const Node& list = rule["resources"];
  bool plain = false;
  bool star = false;
  std::set<std::string_view> whole;  // "pods/*", "*/scale": behind it nothing of it may stand
  for (const Node& item : list.items()) {
    const auto text = item.as_string();
    if (item.is_string() && text.empty()) {
      context.error(item, path + ".resources must not hold an empty name");
    }
    if (text == "*/*" && list.size() > 1) {
      context.error(item, path +
                              ".resources holds '*/*', which is everything: nothing else may stand "
                              "beside it");
    }
    star = star || text == "*";
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) {
      plain = plain || text != "*";
      continue;
    }
    for (const auto& wider :
         {fmt::format("{}/*", text.substr(0, slash)), fmt::format("*{}", text.substr(slash))}) {
      if (whole.contains(wider)) {
        context.error(
            item, fmt::format("{}.resources holds '{}', which takes in '{}'", path, wider, text));
      }
    }
    if (text.starts_with("*/") || text.ends_with("/*")) {
      whole.insert(text);
    }
  }
  if (star && plain) {
    context.error(list, path +
                            ".resources holds '*', which is every resource: beside it only "
                            "sub-resources may stand");
  }
}

void check_rule(const ReadContext& context, const Node& rule, const std::string& path,
                bool mutates) {
  check_operations(context, rule, path, mutates);
  check_star(context, rule, "apiGroups", path);
  check_star(context, rule, "apiVersions", path);
  check_resources(context, rule, path);
  for (const Node& version : rule["apiVersions"].items()) {
    if (version.is_string() && version.size() == 0) {
      context.error(version, path + ".apiVersions must not hold an empty version");
    }
  }
  std::set<std::string_view> names;
  for (const Node& name : rule["resourceNames"].items()) {
    if (!names.insert(name.as_string()).second) {
      context.error(name, fmt::format("{}.resourceNames holds '{}' twice", path, name.as_string()));
    }
  }
}

}  // namespace

AdmissionMatch read_admission_match(const ReadContext& context, const Node& node,
                                    const std::string& path, const MatchDemands& demands) {
  AdmissionMatch match;
  match.constraints = read_match(context, node, path, Dialect::kPlatforms);
  for (const auto* field : {"resourceRules", "excludeResourceRules"}) {
    const Node& rules = node[field];
    for (std::size_t index = 0; index < rules.items().size(); ++index) {
      if (rules.items()[index].is_map()) {
        check_rule(context, rules.items()[index], fmt::format("{}.{}[{}]", path, field, index),
                   demands.mutates && field == std::string_view("resourceRules"));
      }
    }
  }
  if (demands.rules_required && node["resourceRules"].size() == 0) {
    context.error(node, path + ".resourceRules must hold a rule: it says what the policy is about");
  }
  return match;
}

}  // namespace seaworthy::policy
