#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/policy/exception.h"
#include "seaworthy/policy/policy.h"
#include "seaworthy/policy/subject.h"

namespace seaworthy::policy {

/// Which policies a rule is about; fields that are empty match every policy.
struct PolicyPattern {
  std::vector<std::string> names;  ///< Globs.
  std::vector<Severity> severities;
  std::vector<std::string> categories;

  [[nodiscard]] bool matches(const Policy& policy) const;
  /// True where it is called by its name, or by a glob that says more than `*`.
  [[nodiscard]] bool names_it(const Policy& policy) const;
};

/// A parameter's other value, for the policies of one bundle.
struct ParameterSetting {
  std::string bundle;
  Parameter parameter;
};

struct EnforcementRule {
  PolicyPattern policies;
  NamespacePattern namespaces;
  std::vector<WorkloadPattern> workloads;
  std::vector<std::string> users;   ///< Globs.
  std::vector<std::string> groups;  ///< Globs.
  std::optional<Mode> mode;
  std::optional<RemedyLevel> remedy;
  std::vector<ParameterSetting> parameters;
  std::vector<bool> about;  ///< By EnforcementSet's number of the policy.

  [[nodiscard]] Match matches(const Subject& subject) const;
};

/// A bundle's version, for pins: numbers joined by dots, at most three.
using Version = std::array<std::uint32_t, 3>;
/// Nothing where `text` is no version.
std::optional<Version> parse_version(std::string_view text);

/// `kind: Enforcement`: where policies bite, and how hard.
struct Enforcement {
  std::string name;
  std::int64_t priority = 0;
  std::optional<Version> pin;  ///< Policies that came later only audit, where a rule matches.
  std::vector<EnforcementRule> rules;
  std::string file;
  SourcePosition position;
};

/// What the documents say of one policy and one object; what is not set is left to the flags.
struct Ruling {
  std::optional<Mode> mode;
  Mode ceiling = Mode::kDeny;  ///< Of the flags' mode, where `mode` is not set: a pin.
  bool named = false;          ///< The rule that gave the mode names the policy.
  std::optional<RemedyLevel> remedy;
  std::vector<const Parameter*> parameters;  ///< One for each name that is set.
};

/// All Enforcement and PolicyException documents of a load. Immutable, shared by threads.
struct EnforcementSet {
  std::vector<Enforcement> documents;       ///< Highest priority first, then by name.
  std::vector<PolicyException> exceptions;  ///< By name.

  struct Numbered {
    std::size_t number = 0;               ///< Of EnforcementRule::about.
    std::vector<std::string_view> reads;  ///< Names of parameters; of others no value is set.
  };

  /// Those that were loaded with it; another's rules are found by its name, each time.
  std::unordered_map<const Policy*, Numbered> policies;
  std::uint64_t fingerprint = 0;       ///< Of what the documents say.
  std::shared_ptr<const Arena> arena;  ///< Holds the values of parameters.
};

/// The rules that match one request, for any of its policies. Rule: DESIGN section 4, Enforcement.
/// Lifetime: the set.
class RequestRules {
 public:
  RequestRules(const EnforcementSet& set, const Subject& subject);

  [[nodiscard]] Ruling ruling_of(const Policy& policy) const;

 private:
  struct Candidate {
    const EnforcementRule* rule = nullptr;
    Match match = Match::kNo;
  };

  struct Document {
    const Enforcement* document = nullptr;
    std::vector<Candidate> rules;  ///< Those that match, or may.
  };

  static void add_document(const Document& document, const Policy& policy,
                           const EnforcementSet::Numbered* numbered, Ruling& of_level,
                           bool& pinned);

  const EnforcementSet* set_;
  std::vector<Document> documents_;
};

}  // namespace seaworthy::policy
