// From texts to a PolicySet in five passes: read every document; gather bundles and their
// parameters; compile each policy on its own; set aside what has errors and what shares a name;
// read what says where they bite. No pass stops at a mistake.
#include "seaworthy/policy/policy_set.h"

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "policy/admission_loader.h"
#include "policy/enforcement_loader.h"
#include "policy/fields.h"
#include "policy/footprint_finder.h"
#include "policy/kyverno_loader.h"
#include "policy/minor_version.h"
#include "policy/needs.h"
#include "policy/parameters.h"
#include "policy/policy_reader.h"
#include "policy/sharing.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/base/text.h"
#include "seaworthy/document/json.h"
#include "seaworthy/document/source.h"

namespace seaworthy::policy {

using document::Node;

namespace {

std::uint64_t fingerprint_of(const Node& node, const Policy& policy) {
  std::string text =
      policy.bundle + "\n" + policy.bundle_version + "\n" + document::print_json(node);
  for (const auto& parameter : policy.parameters) {
    text += "\n" + parameter.name + " " + parameter.type_word + " " +
            document::print_json(parameter.value);
  }
  return std::hash<std::string>{}(text);
}

/// A document's resources: itself, or the items of a List, as kubectl prints several.
std::span<const Node> resources_of(const Node& root) {
  const bool is_list = root["kind"].as_string().ends_with("List") && root["items"].is_list();
  return is_list ? root["items"].items() : std::span<const Node>(&root, 1);
}

}  // namespace

class Loader {
 public:
  explicit Loader(const LoadOptions& options)
      : options_(&options),
        base_(cel::Environment::kubernetes()),
        arena_(std::make_shared<Arena>()),
        admission_(base_),
        kyverno_(base_) {}

  std::shared_ptr<const PolicySet> load(const std::vector<SourceText>& sources) {
    read_documents(sources);
    for (auto& bundle : bundles_) {
      declare_parameters(bundle);
    }
    report_unknown_parameters();
    for (const auto& bundle : bundles_) {
      compile(bundle);
    }
    set_aside_duplicates();
    auto admission = admission_.finish(arena_);
    std::ranges::move(admission.set_aside, std::back_inserter(set_aside_));
    auto kyverno = kyverno_.finish(arena_);
    std::ranges::move(kyverno.set_aside, std::back_inserter(set_aside_));
    std::ranges::move(kyverno.policies, std::back_inserter(admission.policies));
    auto enforcement = read_enforcement(admission.policies);
    return finish(std::move(enforcement), std::move(admission));
  }

 private:
  /// One `kind: PolicyBundle`; its context's pointers stay valid while the Loader lives.
  struct BundlePart {
    ReadContext context;
    const Node* params = nullptr;
    const Node* policies = nullptr;
  };

  /// All the documents of one bundle name.
  struct Bundle {
    std::string name;
    std::string version;
    std::vector<BundlePart> parts;
    std::vector<Parameter> parameters;
  };

  void read_documents(const std::vector<SourceText>& sources) {
    for (const auto& source : sources) {
      auto parsed = document::read_source(source.text, source.file, *arena_);
      std::ranges::move(parsed.diagnostics, std::back_inserter(diagnostics_));
      if (!parsed.value) {
        continue;
      }
      for (auto& document : *parsed.value) {
        auto kept = std::make_unique<document::SourceDocument>(std::move(document));
        for (const Node& root : resources_of(kept->root())) {
          read_document({.source = kept.get(),
                         .text = source.text,
                         .file = source.file,
                         .subject = {},
                         .diagnostics = &diagnostics_,
                         .arena = arena_.get()},
                        root, source.may_hold_policies);
        }
        documents_.push_back(std::move(kept));
      }
    }
  }

  void read_document(const ReadContext& context, const Node& root, bool may_hold_policies) {
    if (!root.is_map()) {
      context.error(root, fmt::format("a policy document must be a map, not {}",
                                      document::name_of(root.kind())));
      return;
    }
    Fields fields(context, root, "");
    const auto api_version = fields.text("apiVersion", true);
    const auto kind = fields.text("kind", true);
    if (api_version.empty() || kind.empty()) {
      return;
    }
    if (AdmissionLoader::is_kind(api_version, kind) && may_hold_policies) {
      admission_.add(context, kind, root);
      return;
    }
    if (KyvernoLoader::is_kind(api_version) && may_hold_policies) {
      kyverno_.add(context, kind, root);
      return;
    }
    const bool ours = api_version == "seaworthy.dev/v1";
    if (ours && kind == "PolicyTest") {
      return;  // may lie beside what it tests; read_test_suites() reads it
    }
    const bool is_enforcement = ours && EnforcementLoader::is_kind(kind);
    if (!is_enforcement && (!ours || kind != "PolicyBundle")) {
      if (ours || !may_hold_policies) {
        AdmissionLoader::report_foreign(context, root);
      } else {
        admission_.add_object(context, root);
      }
      return;
    }
    if (!is_enforcement && !may_hold_policies) {
      context.error(root,
                    "here may stand Enforcement and PolicyException; a PolicyBundle is given "
                    "with --policies");
      return;
    }
    const Node* metadata = fields.take_map("metadata");
    const Node* spec = fields.take_map("spec");
    fields.finish();
    if (metadata == nullptr || spec == nullptr) {
      fields.report_missing(metadata == nullptr ? "metadata" : "spec");
      return;
    }
    if (is_enforcement) {
      enforcement_.add(context, kind, *metadata, *spec);
    } else {
      read_bundle(context, *metadata, *spec);
    }
  }

  void read_bundle(const ReadContext& context, const Node& metadata, const Node& spec) {
    Fields metadata_fields(context, metadata, "metadata");
    const auto name = metadata_fields.text("name", true);
    const auto version = metadata_fields.text("version");
    for (const auto* known : {"labels", "annotations", "namespace"}) {
      metadata_fields.take(known);  // a bundle may live in a ConfigMap's or a GitOps tool's hands
    }
    metadata_fields.finish();
    Fields spec_fields(context, spec, "spec");
    BundlePart part{context, spec_fields.take_map("params"), spec_fields.take_list("policies")};
    spec_fields.finish();
    auto bundle = std::ranges::find(bundles_, name, &Bundle::name);
    if (bundle == bundles_.end()) {
      bundles_.push_back({.name = name, .version = version, .parts = {}, .parameters = {}});
      bundle = bundles_.end() - 1;
    } else if (bundle->version != version) {
      context.error(metadata,
                    fmt::format("bundle '{}' has version '{}' here and '{}' in {}", name, version,
                                bundle->version, bundle->parts.front().context.file));
    }
    bundle->parts.push_back(std::move(part));
  }

  void declare_parameters(Bundle& bundle) {
    for (const auto& part : bundle.parts) {
      if (part.params != nullptr) {
        read_parameters(part.context, *part.params, base_, bundle.parameters);
      }
    }
    for (auto& parameter : bundle.parameters) {
      const auto set = options_->parameters.find(parameter.name);
      if (set == options_->parameters.end()) {
        continue;
      }
      used_parameters_.insert(parameter.name);
      auto value = read_parameter_text(parameter.type_word, set->second, *arena_);
      auto made = value ? make_parameter(parameter.name, parameter.type_word, *value, base_,
                                         parameter.newest)
                        : Result<Parameter>(std::unexpected(value.error()));
      if (made) {
        made->description = parameter.description;
        made->default_value = parameter.default_value;
        parameter = *std::move(made);
        if (const auto warning = warning_of_later_version(parameter); !warning.empty()) {
          report(fmt::format("--param {}: {}", parameter.name, warning),
                 Diagnostic::Severity::kWarning);
        }
      } else {
        report(fmt::format("--param {}: {}", parameter.name, made.error().message));
      }
    }
  }

  void report_unknown_parameters() {
    std::vector<std::string_view> known;
    for (const auto& bundle : bundles_) {
      for (const auto& parameter : bundle.parameters) {
        known.push_back(parameter.name);
      }
    }
    for (const auto& set : options_->parameters) {
      if (!used_parameters_.contains(set.first)) {
        const auto near = nearest(set.first, known);
        report(fmt::format("--param {}: no bundle declares it{}", set.first,
                           near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
      }
    }
  }

  /// Of a flag; once, though several bundles declare its parameter.
  void report(std::string message, Diagnostic::Severity severity = Diagnostic::Severity::kError) {
    if (std::ranges::find(diagnostics_, message, &Diagnostic::message) != diagnostics_.end()) {
      return;
    }
    diagnostics_.push_back({.severity = severity,
                            .file = "<flags>",
                            .position = {},
                            .message = std::move(message),
                            .source_line = {},
                            .subject = {}});
  }

  void compile(const Bundle& bundle) {
    const BundleContext shared{bundle.name, bundle.version, &bundle.parameters, &base_};
    for (const auto& part : bundle.parts) {
      for (std::size_t index = 0; part.policies != nullptr && index < part.policies->size();
           ++index) {
        const Node& node = part.policies->items()[index];
        const auto path = fmt::format("spec.policies[{}]", index);
        if (!node.is_map()) {
          part.context.error(node, path + " must be a map");
          continue;
        }
        if (policies_.size() + set_aside_.size() >= limits::kPoliciesMax) {
          part.context.error(node, fmt::format("more than {} policies", limits::kPoliciesMax));
          return;
        }
        const auto before = diagnostics_.size();
        auto policy = std::make_shared<Policy>(read_policy(part.context, node, path, shared));
        const bool broken = std::any_of(
            diagnostics_.begin() + static_cast<std::ptrdiff_t>(before), diagnostics_.end(),
            [](const Diagnostic& each) { return each.severity == Diagnostic::Severity::kError; });
        if (broken) {
          set_aside_.push_back(policy->name.empty() ? path : policy->name);
        } else {
          policy->fingerprint = fingerprint_of(node, *policy);
          policy->arena = arena_;
          policies_.push_back(std::move(policy));
        }
      }
    }
  }

  void set_aside_duplicates() {
    std::map<std::string, int> counts;
    for (const auto& name : set_aside_) {
      ++counts[name];
    }
    for (const auto& policy : policies_) {
      ++counts[policy->name];
    }
    std::map<std::string, const Policy*> first;
    for (const auto& policy : policies_) {
      if (counts[policy->name] == 1) {
        continue;
      }
      const auto [place, is_first] = first.try_emplace(policy->name, policy.get());
      diagnostics_.push_back(
          {.severity = Diagnostic::Severity::kError,
           .file = policy->file,
           .position = policy->position,
           .message =
               is_first
                   ? fmt::format("policy '{}' is declared {} times; all are set aside",
                                 policy->name, counts[policy->name])
                   : fmt::format("policy '{}' is declared already in {}:{}; all are set aside",
                                 policy->name, place->second->file, place->second->position.line),
           .source_line = {},
           .subject = policy->name});
    }
    std::erase_if(policies_, [&](const auto& policy) { return counts[policy->name] > 1; });
    for (const auto& entry : first) {
      set_aside_.push_back(entry.first);
    }
  }

  std::shared_ptr<const EnforcementSet> read_enforcement(
      const std::vector<std::shared_ptr<AdmissionPolicy>>& admission_policies) {
    std::vector<std::string> others = set_aside_;
    for (const auto& policy : admission_policies) {
      others.push_back(policy->name);
    }
    DeclaredParameters parameters{.bundles = {}, .base = &base_};
    for (const auto& bundle : bundles_) {
      parameters.bundles.emplace(bundle.name, &bundle.parameters);
    }
    return enforcement_.finish({.policies = policies_,
                                .others = others,
                                .parameters = std::move(parameters),
                                .now = options_->now,
                                .arena = arena_});
  }

  std::shared_ptr<const PolicySet> finish(std::shared_ptr<const EnforcementSet> enforcement,
                                          AdmissionLoader::Loaded admission) {
    auto set = std::make_shared<PolicySet>();
    set->arena_ = arena_;
    set->enforcement_ = std::move(enforcement);
    set->enforcement_is_broken_ = enforcement_.is_broken();
    share_expressions(policies_);
    find_footprints(policies_);
    for (const auto& policy : policies_) {
      policy->sees_managed_fields = sees_managed_fields(*policy);
      policy->message_is_discreet = message_is_discreet(*policy);
    }
    set->policies_.assign(policies_.begin(), policies_.end());
    set->admission_policies_.assign(admission.policies.begin(), admission.policies.end());
    set->params_ = std::move(admission.params);
    std::ranges::sort(set_aside_);
    const auto repeated = std::ranges::unique(set_aside_);
    set_aside_.erase(repeated.begin(), repeated.end());
    set->set_aside_ = std::move(set_aside_);
    std::ranges::stable_sort(diagnostics_, [](const Diagnostic& a, const Diagnostic& b) {
      return std::tie(a.file, a.position) < std::tie(b.file, b.position);
    });
    set->diagnostics_ = std::move(diagnostics_);
    return set;
  }

  const LoadOptions* options_;
  cel::Environment base_;
  std::shared_ptr<Arena> arena_;
  std::vector<std::unique_ptr<document::SourceDocument>> documents_;
  std::vector<Bundle> bundles_;
  EnforcementLoader enforcement_;
  AdmissionLoader admission_;
  KyvernoLoader kyverno_;
  std::set<std::string> used_parameters_;
  std::vector<std::shared_ptr<Policy>> policies_;
  std::vector<std::string> set_aside_;
  std::vector<Diagnostic> diagnostics_;
};

const Policy* PolicySet::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(policies_, [&](const auto& policy) { return policy->name == name; });
  return found == policies_.end() ? nullptr : found->get();
}

std::shared_ptr<const PolicySet> PolicySet::without(
    const std::vector<std::string>& names, const std::vector<Diagnostic>& diagnostics) const {
  auto set = std::make_shared<PolicySet>(*this);
  std::erase_if(set->policies_, [&](const auto& policy) {
    return std::ranges::find(names, policy->name) != names.end();
  });
  set->set_aside_.insert(set->set_aside_.end(), names.begin(), names.end());
  std::ranges::sort(set->set_aside_);
  set->diagnostics_.insert(set->diagnostics_.end(), diagnostics.begin(), diagnostics.end());
  return set;
}

std::shared_ptr<const PolicySet> PolicySet::with_enforcement_of(const PolicySet& other) const {
  auto set = std::make_shared<PolicySet>(*this);
  set->enforcement_ = nullptr;
  if (other.enforcement_ != nullptr) {
    // Its policies may be gone, and their addresses be another's: names are asked from now on.
    auto enforcement = std::make_shared<EnforcementSet>(*other.enforcement_);
    enforcement->policies.clear();
    set->enforcement_ = std::move(enforcement);
  }
  return set;
}

std::shared_ptr<const PolicySet> PolicySet::with(
    std::vector<std::shared_ptr<const Policy>> policies) const {
  auto set = std::make_shared<PolicySet>(*this);
  set->policies_ = std::move(policies);
  return set;
}

std::shared_ptr<const PolicySet> PolicySet::with(
    std::vector<std::shared_ptr<const AdmissionPolicy>> policies) const {
  auto set = std::make_shared<PolicySet>(*this);
  set->admission_policies_ = std::move(policies);
  return set;
}

const AdmissionPolicy* PolicySet::find(AdmissionKind kind, std::string_view namespace_name,
                                       std::string_view name) const {
  const auto found = std::ranges::find_if(admission_policies_, [&](const auto& policy) {
    return policy->kind == kind && policy->namespace_name == namespace_name && policy->name == name;
  });
  return found == admission_policies_.end() ? nullptr : found->get();
}

std::shared_ptr<const PolicySet> load_policies(const std::vector<SourceText>& sources,
                                               const LoadOptions& options) {
  return Loader(options).load(sources);
}

}  // namespace seaworthy::policy
