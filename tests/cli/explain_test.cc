// `seaworthy explain`: the page, the list, and names that are wrong.
#include "cli/explain.h"

#include <gtest/gtest.h>

#include "cli/command_run.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

constexpr const char* kPolicies = R"yaml(apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: harbour, version: 1.2.0}
spec:
  params:
    maxWait: {type: int, default: 120, description: the longest time to wait}
    floating: {type: list, default: [latest], description: tags that move}
    names: {type: string, default: "", description: not read by any}
  policies:
    - name: short-wait
      title: Pods stop in time
      description: >-
        A Pod that takes long to stop keeps its node from being drained, and whoever waits for the drain waits
        with it.
      category: availability
      since: 1.1.0
      references: ["Guide 1.0, Stopping", "Handbook 2.0"]
      when: "!has(pod.nodeName)"
      require: pod.?wait.orValue(30) <= params.maxWait
      message: "the Pod may take ${pod.wait} s to stop"
      remedy:
        safety: careful
        pod: {wait: "${params.maxWait}"}
        overwrite: [pod.wait]
      tests:
        - {name: the default, pod: {containers: [{name: web}]}, expect: allow}
        - {name: an hour, pod: {wait: 3600, containers: [{name: web}]}, expect: mend}
    - name: tagged
      title: Images have a tag
      severity: low
      each: image
      match: {resourceRules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]}
      variables: [{name: moving, expression: image.tag in params.floating}]
      require: image.tag != '' && !variables.moving
      message: no tag
)yaml";

Run explain_policy(const std::string& name, const std::string& policies = kPolicies,
                   std::vector<std::string> parameters = {}) {
  testing::MemoryFileSystem files{{"p.yaml", policies}};
  ExplainOptions options;
  options.policy.policies = {"p.yaml"};
  options.policy.parameters = std::move(parameters);
  options.name = name;
  return run_command(files, [&](const World& world) { return explain(options, world); });
}

TEST(ExplainTest, TellsAllOfAPolicy) {
  const auto run = explain_policy("short-wait", kPolicies, {"maxWait=60"});
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(run.out, R"(short-wait: Pods stop in time

  severity  medium (mode deny denies it)
  category  availability
  bundle    harbour 1.2.0
  since     1.1.0
  looks at  Pods and Pod templates, on CREATE and UPDATE
  file      p.yaml:10

Why
  A Pod that takes long to stop keeps its node from being drained, and whoever waits for the
  drain waits with it.

How to fix it
  The remedy is careful: it may stop a workload that was wrong about itself; applied under
  --remedy apply.
    pod:
      wait: 60
  It replaces pod.wait.

Parameters
  maxWait (int): 60 (default 120)
    the longest time to wait

Examples
  It does not let pass (an hour):
    wait: 3600
    containers:
    - name: web
  and says: spec: the Pod may take 3600 s to stop
  It lets pass (the default):
    containers:
    - name: web

The rule (CEL)
  where
    !has(pod.nodeName)
  it must be true that
    pod.?wait.orValue(30) <= params.maxWait

References
  - Guide 1.0, Stopping
  - Handbook 2.0
)");
}

TEST(ExplainTest, LeavesOutWhatThereIsNot) {
  EXPECT_EQ(explain_policy("tagged").out, R"(tagged: Images have a tag

  severity  low (advice: warns where others deny)
  bundle    harbour 1.2.0
  looks at  each image of pods on CREATE
  file      p.yaml:28

How to fix it
  There is no remedy that fits every workload: change what the message names.

Parameters
  floating (list): ["latest"] (the default)
    tags that move

The rule (CEL)
  variables.moving =
    image.tag in params.floating
  it must be true that
    image.tag != '' && !variables.moving
)");
}

TEST(ExplainTest, ShowsARemedyAsWrittenWhereNoTestShowsIt) {
  std::string untested(kPolicies);
  const auto from = untested.find("      tests:");
  untested.erase(from, untested.find("    - name: tagged") - from);
  EXPECT_NE(
      explain_policy("short-wait", untested).out.find("    pod:\n      wait: ${params.maxWait}\n"),
      std::string::npos);
}

constexpr const char* kAdmission = R"yaml(apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: few-replicas}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], resources: [deployments], operations: [CREATE, UPDATE]}]
  matchConditions: [{name: counted, expression: has(object.spec.replicas)}]
  variables: [{name: count, expression: object.spec.replicas}]
  validations:
    - {expression: variables.count < 5, message: too many replicas}
    - {expression: variables.count > 0, messageExpression: "'none: ' + string(variables.count)"}
)yaml";

TEST(ExplainTest, TellsOfAdmissionPolicies) {
  const auto run = explain_policy("few-replicas", kAdmission);
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.out, R"(few-replicas

  kind      ValidatingAdmissionPolicy
  severity  medium
  actions   Deny
  file      p.yaml:1

The rule (CEL)
  of deployments on CREATE, UPDATE
  variables.count =
    object.spec.replicas
  where (counted)
    has(object.spec.replicas)
  it must be true that
    variables.count < 5
  or it says: too many replicas
  it must be true that
    variables.count > 0
  or it says
    'none: ' + string(variables.count)
)");
  EXPECT_EQ(explain_policy("", kAdmission).out,
            "few-replicas  medium    ValidatingAdmissionPolicy\n");
  EXPECT_EQ(explain_policy("few", kAdmission).err,
            "seaworthy: no policy is named 'few'; did you mean 'few-replicas'?\n");
}

TEST(ExplainTest, ListsAllByName) {
  const auto run = explain_policy("");
  EXPECT_EQ(run.out,
            "short-wait  medium    Pods stop in time\n"
            "tagged      low       Images have a tag\n");
  EXPECT_EQ(run.code, ExitCode::kOk);
}

TEST(ExplainTest, SuggestsNamesThatMayBeMeant) {
  struct Case {
    std::string name;
    std::string err;
  };

  const std::vector<Case> cases{
      {"tagget", "seaworthy: no policy is named 'tagget'; did you mean 'tagged'?\n"},
      {"wait", "seaworthy: no policy is named 'wait'; did you mean 'short-wait'?\n"},
      {"zzzzzzzzz", "seaworthy: no policy is named 'zzzzzzzzz'; `seaworthy explain` lists all\n"},
  };
  for (const auto& [name, err] : cases) {
    const auto run = explain_policy(name);
    EXPECT_EQ(run.err, err);
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.code, ExitCode::kUsage);
  }
}

TEST(ExplainTest, SaysWhatIsWrongWithPolicies) {
  std::string broken(kPolicies);
  broken.replace(broken.find("require: image"), 14, "requires: image");
  const auto aside = explain_policy("tagged", broken);
  EXPECT_NE(aside.err.find("did you mean 'require'?"), std::string::npos) << aside.err;
  EXPECT_TRUE(aside.err.ends_with("seaworthy: policy 'tagged' is set aside: it has mistakes\n"))
      << aside.err;
  EXPECT_EQ(aside.code, ExitCode::kUsage);
  // The others are there still.
  const auto other = explain_policy("short-wait", broken);
  EXPECT_TRUE(other.out.starts_with("short-wait: ")) << other.out;
  EXPECT_EQ(other.code, ExitCode::kUsage);
}

}  // namespace
}  // namespace seaworthy::cli
