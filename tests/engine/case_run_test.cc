#include "seaworthy/engine/case_run.h"

#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/engine/coverage.h"

namespace seaworthy::engine {
namespace {

/// What came of the only case of a suite over the fixture's bundle: "passed", or the failures.
std::string run(const std::string& fields, const std::string& spec = "",
                const policy::PolicySet& set = *testing::bundle_policies()) {
  const auto read = policy::read_test_suites(
      "apiVersion: seaworthy.dev/v1\nkind: PolicyTest\nmetadata: {name: t}\nspec: {" + spec +
          "cases: [{name: c, " + fields + "}]}\n",
      "t.yaml");
  for (const auto& diagnostic : read.diagnostics) {
    ADD_FAILURE() << render(diagnostic);
  }
  const auto& suite = read.value->front();
  std::vector<Diagnostic> diagnostics;
  const auto enforcement = policy::enforcement_of(suite, suite.cases[0], set, diagnostics);
  for (const auto& diagnostic : diagnostics) {
    EXPECT_NE(diagnostic.severity, Diagnostic::Severity::kError) << render(diagnostic);
  }
  const auto result = run_case(suite, suite.cases[0], set, enforcement.get(),
                               std::chrono::sys_days{std::chrono::year{2026} / 6 / 1});
  EXPECT_TRUE(result.can_run || !result.failures.empty());
  std::string seen;
  for (const auto& [policy, verdict] : result.confirmed) {
    seen += policy + " " + std::string(policy::word_of(verdict)) + "; ";
  }
  return result.failures.empty() ? seen + "passed" : join(result.failures, "\n");
}

/// A Pod whose only container lacks all that rules ask for.
constexpr const char* kBare =
    "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: x}]}}";
constexpr const char* kBareReview =
    "{uid: u, kind: {group: '', version: v1, kind: Pod}, resource: {group: '', version: v1, "
    "resource: pods}, name: p, namespace: shop, operation: CREATE, object: {apiVersion: v1, kind: "
    "Pod, metadata: {name: p}, spec: {containers: [{name: a, image: x}]}}}";

std::string object(const std::string& rest) {
  return std::string("object: ") + kBare + ", " + rest;
}

std::string deployment(const std::string& image, int replicas) {
  return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {replicas: " +
         std::to_string(replicas) +
         ", template: {spec: {hostNetwork: true, containers: [{name: a, image: '" + image +
         "', securityContext: {flag: true}, resources: {limits: {cpu: 1}}}]}}}}";
}

std::string exception(const std::string& expires) {
  return "exceptions: [{metadata: {name: x}, spec: {policies: [bounded], owner: o, reason: r, "
         "expires: '" +
         expires + "'}}], ";
}

struct Case {
  std::string fields;
  std::string result;
  std::string spec = "";
};

class CaseRunTest : public ::testing::TestWithParam<Case> {};

TEST_P(CaseRunTest, ComesTo) {
  EXPECT_EQ(run(GetParam().fields, GetParam().spec), GetParam().result) << GetParam().fields;
}

INSTANTIATE_TEST_SUITE_P(
    Verdicts, CaseRunTest,
    ::testing::Values(
        Case{object("expect: {flag: mend, bounded: mend, no-host-network: allow, tagged: warn}"),
             "flag mend; bounded mend; no-host-network allow; tagged warn; passed"},
        Case{object("expect: {flag: deny}"),
             "flag: expected deny, got mend: spec.containers[0]: container a has no flag"},
        Case{object("settings: {remedy: suggest}, expect: {flag: deny, bounded: deny}"),
             "flag deny; bounded deny; passed"},
        Case{object("settings: {remedy: safe}, expect: {flag: mend, bounded: deny}"),
             "flag mend; bounded deny; passed"},
        Case{object("settings: {mode: audit, remedy: suggest}, expect: {flag: audit, tagged: "
                    "audit, no-host-network: allow}"),
             "flag audit; tagged audit; no-host-network allow; passed"},
        Case{object("settings: {remedy: suggest}, expect: {flag: deny, bounded: warn}"),
             "flag deny; bounded warn; passed", "settings: {denyFrom: high}, "},
        Case{object("settings: {mode: 'off'}, expect: {flag: skip, no-host-network: skip}"),
             "flag skip; no-host-network skip; passed"},
        Case{object("expect: {tagged: warn, '*': allow}"),
             "flag: expected allow (of every policy that is not named), got mend: "
             "spec.containers[0]: container a has no flag\n"
             "bounded: expected allow (of every policy that is not named), got mend: "
             "spec.containers[0]: container a is not bounded"},
        Case{object("expect: {flag: mend, bounded: mend, tagged: warn, '*': allow}"),
             "flag mend; bounded mend; tagged warn; no-host-network allow; passed"},
        // Where, and in which words.
        Case{object("expect: {flag: {verdict: mend, path: 'spec.containers[0]', message: has no}}"),
             "flag mend; passed"},
        Case{object("expect: {flag: {verdict: mend, path: 'spec.containers[1]', message: has no}}"),
             "flag: no violation at spec.containers[1] whose message has 'has no': "
             "spec.containers[0]: container a has no flag"},
        Case{object("expect: {flag: {verdict: mend, message: nonsense}}"),
             "flag: no violation whose message has 'nonsense': spec.containers[0]: container a has "
             "no flag"},
        // What cannot run is a failure.
        Case{object("expect: {flags: mend}"),
             "cannot run: no policy is named 'flags'; did you mean 'flag'?"},
        Case{"object: {kind: Pod}, expect: {flag: mend}",
             "cannot run: a manifest needs apiVersion and kind; apiVersion is missing"},
        Case{"object: {apiVersion: v1, kind: Pod, metadata: {name: p}}, expect: {flag: deny}",
             "cannot run: spec is missing or not an object"},
        Case{"object: {apiVersion: v1, kind: Service, metadata: {name: s}}, expect: {flag: skip, "
             "'*': allow}",
             "flag skip; passed"}));

INSTANTIATE_TEST_SUITE_P(
    Requests, CaseRunTest,
    ::testing::Values(
        // Nothing that runs changes: reported, not refused.
        Case{"object: " + deployment("x:1", 2) + ", oldObject: " + deployment("x:1", 1) +
                 ", expect: {no-host-network: audit}",
             "no-host-network audit; passed"},
        Case{"object: " + deployment("x:2", 1) + ", oldObject: " + deployment("x:1", 1) +
                 ", expect: {no-host-network: deny, tagged: allow}",
             "no-host-network deny; tagged allow; passed"},
        Case{std::string("oldObject: ") + kBare + ", expect: {flag: skip}", "flag skip; passed"},
        Case{object("operation: CONNECT, expect: {flag: skip}"), "flag skip; passed"},
        Case{object("subresource: status, expect: {flag: skip}"), "flag skip; passed"},
        Case{std::string("review: ") + kBareReview + ", expect: {flag: mend}", "flag mend; passed"},
        Case{std::string(
                 "review: {apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: ") +
                 kBareReview + "}, expect: {flag: mend}",
             "flag mend; passed"},
        Case{"review: {operation: CREATE}, expect: {flag: mend}",
             "cannot run: request.kind.kind is missing"}));

INSTANTIATE_TEST_SUITE_P(
    Enforcement, CaseRunTest,
    ::testing::Values(
        Case{object(exception("2027-01-01T00:00:00Z") + "expect: {bounded: skip, flag: mend}"),
             "bounded skip; flag mend; passed"},
        Case{object(exception("2027-01-01T00:00:00Z") +
                    "now: '2027-01-01T00:00:00Z', expect: {bounded: mend}"),
             "bounded mend; passed"},
        Case{object(exception("2026-01-01T00:00:00Z") +
                    "settings: {remedy: suggest}, expect: {bounded: {verdict: deny, message: "
                    "expired on 2026-01-01}}"),
             "bounded deny; passed"},
        Case{object(exception("2026-01-01T00:00:00Z") + "expect: {bounded: skip}"),
             "bounded skip; passed", "now: '2025-12-31T00:00:00Z', "},
        Case{
            object("namespace: {name: dev}, enforcement: [{kind: Enforcement, metadata: {name: e}, "
                   "spec: {rules: [{namespaces: {names: [dev]}, mode: warn, remedy: suggest}]}}], "
                   "expect: {flag: warn}"),
            "flag warn; passed"},
        // Labels that nobody knows loosen nothing.
        Case{
            object("namespace: {labels: {stage: dev}}, enforcement: [{kind: Enforcement, metadata: "
                   "{name: e}, spec: {rules: [{namespaces: {selector: {matchLabels: {stage: "
                   "dev}}}, mode: 'off'}]}}], expect: {flag: skip}"),
            "flag skip; passed"},
        Case{object("enforcement: [{kind: Enforcement, metadata: {name: e}, spec: {rules: "
                    "[{namespaces: {selector: {matchLabels: {stage: dev}}}, mode: 'off'}]}}], "
                    "expect: {flag: mend}"),
             "flag mend; passed"},
        Case{object("user: {username: jane, groups: [admins]}, enforcement: [{kind: Enforcement, "
                    "metadata: {name: e}, spec: {rules: [{groups: [admins], mode: 'off'}]}}], "
                    "expect: {flag: skip}"),
             "flag skip; passed"}));

INSTANTIATE_TEST_SUITE_P(
    Patches, CaseRunTest,
    ::testing::Values(
        Case{object("settings: {remedy: safe}, patch: [{op: add, path: "
                    "/spec/containers/0/securityContext, value: {}}, {op: add, path: "
                    "/spec/containers/0/securityContext/flag, value: true}]"),
             "passed"},
        Case{object("settings: {remedy: suggest}, patch: []"), "passed"},
        Case{
            object("settings: {remedy: safe}, patch: []"),
            "the patched object differs: spec.containers[0].securityContext: expected nothing, got "
            "{\"flag\":true}"},
        Case{object(
                 "settings: {remedy: safe}, patch: [{op: replace, path: /spec/containers/0/image, "
                 "value: z}]"),
             "the patched object differs: spec.containers[0].image: expected \"z\", got \"x\"; "
             "spec.containers[0].securityContext: expected nothing, got {\"flag\":true}"},
        Case{object("patch: [{op: remove, path: /spec/none}]"),
             "cannot run: patch operation 1, remove /spec/none: it does not exist"},
        Case{
            object("settings: {remedy: safe}, mended: {apiVersion: v1, kind: Pod, metadata: {name: "
                   "p}, spec: {containers: [{name: a, image: x, securityContext: {flag: true}}]}}"),
            "passed"},
        Case{object("settings: {remedy: suggest}, mended: {apiVersion: v1, kind: Pod, metadata: "
                    "{name: p, labels: {a: b}}, spec: {containers: [{name: a, image: x}]}}"),
             "the object in the end differs: metadata.labels: expected {\"a\":\"b\"}, got "
             "nothing"}));

constexpr std::string_view kAdmissionPolicies = R"yaml(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: replicas}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], resources: [deployments], operations: [CREATE]}]
  validations: [{expression: "object.spec.replicas <= int(params.data.most)", message: too many}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: replicas}
spec:
  policyName: replicas
  validationActions: [Deny]
  paramRef: {name: limits, namespace: shop, parameterNotFoundAction: Deny}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: owned}
spec:
  reinvocationPolicy: Never
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], resources: [deployments], operations: [CREATE]}]
  matchConditions: [{name: unowned, expression: "!has(object.metadata.labels)"}]
  mutations:
    - patchType: ApplyConfiguration
      applyConfiguration: {expression: 'Object{metadata: Object.metadata{labels: {"owner": "us"}}}'}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: owned}
spec: {policyName: owned}
)yaml";

TEST(CaseRunTest, JudgesByAdmissionPoliciesToo) {
  const auto set = testing::policies(kAdmissionPolicies);

  struct AdmissionCase {
    std::string metadata;
    std::string rest;
    std::string result;
  };

  const auto limit = [](int most) {
    return "params: [{apiVersion: v1, kind: ConfigMap, metadata: {name: limits, namespace: shop}, "
           "data: {most: '" +
           std::to_string(most) + "'}}], ";
  };
  const std::vector<AdmissionCase> cases{
      {"", limit(2) + "expect: {replicas: {verdict: deny, message: too many}}",
       "replicas deny; passed"},
      {"", limit(3) + "expect: {replicas: allow, owned: mend}",
       "replicas allow; owned mend; passed"},
      {"", limit(3) + "expect: {replicas: deny}", "replicas: expected deny, got allow"},
      {"", "expect: {replicas: error}", "replicas error; passed"},
      {"labels: {a: b}", limit(3) + "expect: {owned: skip, '*': allow}, patch: []",
       "owned skip; replicas allow; passed"},
      {"", limit(3) + "patch: [{op: add, path: /metadata/labels, value: {owner: us}}]", "passed"},
      {"", "expect: {replica: deny}",
       "cannot run: no policy is named 'replica'; did you mean 'replicas'?"},
  };
  for (const auto& [metadata, rest, expected] : cases) {
    EXPECT_EQ(run("object: {apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: "
                  "shop, " +
                      metadata +
                      "}, spec: {replicas: 3, template: {spec: {containers: [{name: a, image: "
                      "x}]}}}}, " +
                      rest,
                  "", *set),
              expected)
        << rest;
  }
}

TEST(CaseRunTest, DoesNotRunWithAFault) {
  policy::TestSuite suite;
  policy::TestCase test;
  test.fault = "spec.cases[0].expect is missing";
  const auto result = run_case(suite, test, *testing::bundle_policies(), nullptr, {});
  EXPECT_FALSE(result.can_run);
  EXPECT_EQ(result.failures,
            std::vector<std::string>{"cannot run: spec.cases[0].expect is missing"});
}

TEST(CoverageTest, WantsBothAPassAndAFailure) {
  using policy::Expectation;
  Coverage coverage;
  for (const auto verdict : {Expectation::kAllow, Expectation::kSkip, Expectation::kError}) {
    coverage.add("passes", verdict);
  }
  for (const auto verdict :
       {Expectation::kDeny, Expectation::kWarn, Expectation::kMend, Expectation::kAudit}) {
    const std::string name(policy::word_of(verdict));
    coverage.add(name, verdict);
    coverage.add("both", verdict);
  }
  coverage.add("both", Expectation::kAllow);
  const std::vector<std::string> names{"both", "passes", "deny", "warn", "mend", "audit", "none"};
  EXPECT_EQ(coverage.gaps(names), (std::vector<Coverage::Gap>{{"passes", true, false},
                                                              {"deny", false, true},
                                                              {"warn", false, true},
                                                              {"mend", false, true},
                                                              {"audit", false, true},
                                                              {"none", false, false}}));
}

}  // namespace
}  // namespace seaworthy::engine
