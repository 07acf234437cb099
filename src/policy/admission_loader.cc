// Policies, bindings and params find each other by name. Where one of the documents that make up a
// policy cannot be used, the policy is set aside as a whole: with half of its bindings it would be
// another policy, and the last good version is better than that. Only a policy that no document
// binds is bound by us: everywhere, with [Deny], so that files of policies alone can be tried.
#include "policy/admission_loader.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include "policy/admission_binding_reader.h"
#include "policy/needs.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"

namespace seaworthy::policy {
namespace {

using document::Node;

constexpr std::string_view kGroup = "admissionregistration.k8s.io/";
constexpr std::string_view kValidating = "ValidatingAdmissionPolicy";
constexpr std::string_view kMutating = "MutatingAdmissionPolicy";
constexpr std::string_view kBinding = "Binding";

std::ptrdiff_t count_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::ranges::count(diagnostics, Diagnostic::Severity::kError, &Diagnostic::severity);
}

std::string_view name_in(const Node& root) { return root["metadata"]["name"].as_string(); }

ParamKind kind_of(const Node& root) {
  return {.api_version = std::string(root["apiVersion"].as_string()),
          .kind = std::string(root["kind"].as_string())};
}

/// What is bound to everything: the binding of a policy that has none.
AdmissionBinding everywhere(const AdmissionPolicy& policy) {
  AdmissionBinding binding;
  binding.policy_name = policy.name;
  if (!is_mutating(policy.kind)) {
    binding.actions = {ValidationAction::kDeny};
  }
  binding.file = policy.file;
  binding.position = policy.position;
  return binding;
}

}  // namespace

bool AdmissionLoader::is_kind(std::string_view api_version, std::string_view kind) {
  if (!api_version.starts_with(kGroup)) {
    return false;
  }
  const auto version = api_version.substr(kGroup.size());
  if (version != "v1" && version != "v1beta1" && version != "v1alpha1") {
    return false;
  }
  if (kind.ends_with(kBinding)) {
    kind.remove_suffix(kBinding.size());
  }
  return kind == kValidating || kind == kMutating;
}

void AdmissionLoader::add(const ReadContext& given, std::string_view kind, const Node& root) {
  const auto policy_kind = kind.starts_with(kMutating) ? AdmissionKind::kMutatingAdmissionPolicy
                                                       : AdmissionKind::kValidatingAdmissionPolicy;
  ReadContext context = given;
  const bool binds = kind.ends_with(kBinding);
  const auto most = binds ? limits::kAdmissionBindingsMax : limits::kPoliciesMax;
  if ((binds ? bindings_.size() : policies_.size()) >= most) {
    context.error(root, fmt::format("more than {} {}", most, binds ? "bindings" : "policies"));
    return;
  }
  if (!binds) {
    context.subject = name_in(root);
    PolicyDocument document{.context = context,
                            .root = &root,
                            .key = {.kind = policy_kind, .name = std::string(name_in(root))},
                            .policy = nullptr};
    document.policy = read_admission_policy(context, policy_kind, root, environments_);
    policies_.push_back(std::move(document));
    return;
  }
  // What is wrong with a binding is wrong with its policy.
  context.subject = root["spec"]["policyName"].as_string();
  const auto before = count_errors(*context.diagnostics);
  BindingDocument document{
      .context = context,
      .root = &root,
      .policy = {.kind = policy_kind, .name = context.subject},
      .binding = read_admission_binding(
          context, policy_kind == AdmissionKind::kMutatingAdmissionPolicy, root),
      .broken = false};
  document.broken = count_errors(*context.diagnostics) != before;
  bindings_.push_back(std::move(document));
}

void AdmissionLoader::add_object(const ReadContext& context, const Node& root) {
  if (objects_.size() >= limits::kParamObjectsMax) {
    context.error(root,
                  fmt::format("more than {} objects among the policies", limits::kParamObjectsMax));
    return;
  }
  objects_.push_back({.context = context, .root = &root});
}

void AdmissionLoader::report_foreign(const ReadContext& context, const Node& root) {
  context.error(root, fmt::format("{} of {} is no policy document; PolicyBundle, Enforcement "
                                  "and PolicyException of apiVersion: seaworthy.dev/v1 are, and "
                                  "ValidatingAdmissionPolicy and MutatingAdmissionPolicy, their "
                                  "bindings, and objects of their paramKind",
                                  root["kind"].as_string(), root["apiVersion"].as_string()));
}

void AdmissionLoader::report_twice(const ReadContext& context, const Node& root,
                                   const ReadContext& other, const Node& other_root) const {
  context.error(root, fmt::format("{} '{}' is there already in {}:{}; all of that name are set "
                                  "aside",
                                  root["kind"].as_string(), name_in(root), other.file,
                                  other.source->position_of(other_root).line));
}

void AdmissionLoader::set_aside_duplicates() {
  std::map<Key, PolicyDocument*> first;
  for (auto& document : policies_) {
    const auto [at, added] = first.try_emplace(document.key, &document);
    if (!added && !document.key.name.empty()) {
      report_twice(document.context, *document.root, at->second->context, *at->second->root);
      at->second->policy = nullptr;
      document.policy = nullptr;
    }
  }
  std::map<Key, BindingDocument*> first_binding;
  for (auto& document : bindings_) {
    const Key key{.kind = document.policy.kind, .name = document.binding.name};
    const auto [at, added] = first_binding.try_emplace(key, &document);
    if (!added && !key.name.empty()) {
      report_twice(document.context, *document.root, at->second->context, *at->second->root);
      at->second->broken = true;
      document.broken = true;
    }
  }
}

void AdmissionLoader::report_orphans() {
  for (const auto& document : bindings_) {
    const auto same = [&](const PolicyDocument& each) { return each.key == document.policy; };
    if (document.broken || std::ranges::any_of(policies_, same)) {
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& each : policies_) {
      if (each.key.kind == document.policy.kind) {
        known.emplace_back(each.key.name);
      }
    }
    const auto near = nearest(document.policy.name, known);
    document.context.error(
        (*document.root)["spec"]["policyName"],
        fmt::format("binding '{}' is for {} '{}', which is not among the policies{}",
                    document.binding.name, name_of(document.policy.kind), document.policy.name,
                    near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
  }
}

void AdmissionLoader::bind(PolicyDocument& document) {
  auto& policy = document.policy;
  std::string made_of = document::print_json((*document.root)["spec"]) +
                        document::print_json((*document.root)["metadata"]["annotations"]);
  bool bound = false;
  for (auto& each : bindings_) {
    if (each.policy != document.key) {
      continue;
    }
    if (each.broken) {
      policy = nullptr;  // its bindings' mistakes were reported
      return;
    }
    bound = true;
    made_of += "\n" + each.binding.name + document::print_json((*each.root)["spec"]);
    policy->bindings.push_back(each.binding);
  }
  if (!bound) {
    policy->bindings.push_back(everywhere(*policy));
  }
  std::ranges::stable_sort(policy->bindings, {}, &AdmissionBinding::name);
  policy->fingerprint = std::hash<std::string>{}(made_of);
}

bool AdmissionLoader::explain_wrong_param(const Object& object) const {
  for (const auto& each : bindings_) {
    if (!each.binding.param_ref || each.binding.param_ref->name != name_in(*object.root)) {
      continue;
    }
    const auto document = std::ranges::find(policies_, each.policy, &PolicyDocument::key);
    if (document == policies_.end() || document->policy == nullptr ||
        !document->policy->param_kind) {
      continue;
    }
    const auto& wanted = *document->policy->param_kind;
    object.context.error(
        *object.root,
        fmt::format("{} '{}' of {} is what binding '{}' names as its param, but policy '{}' takes "
                    "params of kind {} of {}",
                    (*object.root)["kind"].as_string(), name_in(*object.root),
                    (*object.root)["apiVersion"].as_string(), each.binding.name, each.policy.name,
                    wanted.kind, wanted.api_version));
    return true;
  }
  return false;
}

std::shared_ptr<const DocumentParams> AdmissionLoader::make_params(
    const std::shared_ptr<const Arena>& arena) const {
  std::set<ParamKind> kinds;
  for (const auto& document : policies_) {
    if (document.policy != nullptr && document.policy->param_kind) {
      kinds.insert(*document.policy->param_kind);
    }
  }
  std::vector<Node> params;
  for (const auto& object : objects_) {
    const ParamKind kind = kind_of(*object.root);
    // A definition says where its objects live.
    const bool defines = kind.kind == "CustomResourceDefinition" && !kinds.empty();
    if (kinds.contains(kind) || defines) {
      params.push_back(*object.root);
    } else if (!explain_wrong_param(object)) {
      report_foreign(object.context, *object.root);
    }
  }
  return std::make_shared<DocumentParams>(params, arena);
}

AdmissionLoader::Loaded AdmissionLoader::finish(const std::shared_ptr<const Arena>& arena) {
  Loaded loaded;
  set_aside_duplicates();
  report_orphans();
  loaded.params = make_params(arena);
  for (auto& document : policies_) {
    if (document.policy != nullptr) {
      bind(document);
    }
    if (document.policy == nullptr) {
      loaded.set_aside.push_back(document.key.name.empty() ? document.context.file
                                                           : document.key.name);
      continue;
    }
    document.policy->stand_in = make_stand_in(*document.policy);
    document.policy->sees_managed_fields = sees_managed_fields(*document.policy);
    document.policy->arena = arena;
    loaded.policies.push_back(document.policy);
  }
  std::ranges::stable_sort(loaded.policies, [](const auto& a, const auto& b) {
    return std::tie(a->kind, a->name) < std::tie(b->kind, b->name);
  });
  return loaded;
}

}  // namespace seaworthy::policy
