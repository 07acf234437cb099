// `seaworthy export` as a whole: what is printed, what is said to be left out, and the exit code.
#include "cli/export.h"

#include <gtest/gtest.h>

#include "cli/command_run.h"
#include "seaworthy/document/source.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

Run export_of(const std::string& policies, const ExportOptions& chosen = {}) {
  testing::MemoryFileSystem files{{"p.yaml", policies}};
  auto options = chosen;
  if (options.policy.policies.empty()) {
    options.policy.policies = {"p.yaml"};
  }
  options.policy.settings.mode = policy::Mode::kDeny;
  return run_command(files, [&](const World& world) { return export_policies(options, world); });
}

std::string bundle(const std::string& policies) {
  return "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  "
         "policies:\n" +
         policies;
}

TEST(ExportTest, PoliciesOfOtherKindsAreNamedAndLeftOut) {
  const auto run = export_of(
      "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"
      "metadata: {name: theirs}\nspec:\n  matchConstraints: {resourceRules: [{apiGroups: [''], "
      "apiVersions: [v1], operations: [CREATE], resources: [pods]}]}\n"
      "  validations: [{expression: has(object.spec)}]\n");
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err,
            "seaworthy: ValidatingAdmissionPolicy 'theirs' is left out: only Seaworthy's own "
            "policies are exported\n");
}

TEST(ExportTest, WhatIsLeftOutIsNamedAndIsNoMistake) {
  const auto run = export_of(
      bundle("    - {name: good, require: has(pod.x), message: m}\n"
             "    - {name: tagged, each: image, require: \"image.tag != ''\", message: m}\n"
             "    - {name: quoting, require: has(pod.x), message: "
             "\"${podMetadata.annotations['x']}\"}\n"));
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(
      run.err,
      "seaworthy: p.yaml:7: policy 'tagged' is left out: it takes image references apart, "
      "for which CEL has no function\n"
      "seaworthy: p.yaml:8: policy 'quoting' is exported without its message, which may quote a "
      "secret, which only Seaworthy takes out\n");
  Arena arena;
  const auto documents = document::read_source(run.out, "out", arena);
  ASSERT_TRUE(documents.value) << run.out;
  std::string kinds;
  for (const auto& each : *documents.value) {
    kinds += std::string(each.root()["kind"].as_string()) + " " +
             std::string(each.root()["metadata"]["name"].as_string()) + "\n";
  }
  EXPECT_EQ(kinds,
            "ValidatingAdmissionPolicy good\nValidatingAdmissionPolicyBinding good\n"
            "ValidatingAdmissionPolicy quoting\nValidatingAdmissionPolicyBinding quoting\n");
}

TEST(ExportTest, WhatCannotBeReadIsAMistake) {
  const auto run = export_of(bundle("    - {name: bad, require: has(, message: m}\n"));
  EXPECT_EQ(run.code, ExitCode::kUsage);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("p.yaml:6"), std::string::npos);
}

TEST(ExportTest, EnforcementIsLeftOutAloud) {
  const auto run = export_of(bundle("    - {name: good, require: has(pod.x), message: m}\n") +
                             "---\napiVersion: seaworthy.dev/v1\nkind: Enforcement\nmetadata: "
                             "{name: e}\nspec: {rules: [{mode: warn}]}\n");
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(run.err,
            "seaworthy: Enforcement and PolicyException documents are left out: bindings say "
            "--mode for everything\n");
}

TEST(ExportTest, SaysAllOfThePodSecurityStandardsFromTheOldestVersionOn) {
  ExportOptions options;
  options.policy.policies = {"builtin:pss-baseline", "builtin:pss-restricted"};
  options.minor = 30;
  const auto run = export_of("", options);
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(run.err.find("left out"), std::string::npos) << run.err;
  std::size_t policies = 0;
  for (std::size_t at = 0;
       (at = run.out.find("kind: ValidatingAdmissionPolicy\n", at)) != std::string::npos; ++at) {
    ++policies;
  }
  EXPECT_EQ(policies, 12U + 15U);
  EXPECT_EQ(run.out, export_of("", options).out);
}

}  // namespace
}  // namespace seaworthy::cli
