// `seaworthy test` as a whole: files in memory, what is printed, and the exit code.
#include "cli/test.h"

#include <gtest/gtest.h>

#include "cli/command_run.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

constexpr const char* kPolicies =
    "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n"
    "  params: {max: {type: int, default: 5}}\n  policies:\n"
    "    - name: tagged\n      each: image\n      require: image.tag != ''\n      message: no tag\n"
    "      tests:\n"
    "        - {name: has one, pod: {containers: [{name: a, image: 'x:1'}]}, expect: allow}\n"
    "        - {name: has none, pod: {containers: [{name: a, image: x}]}, expect: deny}\n"
    "    - name: short\n      require: pod.?wait.orValue(0) <= params.max\n      message: too "
    "long\n";
constexpr const char* kSuite =
    "apiVersion: seaworthy.dev/v1\nkind: PolicyTest\nmetadata: {name: waits}\nspec:\n"
    "  policies: [../p.yaml]\n  cases:\n"
    "    - {name: short, file: pod.yaml, expect: {short: allow}}\n"
    "    - {name: long, file: pod.yaml, params: {max: 1}, expect: {short: deny}}\n";
constexpr const char* kPod =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {wait: 3, containers: [{name: a, image: "
    "'x:1'}]}\n";

Run run_tests(testing::MemoryFileSystem& files, const TestOptions& options) {
  return run_command(files, [&](const World& world) { return test(options, world); });
}

TestOptions of(std::vector<std::string> inputs, std::vector<std::string> policies = {}) {
  TestOptions options;
  options.inputs = std::move(inputs);
  options.policy.policies = std::move(policies);
  return options;
}

testing::MemoryFileSystem files_with(const std::string& suite) {
  return {{"p.yaml", kPolicies}, {"tests/t.yaml", suite}, {"tests/pod.yaml", kPod}};
}

TEST(TestCommandTest, RunsSuitesAndWhatTheirPoliciesCarry) {
  auto files = files_with(kSuite);
  const auto run = run_tests(files, of({"tests"}));
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.out,
            "2 policies: 4 tests passed, 0 failed\n"
            "coverage: 2 of 2 policies with a test that sees it pass and one that sees it fail\n");
  EXPECT_EQ(run.code, ExitCode::kOk);
}

// What a suite says does not hang on the command line naming its policies too.
TEST(TestCommandTest, ParametersAreThoseOfTheCommandsPolicies) {
  auto files = files_with(kSuite);
  ASSERT_TRUE(files.write("./p.yaml", kPolicies));
  for (const auto* spelling : {"p.yaml", "./p.yaml"}) {
    auto options = of({"tests"}, {spelling});
    options.policy.parameters = {"max=1"};
    const auto run = run_tests(files, options);
    EXPECT_EQ(run.err, "");
    EXPECT_TRUE(run.out.starts_with("2 policies: 4 tests passed, 0 failed\n")) << run.out;
  }
}

TEST(TestCommandTest, FindsSuitesAmongThePolicies) {
  testing::MemoryFileSystem files{
      {"dir/p.yaml", kPolicies},
      {"dir/t.yaml",
       "apiVersion: seaworthy.dev/v1\nkind: PolicyTest\nmetadata: {name: beside}\nspec:\n  cases:\n"
       "    - name: wrong\n      object: {apiVersion: v1, kind: Pod, spec: {wait: 9}}\n"
       "      expect: {short: allow}\n"}};
  const auto run = run_tests(files, of({}, {"dir"}));
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.out,
            "dir/t.yaml:6: beside / wrong: short: expected allow, got deny: spec: too long\n"
            "not covered: short: no test sees it pass, and none sees it fail\n"
            "2 policies: 2 tests passed, 1 failed\n"
            "coverage: 1 of 2 policies with a test that sees it pass and one that sees it fail\n");
  EXPECT_EQ(run.code, ExitCode::kDenied);
}

TEST(TestCommandTest, RequiresCoverageWhereItIsAsked) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}};
  auto options = of({}, {"p.yaml"});
  const auto lenient = run_tests(files, options);
  EXPECT_EQ(lenient.code, ExitCode::kOk);
  EXPECT_EQ(lenient.out,
            "not covered: short: no test sees it pass, and none sees it fail\n"
            "2 policies: 2 tests passed, 0 failed\n"
            "coverage: 1 of 2 policies with a test that sees it pass and one that sees it fail\n");
  options.require_coverage = true;
  EXPECT_EQ(run_tests(files, options).code, ExitCode::kDenied);
  options.output = "junit";
  EXPECT_EQ(run_tests(files, options).out, R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="seaworthy test" tests="4" failures="1" errors="0" skipped="0" time="0.000000">
  <testsuite name="tagged" tests="2" failures="0" errors="0" skipped="0" time="0.000000" timestamp="2026-01-01T00:00:00">
    <testcase classname="tagged" name="has one" file="p.yaml" line="12" time="0.000000"/>
    <testcase classname="tagged" name="has none" file="p.yaml" line="13" time="0.000000"/>
  </testsuite>
  <testsuite name="coverage" tests="2" failures="1" errors="0" skipped="0" time="0.000000" timestamp="2026-01-01T00:00:00">
    <testcase classname="coverage" name="tagged" time="0.000000"/>
    <testcase classname="coverage" name="short" time="0.000000">
      <failure type="coverage" message="no test sees it pass, and none sees it fail"></failure>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST(TestCommandTest, FailsWhatCannotRun) {
  auto files = files_with(
      "apiVersion: seaworthy.dev/v1\nkind: PolicyTest\nmetadata: {name: broken}\nspec:\n"
      "  policies: [../p.yaml]\n  cases:\n"
      "    - {name: no file, file: absent.yaml, expect: {short: allow}}\n"
      "    - {name: two, file: two.yaml, expect: {short: allow}}\n"
      "    - {name: no YAML, file: bad.yaml, expect: {short: allow}}\n"
      "    - {name: no policy, file: pod.yaml, expect: {shorts: allow}}\n");
  ASSERT_TRUE(files.write("tests/two.yaml", std::string(kPod) + "---\n" + kPod));
  ASSERT_TRUE(files.write("tests/bad.yaml", "a: [1\n"));
  const auto run = run_tests(files, of({"tests/t.yaml"}));
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(
      run.out,
      "tests/t.yaml:7: broken / no file: cannot run: tests/absent.yaml: No such file or "
      "directory\n"
      "tests/t.yaml:8: broken / two: cannot run: tests/two.yaml: holds 2 documents; a case is "
      "about one\n"
      "tests/t.yaml:9: broken / no YAML: cannot run: tests/bad.yaml:2:1: not YAML: a '[' "
      "before this is not closed by a ']'\n"
      "tests/t.yaml:10: broken / no policy: cannot run: no policy is named 'shorts'; did you "
      "mean 'short'?\n"
      "not covered: short: no test sees it pass, and none sees it fail\n"
      "2 policies: 2 tests passed, 4 failed\n"
      "coverage: 1 of 2 policies with a test that sees it pass and one that sees it fail\n");
  EXPECT_EQ(run.code, ExitCode::kDenied);
}

TEST(TestCommandTest, TellsOfMistakesOnceAndRunsTheRest) {
  auto files = files_with(
      "apiVersion: seaworthy.dev/v1\nkind: PolicyTest\nmetadata: {name: waits}\nspec:\n"
      "  policies: [../p.yaml]\n  cases:\n"
      "    - {name: typo, file: pod.yaml, expects: {short: allow}, expect: {short: allow}}\n"
      "    - {name: param, file: pod.yaml, params: {maxx: 1}, expect: {short: deny}}\n"
      "    - {name: right, file: pod.yaml, expect: {short: allow}}\n");
  const auto run = run_tests(files, of({"tests/t.yaml"}, {"tests"}));
  EXPECT_TRUE(run.err.starts_with("tests/")) << run.err;
  const auto own = run_tests(files, of({"tests/t.yaml"}));
  EXPECT_EQ(
      own.err,
      "tests/t.yaml:7:36: error: unknown field 'spec.cases[0].expects'; did you mean "
      "'expect'?\n"
      " |     - {name: typo, file: pod.yaml, expects: {short: allow}, expect: {short: allow}}\n"
      " | ...................................^\n"
      "tests/t.yaml:8:46: error: params: no bundle declares a parameter 'maxx'; did you mean "
      "'max'?\n"
      " |     - {name: param, file: pod.yaml, params: {maxx: 1}, expect: {short: deny}}\n"
      " | .............................................^\n");
  EXPECT_EQ(own.out,
            "tests/t.yaml:7: waits / typo: cannot run: unknown field 'spec.cases[0].expects'; did "
            "you mean 'expect'?\n"
            "tests/t.yaml:8: waits / param: cannot run: params: no bundle declares a parameter "
            "'maxx'; did you mean 'max'?\n"
            "not covered: short: no test sees it fail\n"
            "2 policies: 3 tests passed, 2 failed\n"
            "coverage: 1 of 2 policies with a test that sees it pass and one that sees it fail\n");
  EXPECT_EQ(own.code, ExitCode::kUsage);
}

TEST(TestCommandTest, WantsTestsWhereItIsPointedTo) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}, {"dir/p.yaml", kPolicies}};

  struct Case {
    std::string input;
    std::string err;
  };

  const std::vector<Case> cases{
      {"absent", "seaworthy: absent: No such file or directory\n"},
      {"p.yaml", "seaworthy: p.yaml: holds no document of kind PolicyTest\n"},
      {"dir", "seaworthy: dir: no file in it holds a PolicyTest\n"},
  };
  for (const auto& [input, err] : cases) {
    const auto run = run_tests(files, of({input}));
    EXPECT_EQ(run.err, err);
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.code, ExitCode::kUsage);
  }
  EXPECT_EQ(run_tests(files, of({}, {"absent"})).err,
            "seaworthy: absent: No such file or directory\n");
}

}  // namespace
}  // namespace seaworthy::cli
