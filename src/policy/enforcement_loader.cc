#include "policy/enforcement_loader.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include "policy/exception_reader.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/document/json.h"
#include "seaworthy/policy/parameter_use.h"

namespace seaworthy::policy {
namespace {

using document::Node;

constexpr std::string_view kEnforcement = "Enforcement";
constexpr std::string_view kException = "PolicyException";

/// How many errors there are, to tell whether reading a document brought one.
std::ptrdiff_t count_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::ranges::count(diagnostics, Diagnostic::Severity::kError, &Diagnostic::severity);
}

/// Which policies each rule is about, once and for all requests.
void number_policies(std::span<const std::shared_ptr<Policy>> policies, EnforcementSet& set) {
  for (const auto& policy : policies) {
    set.policies.emplace(policy.get(), EnforcementSet::Numbered{.number = set.policies.size(),
                                                                .reads = parameters_read(*policy)});
  }
  for (auto& document : set.documents) {
    for (auto& rule : document.rules) {
      rule.about.reserve(policies.size());
      for (const auto& policy : policies) {
        rule.about.push_back(rule.policies.matches(*policy));
      }
    }
  }
}

}  // namespace

bool EnforcementLoader::is_kind(std::string_view kind) {
  return kind == kEnforcement || kind == kException;
}

void EnforcementLoader::add(const ReadContext& context, std::string_view kind, const Node& metadata,
                            const Node& spec) {
  documents_.push_back({.context = context,
                        .is_exception = kind == kException,
                        .metadata = &metadata,
                        .spec = &spec,
                        .twice = false});
  // What is wrong in it is not wrong with a policy of the same file.
  documents_.back().context.subject = fmt::format("{} {}", kind, metadata["name"].as_string());
}

void EnforcementLoader::report_duplicates() {
  std::map<std::pair<bool, std::string_view>, std::vector<Document*>> by_name;
  for (auto& document : documents_) {
    const auto name = (*document.metadata)["name"].as_string();
    if (!name.empty()) {
      by_name[{document.is_exception, name}].push_back(&document);
    }
  }
  for (const auto& [key, documents] : by_name) {
    for (std::size_t at = 0; documents.size() > 1 && at < documents.size(); ++at) {
      auto& document = *documents[at];
      document.twice = true;
      const auto& other = *documents[at == 0 ? 1 : 0];
      document.context.error(
          *document.metadata,
          fmt::format("{} '{}' is there {} times, also in {}:{}; all are set aside",
                      key.first ? kException : kEnforcement, key.second, documents.size(),
                      other.context.file, other.context.source->position_of(*other.metadata).line));
    }
  }
}

void EnforcementLoader::read(const Document& document, const KnownNames& known,
                             const Loaded& loaded, EnforcementSet& set) {
  const ReadContext& context = document.context;
  const auto before = count_errors(*context.diagnostics);
  if (document.is_exception) {
    auto exception = read_exception(context, *document.metadata, *document.spec, known, loaded.now);
    if (set.exceptions.size() >= limits::kPolicyExceptionsMax) {
      context.error(*document.spec,
                    fmt::format("more than {} PolicyExceptions", limits::kPolicyExceptionsMax));
    }
    if (count_errors(*context.diagnostics) == before && !document.twice) {
      set.exceptions.push_back(std::move(exception));
    } else {
      broken_ = true;
    }
    return;
  }
  auto enforcement =
      read_enforcement(context, *document.metadata, *document.spec, known, loaded.parameters);
  std::size_t rules = enforcement.rules.size();
  for (const auto& each : set.documents) {
    rules += each.rules.size();
  }
  if (set.documents.size() >= limits::kEnforcementsMax || rules > limits::kEnforcementRulesMax) {
    context.error(*document.spec,
                  fmt::format("more than {} Enforcements or {} rules in them",
                              limits::kEnforcementsMax, limits::kEnforcementRulesMax));
  }
  if (count_errors(*context.diagnostics) == before && !document.twice) {
    set.documents.push_back(std::move(enforcement));
  } else {
    broken_ = true;
  }
}

std::shared_ptr<const EnforcementSet> EnforcementLoader::finish(const Loaded& loaded) {
  auto set = std::make_shared<EnforcementSet>();
  KnownNames known;
  for (const auto& policy : loaded.policies) {
    known.policies.emplace_back(policy->name);
  }
  known.policies.insert(known.policies.end(), loaded.others.begin(), loaded.others.end());
  report_duplicates();
  std::string text;
  for (const auto& document : documents_) {
    read(document, known, loaded, *set);
    text += document.context.subject + document::print_json(*document.spec) + "\n";
  }
  if (set->documents.empty() && set->exceptions.empty()) {
    return nullptr;
  }
  std::ranges::sort(set->documents, [](const Enforcement& a, const Enforcement& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.name < b.name;
  });
  std::ranges::sort(set->exceptions, {}, &PolicyException::name);
  number_policies(loaded.policies, *set);
  set->fingerprint = std::hash<std::string>{}(text);
  set->arena = loaded.arena;
  return set;
}

}  // namespace seaworthy::policy
