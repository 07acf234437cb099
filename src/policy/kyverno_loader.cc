// Policies are read as they come; exceptions name policies that may come later.
#include "policy/kyverno_loader.h"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "policy/kyverno_cluster_reader.h"
#include "policy/kyverno_environment.h"
#include "policy/kyverno_policy_reader.h"
#include "policy/needs.h"
#include "seaworthy/document/json.h"

namespace seaworthy::policy {
namespace {

using document::Node;

constexpr std::string_view kPolicies = "policies.kyverno.io/";
constexpr std::string_view kCluster = "kyverno.io/";

std::string_view name_in(const Node& root) { return root["metadata"]["name"].as_string(); }

/// Empty of a kind that lives in no namespace. As read_kyverno_metadata() takes it.
std::string_view namespace_in(const Node& root) {
  const auto kind = root["kind"].as_string();
  const auto name = root["metadata"]["namespace"].as_string();
  const bool namespaced = kind == "Policy" || kind.starts_with("Namespaced");
  return !namespaced ? std::string_view() : name.empty() ? "default" : name;
}

std::optional<AdmissionKind> kind_of(std::string_view api_version, std::string_view kind) {
  if (api_version.starts_with(kCluster)) {
    const bool policy = api_version == "kyverno.io/v1" || api_version == "kyverno.io/v2beta1";
    return policy && (kind == "ClusterPolicy" || kind == "Policy")
               ? std::optional(AdmissionKind::kKyvernoClusterPolicy)
               : std::nullopt;
  }
  return kyverno_cel_kind_of(kind);
}

auto order_of(const AdmissionPolicy& policy) {
  return std::tie(policy.kind, policy.namespace_name, policy.name);
}

}  // namespace

bool KyvernoLoader::is_kind(std::string_view api_version) {
  return api_version.starts_with(kPolicies) || api_version.starts_with(kCluster);
}

const AdmissionEnvironments& KyvernoLoader::environments() {
  if (!environments_) {
    environments_.emplace(make_kyverno_environments(*base_));
  }
  return *environments_;
}

void KyvernoLoader::add(const ReadContext& given, std::string_view kind, const Node& root) {
  ReadContext context = given;
  context.subject = name_in(root);
  const auto api_version = root["apiVersion"].as_string();
  if (kind == "PolicyException") {
    if (auto exception = read_kyverno_exception(context, root, environments())) {
      exceptions_.push_back(*std::move(exception));
    }
    return;
  }
  const auto policy_kind = kind_of(api_version, kind);
  if (!policy_kind) {
    context.error(
        root, fmt::format("{} of {} is not supported; of Kyverno's kinds ValidatingPolicy, "
                          "MutatingPolicy, their namespaced forms and PolicyException of "
                          "policies.kyverno.io are, and rules with validate.cel of ClusterPolicy "
                          "and Policy of kyverno.io/v1",
                          kind, api_version));
    documents_.push_back({.context = context, .root = &root, .policy = nullptr});
    return;
  }
  documents_.push_back(
      {.context = context,
       .root = &root,
       .policy = *policy_kind == AdmissionKind::kKyvernoClusterPolicy
                     ? read_kyverno_cluster_policy(context, root, in_tree_)
                     : read_kyverno_policy(context, *policy_kind, root, environments())});
}

void KyvernoLoader::set_aside_duplicates() {
  std::map<std::tuple<AdmissionKind, std::string, std::string>, Document*> first;
  for (auto& document : documents_) {
    if (document.policy == nullptr) {
      continue;
    }
    const AdmissionPolicy& policy = *document.policy;
    const auto [at, added] =
        first.try_emplace({policy.kind, policy.namespace_name, policy.name}, &document);
    if (added) {
      continue;
    }
    const Document& other = *at->second;
    document.context.error(
        *document.root,
        fmt::format("{} '{}' is there already in {}:{}; all of that name are set aside",
                    (*document.root)["kind"].as_string(), policy.name, other.context.file,
                    other.context.source->position_of(*other.root).line));
    document.policy = nullptr;
    at->second->policy = nullptr;
  }
}

std::string KyvernoLoader::except(AdmissionPolicy& policy) const {
  std::string made_of;
  for (const auto& written : exceptions_) {
    for (const auto& named : written.policies) {
      if (named.is(policy.kind, policy.namespace_name, policy.name)) {
        auto exception = written.exception;
        exception.rules = named.rules;
        policy.exceptions.push_back(std::move(exception));
        made_of += "\n" + written.text;
      }
    }
  }
  std::ranges::stable_sort(policy.exceptions, [](const auto& a, const auto& b) {
    return std::tie(a.namespace_name, a.name) < std::tie(b.namespace_name, b.name);
  });
  return made_of;
}

void KyvernoLoader::warn_of_strangers() const {
  for (const auto& written : exceptions_) {
    for (const auto& named : written.policies) {
      const bool there = std::ranges::any_of(documents_, [&](const Document& document) {
        const Node& root = *document.root;
        const auto kind = kind_of(root["apiVersion"].as_string(), root["kind"].as_string());
        return kind && named.is(*kind, namespace_in(root), name_in(root));
      });
      if (!there && named.node != nullptr) {
        written.context.warn(*named.node, fmt::format("{}: no policy '{}' of that kind is loaded",
                                                      named.field, named.node->as_string()));
      }
    }
  }
}

KyvernoLoader::Loaded KyvernoLoader::finish(const std::shared_ptr<const Arena>& arena) {
  Loaded loaded;
  set_aside_duplicates();
  warn_of_strangers();
  for (auto& document : documents_) {
    if (document.policy == nullptr) {
      const auto name = name_in(*document.root);
      loaded.set_aside.emplace_back(name.empty() ? document.context.file : name);
      continue;
    }
    AdmissionPolicy& policy = *document.policy;
    const auto exceptions = except(policy);
    policy.fingerprint = std::hash<std::string>{}(
        document::print_json((*document.root)["spec"]) +
        document::print_json((*document.root)["metadata"]["annotations"]) + exceptions);
    policy.stand_in = make_stand_in(policy);
    policy.sees_managed_fields = sees_managed_fields(policy);
    policy.arena = arena;
    loaded.policies.push_back(document.policy);
  }
  std::ranges::stable_sort(
      loaded.policies, [](const auto& a, const auto& b) { return order_of(*a) < order_of(*b); });
  return loaded;
}

}  // namespace seaworthy::policy
