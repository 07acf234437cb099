// `seaworthy check` as a whole: files in memory, what is printed, and the exit code.
#include "cli/check.h"

#include <gtest/gtest.h>

#include "cli/command_run.h"
#include "seaworthy/document/json.h"
#include "support/json.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

constexpr const char* kPolicies =
    "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  params:\n    "
    "team: {type: string, default: a}\n  policies:\n"
    "    - {name: tagged, severity: high, each: image, require: \"image.tag != ''\", message: "
    "\"image ${image.reference} has no tag\"}\n"
    "    - {name: advice, severity: low, require: \"has(pod.advice)\", message: no advice}\n"
    "    - {name: labelled, severity: high, require: "
    "\"namespaceObject.metadata.?labels.?team.orValue('') != 'b'\", message: team b, when: "
    "\"params.team == 'a'\"}\n";
constexpr const char* kGood =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: good}\nspec: {advice: 1, containers: [{name: a, "
    "image: 'x:1'}]}\n";
constexpr const char* kBad =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: bad}\nspec:\n  advice: 1\n  containers:\n    - "
    "name: a\n      image: x\n";
constexpr const char* kWarned =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: warned}\nspec: {containers: [{name: a, image: "
    "'x:1'}]}\n";

Run check_inputs(testing::MemoryFileSystem& files, CheckOptions options,
                 const std::string& input = "") {
  if (options.policy.policies.empty()) {
    options.policy.policies = {"p.yaml"};
  }
  options.policy.settings.mode = options.policy.settings.mode == policy::Mode::kAudit
                                     ? policy::Mode::kDeny
                                     : options.policy.settings.mode;
  return run_command(files, [&](const World& world) { return check(options, world); }, input);
}

CheckOptions of(std::vector<std::string> inputs) {
  CheckOptions options;
  options.inputs = std::move(inputs);
  return options;
}

TEST(CheckTest, ExitsWithWhatItFound) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies}, {"good.yaml", kGood}, {"bad.yaml", kBad}, {"warned.yaml", kWarned}};
  EXPECT_EQ(check_inputs(files, of({"good.yaml"})).code, ExitCode::kOk);
  const auto bad = check_inputs(files, of({"bad.yaml"}));
  EXPECT_EQ(bad.code, ExitCode::kDenied);
  EXPECT_EQ(bad.out,
            "bad.yaml:8:7: denied: tagged (high) Pod default/bad spec.containers[0].image\n"
            "    image x has no tag\n"
            "1 resource: 2 pass, 1 fail, 0 warn, 0 skip, 0 error\n");
  EXPECT_EQ(bad.err, "");
  EXPECT_EQ(check_inputs(files, of({"warned.yaml"})).code, ExitCode::kOk);
  auto strict = of({"warned.yaml"});
  strict.warnings_as_errors = true;
  EXPECT_EQ(check_inputs(files, strict).code, ExitCode::kDenied);
  auto audit = of({"bad.yaml"});
  audit.policy.settings.mode = policy::Mode::kWarn;
  EXPECT_EQ(check_inputs(files, audit).code, ExitCode::kOk);
}

TEST(CheckTest, ReadsFoldersListsStreamsAndStandardInput) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies},
      {"dir/a.yaml", std::string(kGood) + "---\n" + kBad},
      {"dir/deep/b.json",
       R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"j"},"spec":{"advice":1,"containers":[{"name":"a","image":"y"}]}})"},
      {"dir/readme.txt", "not yaml: ["}};
  const auto folder = check_inputs(files, of({"dir"}));
  EXPECT_EQ(folder.code, ExitCode::kDenied);
  EXPECT_NE(folder.out.find("dir/a.yaml:13:7: denied: tagged"), std::string::npos) << folder.out;
  EXPECT_NE(folder.out.find("dir/deep/b.json:1:102: denied: tagged"), std::string::npos)
      << folder.out;
  EXPECT_NE(folder.out.find("3 resources: "), std::string::npos) << folder.out;

  const std::string list = "apiVersion: v1\nkind: List\nitems:\n  - " +
                           std::string(
                               "{apiVersion: v1, kind: Pod, metadata: {name: l}, spec: {advice: 1, "
                               "containers: [{name: a, image: z}]}}\n");
  const auto from_stdin = check_inputs(files, of({"-"}), list);
  EXPECT_NE(
      from_stdin.out.find("-:4:95: denied: tagged (high) Pod default/l spec.containers[0].image"),
      std::string::npos)
      << from_stdin.out;
}

TEST(CheckTest, ItemsAreOfTheirListsKind) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}};
  const std::string spec = "spec: {advice: 1, containers: [{name: a, image: z}]}}\n";
  const std::pair<std::string, std::string> cases[] = {
      {"apiVersion: v1\nkind: PodList\nitems:\n- {metadata: {name: l}, " + spec,
       "-:4:66: denied: tagged (high) Pod default/l spec.containers[0].image\n"
       "    image z has no tag\n1 resource: 2 pass, 1 fail, 0 warn, 0 skip, 0 error\n"},
      {"apiVersion: v1\nkind: PodList\nitems:\n- {kind: '', metadata: {name: l}, " + spec,
       "-:4:76: denied: tagged (high) Pod default/l spec.containers[0].image\n"
       "    image z has no tag\n1 resource: 2 pass, 1 fail, 0 warn, 0 skip, 0 error\n"},
      // What has one of the two is what it says; kubectl refuses it.
      {"apiVersion: v1\nkind: PodList\nitems:\n- {kind: Pod, metadata: {name: l}, " + spec,
       "0 resources: 0 pass, 0 fail, 0 warn, 0 skip, 0 error\n"},
      {"apiVersion: v1\nkind: List\nitems:\n- {metadata: {name: l}, " + spec,
       "0 resources: 0 pass, 0 fail, 0 warn, 0 skip, 0 error\n"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(check_inputs(files, of({"-"}), text).out, expected) << text;
  }
}

TEST(CheckTest, KnowsNamespacesAmongItsInputs) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies},
      {"ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: b}}\n"},
      {"pod.yaml",
       "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: shop}\nspec: {advice: 1, "
       "containers: [{name: a, image: 'x:1'}]}\n"}};
  EXPECT_EQ(check_inputs(files, of({"pod.yaml"})).code, ExitCode::kOk);
  EXPECT_EQ(check_inputs(files, of({"pod.yaml", "ns.yaml"})).code, ExitCode::kDenied);
  auto skipped = of({"pod.yaml", "ns.yaml"});
  skipped.policy.parameters = {"team=z"};
  EXPECT_EQ(check_inputs(files, skipped).code, ExitCode::kOk);
}

TEST(CheckTest, WhatCannotBeReadIsSaidAndTheRestIsChecked) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies},
      {"bad.yaml", kBad},
      {"broken.yaml", "a: [1\n"},
      {"typo.yaml", std::string(kPolicies) + "    - {name: x, requir: 'true', message: m}\n"}};
  const auto missing = check_inputs(files, of({"absent.yaml", "bad.yaml"}));
  EXPECT_EQ(missing.code, ExitCode::kUsage);
  EXPECT_NE(missing.err.find("absent.yaml"), std::string::npos) << missing.err;
  EXPECT_NE(missing.out.find("bad.yaml:8:7: denied"), std::string::npos) << missing.out;

  const auto broken = check_inputs(files, of({"broken.yaml", "bad.yaml"}));
  EXPECT_EQ(broken.code, ExitCode::kUsage);
  EXPECT_TRUE(broken.err.starts_with("broken.yaml:")) << broken.err;
  EXPECT_NE(broken.out.find("bad.yaml:8:7: denied"), std::string::npos) << broken.out;

  auto typo = of({"bad.yaml"});
  typo.policy.policies = {"typo.yaml"};
  const auto policies = check_inputs(files, typo);
  EXPECT_EQ(policies.code, ExitCode::kUsage);
  EXPECT_NE(policies.err.find("did you mean 'require'?"), std::string::npos) << policies.err;
  EXPECT_NE(policies.err.find("seaworthy: policy 'x' is set aside"), std::string::npos)
      << policies.err;
  EXPECT_NE(policies.out.find("bad.yaml:8:7: denied"), std::string::npos) << policies.out;
}

TEST(CheckTest, AFolderThatCannotBeListedCostsNoOther) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies}, {"d/a.yaml", kBad}, {"d/shut/b.yaml", kBad}, {"empty/readme", "x"}};
  files.fail_files_below("d/shut", {ErrorCode::kDenied, "d/shut: Permission denied"});
  const auto run = check_inputs(files, of({"d"}));
  EXPECT_EQ(run.code, ExitCode::kUsage);
  EXPECT_EQ(run.err, "seaworthy: d/shut: Permission denied\n");
  EXPECT_NE(run.out.find("d/a.yaml:8:7: denied"), std::string::npos) << run.out;

  const auto empty = check_inputs(files, of({"empty"}));
  EXPECT_EQ(empty.code, ExitCode::kUsage);
  EXPECT_EQ(empty.err, "seaworthy: empty: holds no .yaml, .yml or .json file\n");
}

TEST(CheckTest, AFileIsCheckedOnceWhateverItIsCalled) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}, {"./d/a.yaml", kBad}, {"d/a.yaml", kBad}};
  const auto run = check_inputs(files, of({"./d/a.yaml", "d", "d/a.yaml"}));
  EXPECT_TRUE(run.out.starts_with("./d/a.yaml:8:7: denied")) << run.out;
  EXPECT_TRUE(run.out.ends_with("\n1 resource: 2 pass, 1 fail, 0 warn, 0 skip, 0 error\n"))
      << run.out;
}

TEST(CheckTest, DocumentsThatNoPolicyTargetsAreSkipped) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies},
                                  {"other.yaml",
                                   "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: "
                                   "{a: b}\n---\nreplicas: 3\n---\n# nothing\n"}};
  const auto run = check_inputs(files, of({"other.yaml"}));
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(run.out, "0 resources: 0 pass, 0 fail, 0 warn, 0 skip, 0 error\n");
  EXPECT_EQ(run.err, "");
}

TEST(CheckTest, SaysWhyARemedyWasNotApplied) {
  testing::MemoryFileSystem files{
      {"p.yaml",
       "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  policies:\n"
       "    - {name: flag, each: container, require: \"container.?flag.orValue(false)\", message: "
       "no flag, "
       "remedy: {safety: safe, container: {flag: true}}}\n"},
      {"pod.yaml",
       "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: a, flag: "
       "false}]}\n"}};
  auto options = of({"pod.yaml"});
  options.policy.settings.remedy = policy::RemedyLevel::kApply;
  EXPECT_EQ(check_inputs(files, options).out,
            "pod.yaml:4:31: denied: flag (medium) Pod default/x spec.containers[0]\n"
            "    no flag\n"
            "    not mended: container.flag is set to another value, which stays\n"
            "    remedy (safe):\n"
            "      container:\n"
            "        flag: true\n"
            "1 resource: 0 pass, 1 fail, 0 warn, 0 skip, 0 error\n");
}

TEST(CheckTest, PrintsJson) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}, {"bad.yaml", kBad}};
  auto options = of({"bad.yaml"});
  options.output = "json";
  Arena arena;
  const auto root = testing::json(check_inputs(files, options).out, arena);
  EXPECT_EQ(root["results"].size(), 3U);
  EXPECT_EQ(root["results"].items()[2]["policy"].as_string(), "tagged");
  EXPECT_EQ(root["results"].items()[2]["line"].as_int(), 8);
  EXPECT_EQ(root["summary"]["fail"].as_int(), 1);
}

}  // namespace
}  // namespace seaworthy::cli
