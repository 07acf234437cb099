#include "seaworthy/policy/test_suite.h"

#include <gtest/gtest.h>

#include "seaworthy/base/text.h"

namespace seaworthy::policy {
namespace {

constexpr std::string_view kHead =
    "apiVersion: seaworthy.dev/v1\nkind: PolicyTest\nmetadata: {name: t}\n";

/// A document whose only case, on line 6, is `test`.
std::string with_case(const std::string& test) {
  return std::string(kHead) + "spec:\n  cases:\n    - " + test + "\n";
}

std::string messages(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const auto& each : diagnostics) {
    text += std::to_string(each.position.line) + ":" + std::to_string(each.position.column) + ": " +
            each.message + "\n";
  }
  return text;
}

TEST(ReadTestSuitesTest, ReadsEverythingThatMayStandThere) {
  const auto read = read_test_suites(R"yaml(
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
---
apiVersion: seaworthy.dev/v1
kind: PolicyTest
metadata: {name: harbour, labels: {team: a}}
spec:
  policies: [../policies, more.yaml]
  enforcement: [../enforcement]
  params: {max: 3}
  settings: {mode: warn, remedy: safe, denyFrom: high}
  now: "2027-01-31T00:00:00Z"
  cases:
    - name: whole
      object: {kind: Pod}
      oldObject: {kind: Pod}
      operation: UPDATE
      subresource: resize
      namespace: {name: shop, labels: {team: a}}
      user: {username: jane, uid: "1", groups: [dev], extra: {a: [b]}}
      params: {max: 4}
      settings: {mode: audit}
      now: "2028-01-31T00:00:00Z"
      enforcement: [{kind: Enforcement, metadata: {name: e}, spec: {rules: []}}]
      exceptions: [{metadata: {name: x}, spec: {policies: [p]}}]
      expect: {p: deny, q: {verdict: mend, path: spec, message: wrong}, "*": allow}
      patch: [{op: remove, path: /a}]
      mended: {kind: Pod}
    - {name: from a file, file: pod.yaml, expect: {p: audit}}
    - {name: a review, review: {operation: CREATE}, expect: {p: skip}}
    - {name: deleted, oldObject: {kind: Pod}, expect: {p: error}}
)yaml",
                                     "dir/t.yaml");
  EXPECT_EQ(messages(read.diagnostics), "");
  ASSERT_EQ(read.value->size(), 1U);
  const auto& suite = read.value->front();
  EXPECT_EQ(suite.name, "harbour");
  EXPECT_EQ(suite.file, "dir/t.yaml");
  EXPECT_EQ(suite.position.line, 6U);
  EXPECT_EQ(suite.policies, (std::vector<std::string>{"../policies", "more.yaml"}));
  EXPECT_EQ(suite.enforcement, std::vector<std::string>{"../enforcement"});
  EXPECT_EQ(suite.settings.mode, Mode::kWarn);
  EXPECT_EQ(suite.settings.remedy, RemedyLevel::kSafe);
  EXPECT_EQ(suite.settings.deny_from, Severity::kHigh);
  ASSERT_EQ(suite.cases.size(), 4U);
  const auto& test = suite.cases[0];
  EXPECT_EQ(test.name, "whole");
  EXPECT_EQ(test.position.line, 16U);
  EXPECT_EQ(test.operation, admission::Operation::kUpdate);
  EXPECT_EQ(test.sub_resource, "resize");
  EXPECT_EQ(test.in_namespace->name, "shop");
  EXPECT_EQ(test.in_namespace->labels["team"].as_string(), "a");
  EXPECT_EQ(test.user["username"].as_string(), "jane");
  EXPECT_EQ(test.settings.mode, Mode::kAudit);
  EXPECT_EQ(test.settings.remedy, std::nullopt);
  EXPECT_EQ(*test.settings.now - *suite.settings.now, std::chrono::days(365));
  ASSERT_EQ(test.documents.size(), 2U);
  EXPECT_EQ(test.documents[1].kind, "PolicyException");
  ASSERT_EQ(test.expect.size(), 3U);
  EXPECT_EQ(test.expect[0].verdict, Expectation::kDeny);
  EXPECT_EQ(test.expect[1].message, "wrong");
  EXPECT_EQ(test.expect[2].policy, "*");
  EXPECT_EQ(test.patch->size(), 1U);
  EXPECT_TRUE(test.mended->is_map());
  EXPECT_EQ(suite.cases[1].file, "pod.yaml");
  EXPECT_EQ(suite.cases[1].expect[0].verdict, Expectation::kAudit);
  EXPECT_TRUE(suite.cases[2].review.is_map());
  EXPECT_TRUE(suite.cases[3].object.is_null());
}

struct Mistake {
  std::string text;
  std::string messages;
};

class MistakeTest : public ::testing::TestWithParam<Mistake> {};

TEST_P(MistakeTest, IsToldWithItsPlace) {
  const auto read = read_test_suites(GetParam().text, "t.yaml");
  EXPECT_EQ(messages(read.diagnostics), GetParam().messages) << GetParam().text;
  for (const auto& suite : *read.value) {
    for (const auto& test : suite.cases) {
      EXPECT_NE(test.fault, "") << GetParam().text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, MistakeTest,
    ::testing::Values(
        Mistake{std::string(kHead), "1:1: spec is missing\n"},
        Mistake{std::string(kHead) + "spec: {}\n", "4:7: spec.cases is missing\n"},
        Mistake{std::string(kHead) + "spec: {cases: [], policy: []}\n",
                "4:19: unknown field 'spec.policy'; did you mean 'policies'?\n"},
        Mistake{std::string(kHead) + "spec: {cases: [1]}\n", "4:16: spec.cases[0] must be a map\n"},
        Mistake{"a: [1\n", "2:1: not YAML: a '[' before this is not closed by a ']'\n"},
        Mistake{with_case("{name: a, objekt: {}, expect: {p: deny}}"),
                "6:7: spec.cases[0] needs exactly one of object, review, file (or oldObject alone: "
                "what is deleted)\n"
                "6:17: unknown field 'spec.cases[0].objekt'; did you mean 'object'?\n"},
        Mistake{with_case("{name: a, object: {}, file: x, expect: {p: deny}}"),
                "6:7: spec.cases[0] needs exactly one of object, review, file (or oldObject alone: "
                "what is deleted)\n"},
        Mistake{with_case("{object: {}, expect: {p: deny}}"),
                "6:7: spec.cases[0].name is missing\n"},
        Mistake{with_case("{name: a, object: {}}"), "6:7: spec.cases[0].expect is missing\n"},
        Mistake{with_case("{name: a, object: {}, expect: {p: denied}}"),
                "6:41: spec.cases[0].expect.p must be one of allow, warn, deny, mend, skip, error, "
                "audit, not 'denied'\n"},
        Mistake{with_case("{name: a, object: {}, expect: {p: [deny]}}"),
                "6:41: spec.cases[0].expect.p must be one of allow, warn, deny, mend, skip, error, "
                "audit, not 'list'\n"},
        Mistake{with_case("{name: a, object: {}, expect: {p: {path: x, massage: y}}}"),
                "6:41: spec.cases[0].expect.p.verdict is missing\n"
                "6:51: unknown field 'spec.cases[0].expect.p.massage'; did you mean 'message'?\n"},
        Mistake{with_case("{name: a, object: {}, operation: create, expect: {p: deny}}"),
                "6:40: spec.cases[0].operation must be one of CREATE, UPDATE, DELETE, CONNECT, not "
                "'create'\n"},
        Mistake{with_case("{name: a, object: {}, now: tomorrow, expect: {p: deny}}"),
                "6:34: spec.cases[0].now must be a time such as 2027-01-31T00:00:00Z, not "
                "'tomorrow'\n"},
        Mistake{with_case("{name: a, object: {}, settings: {mode: refuse}, expect: {p: deny}}"),
                "6:46: spec.cases[0].settings.mode must be one of off, audit, warn, deny, not "
                "'refuse'\n"},
        Mistake{with_case("{name: a, object: {}, namespace: {labels: {a: 1}}, expect: {p: deny}}"),
                "6:53: spec.cases[0].namespace.labels.a must be a string, not int; write it in "
                "quotes\n"},
        Mistake{with_case("{name: a, object: {}, params: max, expect: {p: deny}}"),
                "6:37: spec.cases[0].params must be a map of parameters or a list of objects, not "
                "string\n"},
        Mistake{with_case("{name: a, object: {}, params: [max], expect: {p: deny}}"),
                "6:38: spec.cases[0].params must hold objects, not string\n"},
        Mistake{with_case("{name: a, object: {}, user: {groups: [x]}, expect: {p: deny}}"),
                "6:35: spec.cases[0].user.username is missing\n"},
        Mistake{
            with_case("{name: a, object: {}, exceptions: [x.yaml], expect: {p: deny}}"),
            "6:42: spec.cases[0].exceptions[0] must be a map: a document as it stands in a file "
            "of its own\n"},
        Mistake{
            with_case("{name: a, object: {}, exceptions: [{kind: Enforcement, metadata: {}, "
                      "spec: {}}], expect: {p: deny}}"),
            "6:49: spec.cases[0].exceptions[0].kind must be PolicyException, not 'Enforcement'\n"},
        Mistake{with_case("{name: a, object: {}, enforcement: [{kind: Enforcement, metadata: {}}], "
                          "expect: {p: deny}}"),
                "6:43: spec.cases[0].enforcement[0].spec is missing\n"},
        Mistake{
            with_case("{name: a, object: {}, enforcement: [{apiVersion: v2, kind: Enforcement, "
                      "metadata: {}, spec: {}}], expect: {p: deny}}"),
            "6:56: spec.cases[0].enforcement[0].apiVersion must be seaworthy.dev/v1, not 'v2'\n"}));

TEST(ReadTestSuitesTest, RefusesTwoCasesOfOneName) {
  const auto read = read_test_suites(
      with_case("{name: a, object: {}, expect: {p: deny}}\n    - {name: a, object: {}, expect: {p: "
                "deny}}"),
      "t.yaml");
  EXPECT_EQ(messages(read.diagnostics), "7:7: two cases are named 'a'\n");
  EXPECT_EQ(read.value->front().cases[0].fault, "");
  EXPECT_EQ(read.value->front().cases[1].fault, "another case has its name");
}

class EnforcementOfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    set_ = load_policies({{"p.yaml",
                           "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: b}\n"
                           "spec: {params: {max: {type: int, default: 1}}, policies: [{name: p, "
                           "require: params.max > 1, message: m}]}\n---\napiVersion: "
                           "seaworthy.dev/v1\nkind: Enforcement\nmetadata: {name: own}\nspec: "
                           "{priority: 5, rules: [{mode: warn}]}\n"}});
    ASSERT_EQ(messages(set_->diagnostics()), "");
  }

  std::shared_ptr<const EnforcementSet> read(const std::string& fields, std::string& told) {
    auto read = read_test_suites(
        with_case("{name: a, object: {}, expect: {p: deny}, " + fields + "}"), "t.yaml");
    EXPECT_EQ(messages(read.diagnostics), "");
    suites_ = std::move(*read.value);
    std::vector<Diagnostic> diagnostics;
    auto made = enforcement_of(suites_[0], suites_[0].cases[0], *set_, diagnostics);
    told = messages(diagnostics);
    return made;
  }

  std::shared_ptr<const PolicySet> set_;
  std::vector<TestSuite> suites_;
};

TEST_F(EnforcementOfTest, PutsTheCaseOnTopOfTheSet) {
  std::string told;
  EXPECT_EQ(read("user: {username: a}", told), nullptr);
  const auto made = read(
      "params: {max: 3}, enforcement: [{kind: Enforcement, metadata: {name: e}, spec: {priority: "
      "9, "
      "rules: [{mode: deny}]}}], exceptions: [{metadata: {name: x}, spec: {policies: [p], owner: "
      "o, "
      "reason: r, expires: \"2020-01-01T00:00:00Z\"}}]",
      told);
  EXPECT_EQ(told, "");
  ASSERT_EQ(made->documents.size(), 3U);
  EXPECT_EQ(made->documents[0].rules[0].parameters[0].parameter.value.as_int(), 3);
  EXPECT_EQ(made->documents[1].name, "e");
  EXPECT_EQ(made->documents[2].name, "own");
  EXPECT_EQ(made->exceptions[0].name, "x");
}

TEST_F(EnforcementOfTest, ReportsMistakesInTheTestsOwnFile) {
  std::string told;
  read("params: {maxx: 3}", told);
  EXPECT_EQ(told, "6:57: params: no bundle declares a parameter 'maxx'; did you mean 'max'?\n");
  read("params: {max: many}", told);
  EXPECT_EQ(told, "6:62: params.max: a int is wanted, not string\n");
  read("exceptions: [{metadata: {name: x}, spec: {policies: [p], ownr: o}}]", told);
  EXPECT_EQ(told,
            "6:89: spec.owner is missing\n6:89: spec.reason is missing\n6:89: spec.expires is "
            "missing\n6:105: unknown field 'spec.ownr'; did you mean 'owner'?\n");
}

}  // namespace
}  // namespace seaworthy::policy
