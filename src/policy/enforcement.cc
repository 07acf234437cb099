// Settings are found one by one: a rule that sets only the remedy leaves the mode to the next rule
// that matches. Documents of one priority are asked side by side, and the stricter answer stands;
// then those of the next lower priority, for what is still open.
#include "seaworthy/policy/enforcement.h"

#include <algorithm>
#include <charconv>

#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

template <class T>
bool empty_or_has(const std::vector<T>& list, const T& item) {
  return list.empty() || std::ranges::find(list, item) != list.end();
}

bool is_newer(const Policy& policy, const std::optional<Version>& pin) {
  const auto since = pin ? parse_version(policy.since) : std::nullopt;
  return since && *since > *pin;
}

void add_parameters(const EnforcementRule& rule, const Policy& policy,
                    const EnforcementSet::Numbered* numbered, Ruling& ruling) {
  for (const auto& setting : rule.parameters) {
    const auto& parameter = setting.parameter;
    const bool unread = numbered != nullptr &&
                        std::ranges::find(numbered->reads, parameter.name) == numbered->reads.end();
    if (setting.bundle != policy.bundle || unread) {
      continue;
    }
    const bool is_set = std::ranges::any_of(
        ruling.parameters, [&](const Parameter* each) { return each->name == parameter.name; });
    if (!is_set) {
      ruling.parameters.push_back(&parameter);
    }
  }
}

/// Gives the level the stricter of two modes; a mode that names the policy stands before one that
/// does not.
void tighten(Ruling& level, Mode mode, bool named) {
  if (!level.mode || mode > *level.mode) {
    level.mode = mode;
    level.named = named;
  } else if (mode == *level.mode) {
    level.named = level.named || named;
  }
}

}  // namespace

bool PolicyPattern::matches(const Policy& policy) const {
  return (names.empty() || matches_any_glob(names, policy.name)) &&
         empty_or_has(severities, policy.severity) && empty_or_has(categories, policy.category);
}

bool PolicyPattern::names_it(const Policy& policy) const {
  return std::ranges::any_of(names, [&](const std::string& glob) {
    return glob.find_first_not_of('*') != std::string::npos && matches_glob(glob, policy.name);
  });
}

Match EnforcementRule::matches(const Subject& subject) const {
  const bool user = users.empty() || matches_any_glob(users, subject.user);
  auto is_group = [&](const std::string& glob) {
    return glob.find_first_not_of('*') == std::string::npos ||
           std::ranges::any_of(subject.groups,
                               [&](std::string_view group) { return matches_glob(glob, group); });
  };
  if (!user || !(groups.empty() || std::ranges::any_of(groups, is_group)) ||
      !matches_workloads(workloads, subject)) {
    return Match::kNo;
  }
  return matches_namespace(namespaces, subject);
}

std::optional<Version> parse_version(std::string_view text) {
  Version version{};
  const auto parts = split(text, '.');
  if (parts.size() > version.size()) {
    return std::nullopt;
  }
  for (std::size_t at = 0; at < parts.size(); ++at) {
    const auto part = parts[at];
    const char* end = part.data() + part.size();
    const auto read = std::from_chars(part.data(), end, version[at]);
    if (read.ec != std::errc{} || read.ptr != end) {
      return std::nullopt;
    }
  }
  return version;
}

RequestRules::RequestRules(const EnforcementSet& set, const Subject& subject) : set_(&set) {
  for (const auto& document : set.documents) {
    Document matching{.document = &document, .rules = {}};
    for (const auto& rule : document.rules) {
      if (const Match match = rule.matches(subject); match != Match::kNo) {
        matching.rules.push_back({&rule, match});
      }
    }
    if (!matching.rules.empty() || document.rules.empty()) {
      documents_.push_back(std::move(matching));
    }
  }
}

void RequestRules::add_document(const Document& document, const Policy& policy,
                                const EnforcementSet::Numbered* numbered, Ruling& of_level,
                                bool& pinned) {
  std::optional<Mode> mode;
  bool named = false;
  std::optional<RemedyLevel> remedy;
  bool is_about = document.document->rules.empty();
  for (const auto& [rule, match] : document.rules) {
    const bool concerns =
        numbered == nullptr ? rule->policies.matches(policy) : rule->about[numbered->number];
    if (!concerns) {
      continue;
    }
    const bool known = match == Match::kYes;
    is_about = is_about || known;
    // What nobody knows must not loosen: of a rule that may match, only `mode: deny` counts.
    if (!mode && rule->mode && (known || rule->mode == Mode::kDeny)) {
      mode = rule->mode;
      named = rule->policies.names_it(policy);
    }
    if (known) {
      remedy = remedy ? remedy : rule->remedy;
      add_parameters(*rule, policy, numbered, of_level);
    }
  }
  const bool newer = is_newer(policy, document.document->pin);
  if (mode) {
    tighten(of_level, newer ? std::min(*mode, Mode::kAudit) : *mode, named);
  }
  if (remedy) {
    of_level.remedy = of_level.remedy ? std::min(*of_level.remedy, *remedy) : *remedy;
  }
  pinned = pinned || (newer && is_about);
}

Ruling RequestRules::ruling_of(const Policy& policy) const {
  Ruling ruling;
  const auto found = set_->policies.find(&policy);
  const auto* numbered = found == set_->policies.end() ? nullptr : &found->second;
  for (std::size_t at = 0; at < documents_.size();) {
    const auto priority = documents_[at].document->priority;
    Ruling level;
    level.parameters = std::move(ruling.parameters);
    bool pinned = false;
    for (; at < documents_.size() && documents_[at].document->priority == priority; ++at) {
      add_document(documents_[at], policy, numbered, level, pinned);
    }
    ruling.parameters = std::move(level.parameters);
    if (!ruling.mode && level.mode) {
      ruling.mode = std::min(*level.mode, ruling.ceiling);
      ruling.named = level.named;
    } else if (pinned) {
      ruling.ceiling = Mode::kAudit;
    }
    ruling.remedy = ruling.remedy ? ruling.remedy : level.remedy;
  }
  return ruling;
}

}  // namespace seaworthy::policy
