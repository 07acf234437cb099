#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "seaworthy/admission/review.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/base/diagnostic.h"
#include "seaworthy/document/node.h"
#include "seaworthy/document/source.h"
#include "seaworthy/policy/enforcement.h"
#include "seaworthy/policy/policy_set.h"
#include "seaworthy/policy/setting.h"

/// `kind: PolicyTest`: requests, and what policies are to say of them. The tests that a policy
/// carries are policy::PolicyTest; these are of policies as they are used together, with their
/// Enforcement and exceptions. docs/testing-policies.md has the grammar.
namespace seaworthy::policy {

/// What flags say elsewhere, and when it is; absent: the suite's, at last the defaults (deny,
/// apply, medium, the present).
struct CaseSettings {
  std::optional<Mode> mode;
  std::optional<RemedyLevel> remedy;
  std::optional<Severity> deny_from;
  std::optional<std::chrono::sys_seconds> now;
};

/// `expect: {policy: deny}` or `{policy: {verdict: deny, path: …, message: …}}`.
struct ExpectedVerdict {
  std::string policy;  ///< "*": every policy that is not named.
  Expectation verdict = Expectation::kAllow;
  std::string path;     ///< Of a violation; empty: any.
  std::string message;  ///< Part of the same violation's; empty: any.
  SourcePosition position;
};

/// What is known of the namespace.
struct CaseNamespace {
  std::string name;  ///< Empty: the object's.
  document::Node labels;
};

/// A document in a case: an Enforcement or a PolicyException.
struct CaseDocument {
  std::string kind;
  const document::Node* metadata = nullptr;
  const document::Node* spec = nullptr;
};

struct TestCase {
  std::string name;
  SourcePosition position;
  document::Node object;  ///< A manifest. Null where there is none.
  document::Node review;  ///< An AdmissionReview, or its request. Null where there is none.
  std::string file;       ///< Instead of both: where it is, from the suite's folder.
  document::Node old_object;
  std::optional<admission::Operation> operation;
  std::string sub_resource;
  std::optional<CaseNamespace> in_namespace;  ///< Absent: only its name is known.
  document::Node user;                        ///< UserInfo. Null: nobody.
  CaseSettings settings;
  const document::Node* parameters = nullptr;  ///< The case's own. Null where there are none.
  std::vector<document::Node> objects;         ///< What bindings may take as params.
  std::vector<CaseDocument> documents;
  std::vector<ExpectedVerdict> expect;
  const document::Node* patch = nullptr;   ///< JSON patch; null: not asked.
  const document::Node* mended = nullptr;  ///< The whole object; null: not asked.
  std::string fault;                       ///< Why it cannot run; empty: it can.
};

/// One PolicyTest document. Its cases lie in its arena.
struct TestSuite {
  std::string name;
  std::string file;
  SourcePosition position;
  std::vector<std::string> policies;     ///< Paths from the suite's folder; none: the command's.
  std::vector<std::string> enforcement;  ///< Likewise.
  CaseSettings settings;
  const document::Node* parameters = nullptr;
  std::vector<TestCase> cases;

  std::shared_ptr<const document::SourceDocument> source;
  std::shared_ptr<const std::string> text;  ///< Of the file.
  std::shared_ptr<Arena> arena;
};

/// The PolicyTest documents of a file; those of other kinds are left out. Unknown fields and values
/// of the wrong kind are mistakes; a case that has one is kept, with its `fault`.
Parsed<std::vector<TestSuite>> read_test_suites(std::string_view text, std::string_view file);

/// What decides where and how hard policies bite in a case: the set's own documents, the case's,
/// and above all of them its parameters. Null where the case says nothing of its own: the set's
/// hold. Mistakes are reported, and make the answer incomplete. Lifetime: the suite's and the
/// set's.
std::shared_ptr<const EnforcementSet> enforcement_of(const TestSuite& suite, const TestCase& test,
                                                     const PolicySet& set,
                                                     std::vector<Diagnostic>& diagnostics);

}  // namespace seaworthy::policy
