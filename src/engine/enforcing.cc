// Without Enforcement documents everything is the flags' and nothing is looked up. With them each
// policy's settings are found once, before anything is evaluated: parameters must be known by then.
#include "engine/enforcing.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "seaworthy/admission/workload.h"

namespace seaworthy::engine {
namespace {

using policy::Mode;
using policy::Policy;
using policy::RemedyLevel;

/// The object itself, and what its controller reference says that it belongs to.
std::vector<admission::ObjectName> workloads_of(const admission::Review& review) {
  const auto& object = review.object.is_map() ? review.object : review.old_object;
  const auto& metadata = object["metadata"];
  std::vector<admission::ObjectName> workloads{
      {review.kind.kind, review.name.empty() ? metadata["name"].as_string() : review.name}};
  if (const auto controller = admission::controller_of(metadata)) {
    workloads.push_back(*controller);
  }
  return workloads;
}

/// Who will ask for the Pods of a template, as far as that can be known. Rule: DESIGN section 5,
/// item 5.
policy::Subject future_pod_of(policy::Subject subject) {
  subject.user = {};
  subject.groups.clear();
  subject.workloads.push_back({"Pod", {}});
  return subject;
}

}  // namespace

policy::Subject subject_of(const admission::Review& review, const JudgeRequest& request) {
  policy::Subject subject;
  subject.namespace_name = review.namespace_name;
  subject.namespace_labels = request.namespace_object["metadata"]["labels"];
  subject.labels_known = request.namespace_known;
  subject.workloads = workloads_of(review);
  subject.user = review.user_info["username"].as_string();
  for (const auto& group : review.user_info["groups"].items()) {
    subject.groups.push_back(group.as_string());
  }
  return subject;
}

Enforcing::Enforcing(std::span<const std::shared_ptr<const Policy>> policies,
                     const admission::Review& review, const JudgeRequest& request)
    : request_(&request),
      enforcement_(request.enforcement),
      flags_{.mode = request.settings.mode,
             .remedy = request.remedy_for_all.value_or(request.settings.remedy),
             .named = false},
      parameters_(request.parameters) {
  if (enforcement_ == nullptr) {
    return;
  }
  subject_ = subject_of(review, request);
  const auto* kind = admission::find_workload_kind(review.kind);
  settle(policies, kind != nullptr && !kind->pod_path.empty());
}

void Enforcing::settle(std::span<const std::shared_ptr<const Policy>> policies, bool is_template) {
  if (enforcement_->documents.empty()) {
    return;
  }
  const policy::RequestRules rules(*enforcement_, subject_);
  std::optional<policy::RequestRules> future;
  if (is_template) {
    future.emplace(*enforcement_, future_pod_of(subject_));
  }
  settings_.reserve(policies.size());
  for (const auto& policy : policies) {
    const auto ruling = rules.ruling_of(*policy);
    const auto remedy = future ? future->ruling_of(*policy).remedy : ruling.remedy;
    settings_.emplace_back(
        policy.get(),
        PolicySettings{.mode = ruling.mode.value_or(std::min(flags_.mode, ruling.ceiling)),
                       .remedy = request_->remedy_for_all.value_or(remedy.value_or(flags_.remedy)),
                       .named = ruling.mode.has_value() && ruling.named});
    if (!ruling.parameters.empty()) {
      set_parameters(*policy, ruling);
    }
  }
  std::ranges::sort(settings_, std::less<>{}, &decltype(settings_)::value_type::first);
}

void Enforcing::set_parameters(const Policy& policy, const policy::Ruling& ruling) {
  auto variant = std::ranges::find_if(variants_, [&](const Variant& each) {
    return each.load == policy.memo.get() && each.bundle == policy.bundle &&
           each.set == ruling.parameters;
  });
  if (variant == variants_.end()) {
    variants_.push_back({.load = policy.memo.get(),
                         .bundle = policy.bundle,
                         .set = ruling.parameters,
                         .values = policy.parameters});
    variant = std::prev(variants_.end());
    for (auto& parameter : variant->values) {
      // An earlier version of a policy may also know a parameter of another type.
      const auto set = std::ranges::find_if(ruling.parameters, [&](const auto* each) {
        return each->name == parameter.name && each->type_word == parameter.type_word;
      });
      if (set != ruling.parameters.end()) {
        parameter = **set;
      }
    }
  }
  parameters_.set(policy, variant->values);
}

const PolicySettings& Enforcing::of(const Policy& policy) const {
  if (settings_.empty()) {
    return flags_;
  }
  const auto found = std::ranges::lower_bound(settings_, &policy, std::less<>{},
                                              &decltype(settings_)::value_type::first);
  return found == settings_.end() || found->first != &policy ? flags_ : found->second;
}

bool Enforcing::mends() const {
  auto wants = [](const PolicySettings& settings) {
    return settings.mode != Mode::kOff && settings.remedy != RemedyLevel::kSuggest;
  };
  if (request_->settings.dry_run) {
    return false;
  }
  return settings_.empty() ? wants(flags_) : std::ranges::any_of(settings_, [&](const auto& entry) {
    return wants(entry.second);
  });
}

RemedyLevel Enforcing::remedy_of(const Policy& policy) const {
  const auto& settings = of(policy);
  return settings.mode == Mode::kOff ? RemedyLevel::kSuggest : settings.remedy;
}

Excuse Enforcing::excuse_for(const Finding& finding, std::string_view image) const {
  Excuse excuse;
  for (const auto& exception : enforcement_->exceptions) {
    if (!exception.concerns(*finding.policy, subject_) ||
        !exception.covers(finding.item->container, image)) {
      continue;
    }
    // Without the time nothing can be said to be valid still.
    if (request_->now && !exception.expired(*request_->now)) {
      return {.valid = &exception, .expired = nullptr};
    }
    excuse.expired = excuse.expired == nullptr ? &exception : excuse.expired;
  }
  return excuse;
}

}  // namespace seaworthy::engine
