// PolicyException documents: what is read, what is refused, and which images a pattern means.
#include "seaworthy/policy/exception.h"

#include <gtest/gtest.h>

#include "policy/exception_reader.h"
#include "seaworthy/base/text.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::policy {
namespace {

constexpr std::string_view kBundle = R"yaml(apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: test}
spec:
  policies:
    - {name: no-root, require: "true", message: m}
)yaml";
constexpr std::chrono::sys_seconds kNow{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

std::shared_ptr<const PolicySet> load(const std::string& text) {
  return load_policies({{"p.yaml", std::string(kBundle)}, {"x.yaml", text}},
                       {.parameters = {}, .now = kNow});
}

std::string diagnostics_of(const PolicySet& set) {
  std::vector<std::string> texts;
  for (auto diagnostic : set.diagnostics()) {
    diagnostic.source_line.clear();
    texts.push_back(render(diagnostic));
  }
  return join(texts, "\n");
}

/// An exception with these fields beside the required ones; `spec` begins in line 4.
std::string document(const std::string& fields, const std::string& rest =
                                                    "owner: team-a, reason: old, "
                                                    "expires: '2027-01-31T00:00:00Z'") {
  return "apiVersion: seaworthy.dev/v1\nkind: PolicyException\nmetadata: {name: x}\nspec: {" +
         fields + (fields.empty() || rest.empty() ? "" : ", ") + rest + "}\n";
}

TEST(ExceptionTest, ReadsACompleteDocument) {
  const auto set = load(R"yaml(apiVersion: seaworthy.dev/v1
kind: PolicyException
metadata: {name: legacy}
spec:
  policies: [no-root]
  namespaces: [legacy, "old-*"]
  workloads: []
  containers: [app]
  images: [registry.example.com/team]
  owner: " team-a "
  reason: |
    it is old
  expires: 2027-01-31T00:00:00Z
)yaml");
  ASSERT_EQ(diagnostics_of(*set), "");
  ASSERT_NE(set->enforcement(), nullptr);
  ASSERT_EQ(set->enforcement()->exceptions.size(), 1U);
  const PolicyException& exception = set->enforcement()->exceptions.front();
  EXPECT_EQ(exception.name, "legacy");
  EXPECT_EQ(exception.owner, "team-a");
  EXPECT_EQ(exception.reason, "it is old");
  EXPECT_EQ(exception.expiry_date(), "2027-01-31");
  EXPECT_EQ(exception.namespaces, (std::vector<std::string>{"legacy", "old-*"}));
  EXPECT_FALSE(exception.expired(exception.expires - std::chrono::seconds(1)));
  EXPECT_TRUE(exception.expired(exception.expires));
  policy::PolicyException late;  // later than nanoseconds can count
  late.expires = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};
  EXPECT_FALSE(late.expired(exception.expires));
}

struct Case {
  std::string document;
  std::string diagnostics;
};

TEST(ExceptionTest, SaysWhatIsWrong) {
  const std::vector<Case> cases{
      {document("policies: [no-root]", ""),
       "x.yaml:4:7: error: spec.owner is missing\n"
       "x.yaml:4:7: error: spec.reason is missing\n"
       "x.yaml:4:7: error: spec.expires is missing"},
      {document("policies: [no-root]", "owner: ' ', reason: r, expires: '2027-01-31T00:00:00Z'"),
       "x.yaml:4:36: error: spec.owner must not be empty"},
      {document(""), "x.yaml:4:7: error: spec.policies is missing"},
      {document("policies: []"), "x.yaml:4:18: error: spec.policies must name a policy"},
      {document("policies: [no-root]", "owner: o, reason: r, expires: 2027-01-31"),
       "x.yaml:4:59: error: spec.expires must be a time such as 2027-01-31T00:00:00Z, not "
       "'2027-01-31'"},
      {document("policies: [no-root], containers: [app]"),
       "x.yaml:4:41: error: spec.containers needs spec.images beside it: anybody may give a "
       "container that name"},
      {document("policies: [no-root], containers: [app], images: []"),
       "x.yaml:4:56: error: spec.images must not be empty where spec.containers is given: anybody "
       "may give a container that name"},
      {document("policies: [no-root], images: ['registry.example.com/*']"),
       "x.yaml:4:38: error: spec.images: 'registry.example.com/*' is no image; write a repository "
       "(registry.example.com/team, which takes in all below it), one with a tag or digest, or a "
       "whole registry (registry.example.com/)"},
      {document("policies: [no-root], image: [nginx]"),
       "x.yaml:4:29: error: unknown field 'spec.image'; did you mean 'images'?"},
  };
  for (const auto& each : cases) {
    const auto set = load(each.document);
    EXPECT_EQ(diagnostics_of(*set), each.diagnostics) << each.document;
    EXPECT_EQ(set->enforcement(), nullptr) << each.document;
  }
}

TEST(ExceptionTest, WarnsOfWhatIsWiderOrNarrowerThanItLooks) {
  const std::vector<Case> cases{
      {document("policies: [no-root], workloads: [{kind: Deployment, name: web}]"),
       "x.yaml:4:40: warning: exception 'x' is as wide as the creation of Pods in its namespaces: "
       "whoever may create a Pod there may name any workload as its owner"},
      {document("policies: [no-root]", "owner: o, reason: r, expires: '2026-05-31T23:59:59Z'"),
       "x.yaml:4:59: warning: exception 'x' of o expired on 2026-05-31: it excuses nothing"},
      {document("policies: [no-rot]"),
       "x.yaml:4:19: warning: spec.policies: no policy is called 'no-rot'; did you mean "
       "'no-root'?"},
  };
  for (const auto& each : cases) {
    const auto set = load(each.document);
    EXPECT_EQ(diagnostics_of(*set), each.diagnostics) << each.document;
    EXPECT_NE(set->enforcement(), nullptr) << each.document;
  }
}

TEST(ExceptionTest, SetsAsideBothOfOneName) {
  const auto set = load(document("policies: [no-root]") + "---\n" +
                        document("policies: ['*'], namespaces: [a]"));
  EXPECT_EQ(diagnostics_of(*set),
            "x.yaml:3:11: error: PolicyException 'x' is there 2 times, also in x.yaml:8; all are "
            "set aside\n"
            "x.yaml:8:11: error: PolicyException 'x' is there 2 times, also in x.yaml:3; all are "
            "set aside");
  EXPECT_EQ(set->enforcement(), nullptr);
}

struct ImageCase {
  std::string_view pattern;
  std::string_view image;
  bool matches;
};

TEST(ExceptionTest, MatchesImagesAtBoundariesOnly) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const std::string other = "sha256:" + std::string(64, 'b');
  const std::string pinned = "registry.example.com/team/app@" + digest;
  const std::string both = "registry.example.com/team/app:1.0@" + other;
  const std::vector<ImageCase> cases{
      {"registry.example.com/team", "registry.example.com/team", true},
      {"registry.example.com/team", "registry.example.com/team/app:1.0", true},
      {"registry.example.com/team", "registry.example.com/team/deep/app", true},
      {"registry.example.com/team", "registry.example.com/teamwork/x", false},
      {"registry.example.com/team", "registry.example.com.evil.io/team/x", false},
      {"registry.example.com/team", "evil.io/registry.example.com/team", false},
      {"registry.example.com/team", "registry.example.com:5000/team/x", false},
      {"registry.example.com/", "registry.example.com/any/thing", true},
      {"registry.example.com/", "registry.example.com.evil.io/any", false},
      {"registry.example.com/", "docker.io/registry.example.com/any", false},
      {"localhost:5000/", "localhost:5000/x", true},
      {"nginx", "docker.io/library/nginx:1.25", true},
      {"nginx", "index.docker.io/library/nginx", true},
      {"nginx", "nginx-evil", false},
      {"docker.io/", "team/app", true},
      {"docker.io/team/", "team/app", true},
      {"docker.io/team/", "teamwork/app", false},
      {"registry.example.com/team/app:1.0", "registry.example.com/team/app:1.0", true},
      {"registry.example.com/team/app:1.0", "registry.example.com/team/app:1.0.1", false},
      {"registry.example.com/team/app:1.0", "registry.example.com/team/app", false},
      {"registry.example.com/team/app:1.0", "registry.example.com/team/app/x:1.0", false},
      {"registry.example.com/team/app:1.0", both, false},
      {pinned, pinned, true},
      {pinned, "registry.example.com/team/app:1.0", false},
      {pinned, both, false},
  };
  for (const auto& each : cases) {
    const auto pattern = parse_image_pattern(each.pattern);
    const auto reference = image::parse_reference(each.image);
    ASSERT_TRUE(pattern) << each.pattern;
    ASSERT_TRUE(reference) << each.image;
    EXPECT_EQ(pattern->matches(*reference), each.matches) << each.pattern << " " << each.image;
  }
  for (const auto* text : {"", "/", "*", "registry.example.com", "registry.example.com:5000",
                           "Registry.Example.Com/Team", "a b", "https://registry.example.com/x"}) {
    EXPECT_FALSE(parse_image_pattern(text)) << text;
  }
}

TEST(ExceptionTest, ReadsTimes) {
  using std::chrono::seconds;
  const std::vector<std::pair<std::string_view, std::int64_t>> times{
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T01:00:00+01:00", 0},
      {"1969-12-31T19:00:00.25-05:00", 0},
      {"2027-01-31T12:30:15Z", 1801398615},
  };
  for (const auto& [text, since_epoch] : times) {
    EXPECT_EQ(parse_time(text), std::chrono::sys_seconds(seconds(since_epoch))) << text;
  }
  for (const auto* text :
       {"", "2027-01-31", "2027-02-29T00:00:00Z", "2027-01-31T00:00:00", "2027-01-31 00:00:00Z",
        "2027-01-31T24:00:00Z", "2027-01-31T00:00:60Z", "2027-1-31T00:00:00Z",
        "2027-01-31T00:00:00.Z", "2027-01-31T00:00:00+1:00", "2027-01-31T00:00:00Zx",
        "+027-01-31T00:00:00Z"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace seaworthy::policy
