// `seaworthy check -o …`: where each form points to, and what it says of inputs that cannot be
// read.
#include <set>

#include <gtest/gtest.h>

#include "cli/check.h"
#include "cli/command_run.h"
#include "support/json.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

constexpr const char* kPolicies =
    "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  policies:\n"
    "    - name: plain\n      title: Containers are plain\n      each: container\n"
    "      require: container.?securityContext.?privileged.orValue(false) != true\n"
    "      message: container ${container.name} is privileged\n"
    "    - {name: advice, severity: low, require: has(pod.advice), message: no advice}\n"
    "    - {name: unasked, when: 'false', require: 'true', message: never}\n";
constexpr const char* kBad =
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: bad\nspec:\n  containers:\n    - name: a\n"
    "      securityContext:\n        runAsUser: 1\n        privileged: true\n";

Run check_as(const std::string& output, std::vector<std::string> inputs,
             testing::MemoryFileSystem files = {
                 {"p.yaml", kPolicies}, {"dir/bad.yaml", kBad}, {"broken.yaml", "a: [1\n"}}) {
  CheckOptions options;
  options.policy.policies = {"p.yaml"};
  options.policy.settings.mode = policy::Mode::kDeny;
  options.output = output;
  options.inputs = std::move(inputs);
  return run_command(files, [&](const World& world) { return check(options, world); });
}

TEST(CheckOutputsTest, PointsToTheField) {
  EXPECT_EQ(check_as("text", {"dir"}).out,
            "dir/bad.yaml:5:1: warning: advice (low) Pod default/bad spec\n"
            "    no advice\n"
            "dir/bad.yaml:10:9: denied: plain (medium) Pod default/bad spec.containers[0]\n"
            "    container a is privileged\n"
            "1 resource: 0 pass, 1 fail, 1 warn, 1 skip, 0 error\n");
  EXPECT_EQ(check_as("github", {"dir"}).out,
            "::warning file=dir/bad.yaml,line=5,col=1,title=advice (low)::Pod default/bad spec: no "
            "advice\n"
            "::error file=dir/bad.yaml,line=10,col=9,title=plain (medium)::Pod default/bad "
            "spec.containers[0]: container a is privileged\n"
            "1 resource: 0 pass, 1 fail, 1 warn, 1 skip, 0 error\n");
  EXPECT_EQ(check_as("junit", {"dir"}).out,
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="seaworthy check" tests="3" failures="1" errors="0" skipped="1" time="0.000000">
  <testsuite name="dir/bad.yaml" tests="3" failures="1" errors="0" skipped="1" time="0.000000" timestamp="2026-01-01T00:00:00">
    <testcase classname="Pod default/bad" name="advice" file="dir/bad.yaml" line="5" time="0.000000">
      <system-out>dir/bad.yaml:5:1: warning: spec: no advice
</system-out>
    </testcase>
    <testcase classname="Pod default/bad" name="unasked" file="dir/bad.yaml" line="5" time="0.000000">
      <skipped message="does not apply: `false` is not true"/>
    </testcase>
    <testcase classname="Pod default/bad" name="plain" file="dir/bad.yaml" line="10" time="0.000000">
      <failure type="denied" message="spec.containers[0]: container a is privileged">dir/bad.yaml:10:9: denied: spec.containers[0]: container a is privileged
</failure>
    </testcase>
  </testsuite>
</testsuites>
)");
  Arena arena;
  const auto log = testing::json(check_as("sarif", {"dir"}).out, arena);
  const auto& run = log["runs"].items()[0];
  ASSERT_EQ(run["results"].size(), 2U);
  const auto& result = run["results"].items()[1];
  EXPECT_EQ(result["ruleId"].as_string(), "plain");
  EXPECT_EQ(result["ruleIndex"].as_int(), 0);
  const auto& region = result["locations"].items()[0]["physicalLocation"]["region"];
  EXPECT_EQ(region["startLine"].as_int(), 10);
  EXPECT_EQ(region["startColumn"].as_int(), 9);
  EXPECT_EQ(run["tool"]["driver"]["rules"].items()[0]["shortDescription"]["text"].as_string(),
            "Containers are plain");
  // The JSON report keeps the path's own line.
  const auto json = testing::json(check_as("json", {"dir"}).out, arena);
  EXPECT_EQ(json["results"].items()[2]["line"].as_int(), 7);
  EXPECT_EQ(json["results"].items()[2]["path"].as_string(), "spec.containers[0]");
}

TEST(CheckOutputsTest, PointsToWhatAdmissionPoliciesRead) {
  const std::string policies =
      "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: "
      "{name: few}\nspec:\n  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: "
      "[v1], resources: [deployments], operations: [CREATE]}]}\n  variables: [{name: count, "
      "expression: object.spec.replicas}]\n  validations:\n"
      "    - {expression: \"object.kind != 'Deployment' || variables.count < 3\", message: too "
      "many}\n"
      "    - {expression: \"has(object.metadata.labels) && 'a' in object.metadata.labels\"}\n";
  const std::string deployment =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  replicas: 3\n  "
      "template: {spec: {containers: [{name: a, image: x}]}}\n";
  EXPECT_EQ(check_as("text", {"in.yaml"}, {{"p.yaml", policies}, {"in.yaml", deployment}}).out,
            "in.yaml:6:3: denied: few/0 (medium) Deployment default/d\n"
            "    too many\n"
            "in.yaml:3:1: denied: few/1 (medium) Deployment default/d\n"
            "    failed expression: has(object.metadata.labels) && 'a' in object.metadata.labels\n"
            "1 resource: 0 pass, 2 fail, 0 warn, 0 skip, 0 error\n");
  Arena arena;
  const auto log = testing::json(
      check_as("sarif", {"in.yaml"}, {{"p.yaml", policies}, {"in.yaml", deployment}}).out, arena);
  const auto& run = log["runs"].items()[0];
  EXPECT_EQ(run["tool"]["driver"]["rules"].items()[0]["id"].as_string(), "few");
  std::set<std::string> names;
  for (const auto& result : run["results"].items()) {
    names.insert(std::string(
        result["locations"].items()[0]["logicalLocations"].items()[0]["name"].as_string()));
  }
  EXPECT_EQ(names, (std::set<std::string>{"metadata.labels", "spec.replicas"}));
}

TEST(CheckOutputsTest, TellsOfWhatCannotBeReadOnce) {
  const std::vector<std::string> inputs{"broken.yaml", "absent.yaml", "dir"};
  const std::string absent = "absent.yaml: No such file or directory";
  const std::string broken = "not YAML: a '[' before this is not closed by a ']'";
  for (const auto* output : {"text", "json", "sarif", "junit", "github"}) {
    const auto run = check_as(output, inputs);
    EXPECT_EQ(run.code, ExitCode::kUsage) << output;
    EXPECT_NE(run.out.find("container a is privileged"), std::string::npos) << output;
    EXPECT_EQ(run.err, std::string(output) == "github"
                           ? ""
                           : "seaworthy: " + absent + "\nbroken.yaml:2:1: error: " + broken + "\n")
        << output;
  }
  EXPECT_TRUE(check_as("github", inputs)
                  .out.starts_with("::error title=could not be read::" + absent +
                                   "\n::error file=broken.yaml,line=2,col=1,title=could not be "
                                   "read::" +
                                   broken + "\n"));
  EXPECT_NE(check_as("junit", inputs)
                .out.find(R"(<error type="unreadable" message="absent.yaml: No such file)"),
            std::string::npos);
  Arena arena;
  const auto log = testing::json(check_as("sarif", inputs).out, arena);
  const auto& invocation = log["runs"].items()[0]["invocations"].items()[0];
  EXPECT_FALSE(invocation["executionSuccessful"].as_bool());
  EXPECT_EQ(invocation["toolExecutionNotifications"].size(), 2U);
}

}  // namespace
}  // namespace seaworthy::cli
