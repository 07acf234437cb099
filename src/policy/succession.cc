// A policy that is missing from the next set was either removed or broken. It was broken where it
// is set aside by name, and may be where its file could not be read, is no YAML, or holds a mistake
// that belongs to no policy that has a name. Kept policies come with their own links (sharing.h),
// so that they share nothing with the others; the first policy's links are the ones that requests
// use.
#include "seaworthy/policy/succession.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace seaworthy::policy {
namespace {

using Policies = std::vector<std::shared_ptr<const Policy>>;
using Files = std::set<std::string, std::less<>>;

bool is_in(std::string_view file, std::string_view path) {
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return file == path || (file.starts_with(path) && file.substr(path.size()).starts_with('/'));
}

/// Files of which it is not known what policies they are meant to hold.
Files unclear_files(const PolicySet& set) {
  Files files;
  for (const auto& diagnostic : set.diagnostics()) {
    if (diagnostic.severity == Diagnostic::Severity::kError && diagnostic.subject.empty()) {
      files.insert(diagnostic.file);
    }
  }
  return files;
}

bool is_unclear(std::string_view file, const Files& unclear,
                std::span<const std::string> unreadable) {
  return unclear.contains(file) || std::ranges::any_of(unreadable, [&](const std::string& path) {
           return is_in(file, path);
         });
}

/// True where the documents of `last` go on, as those of `next` are not all there. A rule that is
/// missing may have been what loosened, or what tightened: nothing good can be made of a part.
bool keeps_enforcement(const PolicySet& last, const PolicySet& next, const Files& unclear,
                       std::span<const std::string> unreadable) {
  if (last.enforcement() == nullptr) {
    return false;
  }
  auto lost = [&](const auto& document) { return is_unclear(document.file, unclear, unreadable); };
  return next.enforcement_is_broken() || std::ranges::any_of(last.enforcement()->documents, lost) ||
         std::ranges::any_of(last.enforcement()->exceptions, lost);
}

std::uint64_t fingerprint_of(const EnforcementSet* enforcement) {
  return enforcement == nullptr ? 0 : enforcement->fingerprint;
}

/// Behind the nearest of those before it in `last` that is there.
void insert_in_order(Policies& policies, const Policies& last,
                     const std::shared_ptr<const Policy>& kept) {
  const auto own = std::ranges::find(last, kept);
  std::size_t place = 0;
  for (auto before = own; place == 0 && before != last.begin();) {
    --before;
    const auto found = std::ranges::find_if(
        policies, [&](const auto& policy) { return policy->name == (*before)->name; });
    place = found == policies.end() ? 0 : static_cast<std::size_t>(found - policies.begin()) + 1;
  }
  place = std::min(std::max<std::size_t>(place, 1), policies.size());
  policies.insert(policies.begin() + static_cast<std::ptrdiff_t>(place), kept);
}

/// The same for policies that were not written for us, which have no order among them but their
/// kind's and name's. One with an expression that does not compile is a version that is broken.
void succeed_admission(const PolicySet& last, const PolicySet& next, const Files& unclear,
                       std::span<const std::string> unreadable, Succession& made) {
  auto policies = next.admission_policies();
  bool kept_any = false;
  for (auto& policy : policies) {
    const auto* before = last.find(policy->kind, policy->namespace_name, policy->name);
    if (before == nullptr) {
      made.added.push_back(policy->name);
    } else if (policy->is_broken && !before->is_broken) {
      made.kept.push_back(policy->name);
      policy = *std::ranges::find(last.admission_policies(), before,
                                  &std::shared_ptr<const AdmissionPolicy>::get);
      kept_any = true;
    } else if (before->fingerprint != policy->fingerprint) {
      made.changed.push_back(policy->name);
    }
  }
  for (const auto& policy : last.admission_policies()) {
    if (next.find(policy->kind, policy->namespace_name, policy->name) != nullptr) {
      continue;
    }
    const auto& aside = next.set_aside();
    if (std::ranges::find(aside, policy->name) != aside.end() ||
        is_unclear(policy->file, unclear, unreadable)) {
      made.kept.push_back(policy->name);
      policies.push_back(policy);
      kept_any = true;
    } else {
      made.removed.push_back(policy->name);
    }
  }
  if (kept_any) {
    std::ranges::stable_sort(policies, [](const auto& a, const auto& b) {
      return std::tie(a->kind, a->name) < std::tie(b->kind, b->name);
    });
    made.set = made.set->with(std::move(policies));
  }
}

void sort_all(Succession& succession) {
  for (auto* names :
       {&succession.added, &succession.changed, &succession.removed, &succession.kept}) {
    std::ranges::sort(*names);
  }
}

}  // namespace

Succession succeed(const std::shared_ptr<const PolicySet>& last,
                   const std::shared_ptr<const PolicySet>& next,
                   std::span<const std::string> unreadable) {
  Succession made;
  if (next->empty()) {
    made.set = last->empty() ? next : last;
    for (const auto& policy : last->policies()) {
      made.kept.push_back(policy->name);
    }
    for (const auto& policy : last->admission_policies()) {
      made.kept.push_back(policy->name);
    }
    sort_all(made);
    return made;
  }
  Policies policies = next->policies();
  for (const auto& policy : policies) {
    const Policy* before = last->find(policy->name);
    if (before == nullptr) {
      made.added.push_back(policy->name);
    } else if (before->fingerprint != policy->fingerprint) {
      made.changed.push_back(policy->name);
    }
  }
  const auto unclear = unclear_files(*next);
  for (const auto& policy : last->policies()) {
    if (next->find(policy->name) != nullptr) {
      continue;
    }
    const bool broken =
        std::ranges::find(next->set_aside(), policy->name) != next->set_aside().end() ||
        is_unclear(policy->file, unclear, unreadable);
    if (broken) {
      made.kept.push_back(policy->name);
      insert_in_order(policies, last->policies(), policy);
    } else {
      made.removed.push_back(policy->name);
    }
  }
  made.set = made.kept.empty() ? next : next->with(std::move(policies));
  succeed_admission(*last, *next, unclear, unreadable, made);
  made.enforcement_kept = keeps_enforcement(*last, *next, unclear, unreadable);
  if (made.enforcement_kept) {
    made.set = made.set->with_enforcement_of(*last);
  }
  made.enforcement_changed =
      fingerprint_of(last->enforcement()) != fingerprint_of(made.set->enforcement());
  sort_all(made);
  return made;
}

}  // namespace seaworthy::policy
