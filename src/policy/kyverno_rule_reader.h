#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/admission_reader.h"
#include "policy/fields.h"
#include "policy/kyverno_autogen.h"
#include "seaworthy/policy/admission_policy.h"

namespace seaworthy::policy {

/// A rule of a ClusterPolicy with validate.cel, before it is compiled for each place.
/// Lifetime: of the document.
struct WrittenRule {
  std::string name;
  const document::Node* rule = nullptr;
  const document::Node* cel = nullptr;
  std::string path;
  std::string message;  ///< validate.message: of expressions without one.
  KyvernoMatch match;
  std::optional<std::vector<ValidationAction>> actions;
  std::shared_ptr<const RuleParams> params;
};

/// What Enforce or Audit leads to, in either spelling; nothing for any other word.
std::optional<std::vector<ValidationAction>> kyverno_actions_of(std::string_view word);

/// `match` and `exclude` of a rule. False where `match` has mistakes; a mistaken filter of
/// `exclude` excludes nothing. Both are reported.
bool read_rule_match(const ReadContext& context, const document::Node& rule,
                     const std::string& path, KyvernoMatch& match);

/// False where the rule is not supported or has mistakes, which is said: it is set aside.
bool read_kyverno_rule(Fields& fields, WrittenRule& rule);

/// Gives the policy the rule as it is run on objects whose Pod is in `place`, which `match`
/// selects. False where it does not compile, which is reported.
bool add_kyverno_rule(const ReadContext& context, const WrittenRule& written, PodPlace place,
                      const KyvernoMatch& match, AdmissionEnvironmentCache& environments,
                      AdmissionPolicy& policy);

}  // namespace seaworthy::policy
