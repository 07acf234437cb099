// What a case says of Enforcement, exceptions and parameters, put on top of what the set says. A
// parameter is set as a rule of Enforcement would set it, in a document above all others.
#include <algorithm>
#include <limits>

#include "policy/enforcement_reader.h"
#include "policy/exception_reader.h"
#include "seaworthy/policy/test_suite.h"

namespace seaworthy::policy {
namespace {

using document::Node;

/// The parameters of all bundles of a set.
DeclaredParameters declared_in(const PolicySet& set, const cel::Environment& base) {
  DeclaredParameters declared{.bundles = {}, .base = &base};
  for (const auto& policy : set.policies()) {
    declared.bundles.emplace(policy->bundle, &policy->parameters);
  }
  return declared;
}

/// A document that sets parameters for every policy, above those of lower `priority`.
Enforcement parameters_document(const ReadContext& context, const Node& parameters,
                                const std::string& path, std::int64_t priority,
                                const DeclaredParameters& declared) {
  Enforcement document;
  document.priority = priority;
  document.rules.emplace_back();
  read_parameter_values(context, parameters, path, declared, document.rules.front());
  return document;
}

}  // namespace

std::shared_ptr<const EnforcementSet> enforcement_of(const TestSuite& suite, const TestCase& test,
                                                     const PolicySet& set,
                                                     std::vector<Diagnostic>& diagnostics) {
  if (suite.parameters == nullptr && test.parameters == nullptr && test.documents.empty()) {
    return nullptr;
  }
  auto made = set.enforcement() == nullptr ? std::make_shared<EnforcementSet>()
                                           : std::make_shared<EnforcementSet>(*set.enforcement());
  made->policies.clear();  // rules are found by their names: some are not numbered
  const ReadContext context{.source = suite.source.get(),
                            .text = *suite.text,
                            .file = suite.file,
                            .subject = {},
                            .diagnostics = &diagnostics,
                            .arena = suite.arena.get()};
  const auto base = cel::Environment::kubernetes();
  const auto declared = declared_in(set, base);
  KnownNames known;
  for (const auto& policy : set.policies()) {
    known.policies.emplace_back(policy->name);
  }
  for (const auto& policy : set.admission_policies()) {
    known.policies.emplace_back(policy->name);
  }
  known.policies.insert(known.policies.end(), set.set_aside().begin(), set.set_aside().end());
  for (const auto& document : test.documents) {
    if (document.kind == "Enforcement") {
      made->documents.push_back(
          read_enforcement(context, *document.metadata, *document.spec, known, declared));
    } else {
      // An exception that has expired is what a case may be about: no word of that.
      made->exceptions.push_back(
          read_exception(context, *document.metadata, *document.spec, known, std::nullopt));
    }
  }
  constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();
  if (test.parameters != nullptr) {
    made->documents.push_back(
        parameters_document(context, *test.parameters, "params", kHighest, declared));
  }
  if (suite.parameters != nullptr) {
    made->documents.push_back(
        parameters_document(context, *suite.parameters, "spec.params", kHighest - 1, declared));
  }
  std::ranges::sort(made->documents, [](const Enforcement& a, const Enforcement& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.name < b.name;
  });
  std::ranges::sort(made->exceptions, {}, &PolicyException::name);
  return made;
}

}  // namespace seaworthy::policy
