// Manifests that cannot be read: what is said, where, and that the rest is checked all the same.
#include <gtest/gtest.h>

#include "cli/check.h"
#include "cli/command_run.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

constexpr const char* kPolicies =
    "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  policies:\n"
    "    - {name: tagged, each: image, require: \"image.tag != ''\", message: no tag}\n";
const std::string kPod =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: a, image: a}]}\n";
constexpr const char* kReport =
    "4:31: denied: tagged (medium) Pod default/x spec.containers[0].image\n    no tag\n";

const std::string kHint =
    " (a Helm template is rendered first: `helm template CHART | seaworthy check -`)\n";

struct Case {
  const char* name;
  std::string text;
  std::string err;
  bool rest_is_checked = false;  ///< Of the same file.
};

Run run_check(testing::MemoryFileSystem& files, std::vector<std::string> inputs,
              std::size_t threads = 1) {
  CheckOptions options;
  options.policy.policies = {"p.yaml"};
  options.policy.settings.mode = policy::Mode::kDeny;
  options.inputs = std::move(inputs);
  options.threads = threads;
  return run_command(files, [&](const World& world) { return check(options, world); });
}

class BadManifestTest : public ::testing::TestWithParam<Case> {};

TEST_P(BadManifestTest, IsToldOfAndTheRestIsChecked) {
  const auto& test = GetParam();
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies}, {"d/bad.yaml", test.text}, {"d/good.yaml", kPod}};
  const auto run = run_check(files, {"d"});
  EXPECT_EQ(run.code, ExitCode::kUsage);
  EXPECT_EQ(run.err, test.err);
  const std::string good = std::string("d/good.yaml:") + kReport;
  EXPECT_EQ(run.out, (test.rest_is_checked
                          ? std::string("d/bad.yaml:") + kReport + good + "2 resources: 0 pass, 2"
                          : good + "1 resource: 0 pass, 1") +
                         " fail, 0 warn, 0 skip, 0 error\n");
}

/// Each line is nine of the line before.
std::string billion_laughs() {
  std::string text = "a: &a [lol]\n";
  for (char line = 'b'; line < 'k'; ++line) {
    const std::string alias = std::string("*") + static_cast<char>(line - 1);
    text += std::string(1, line) + ": &" + line + " [" + alias;
    for (int times = 1; times < 9; ++times) {
      text += "," + alias;
    }
    text += "]\n";
  }
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, BadManifestTest,
    ::testing::Values(
        Case{"duplicate_keys", kPod + "---\nkind: Pod\nspec:\n  a: 1\n  a: 2\n",
             "d/bad.yaml:9:3: error: the key 'a' is already there (line 8, column 3): keep one of "
             "them\n",
             true},
        Case{"a_key_for_the_log", "\"a\\n::error::x\": 1\n\"a\\n::error::x\": 2\n",
             "d/bad.yaml:2:1: error: the key 'a ::error::x' is already there (line 1, column 1): "
             "keep one of them\n"},
        Case{"a_line_that_only_kubectl_sees", "kind: Pod\nspec:\n  # x\r  hostNetwork: true\n",
             "d/bad.yaml:3:6: error: not YAML as kubectl reads it: a line break that is neither LF "
             "nor CR and LF; in a double-quoted text it is written as an escape\n"},
        Case{"a_tab", kPod + "---\nkind: Pod\nspec:\n\ta: 1\n",
             "d/bad.yaml:8:3: error: not YAML: a tab cannot indent, write blanks\n", true},
        Case{"a_merge_of_no_map", kPod + "---\nkind: Pod\nspec:\n  <<: 3\n",
             "d/bad.yaml:8:7: error: '<<' takes a map or a list of maps, not this int\n", true},
        Case{"an_alias_of_nothing", kPod + "---\nkind: *none\n",
             "d/bad.yaml:6:7: error: not YAML: the referenced anchor is not defined\n", true},
        Case{"a_billion_laughs", billion_laughs(),
             "d/bad.yaml:6:26: error: aliases and merges add more than 100000 values\n"},
        Case{"too_large", std::string(std::size_t{50} * 1024 * 1024, ' '),
             "seaworthy: d/bad.yaml: larger than 32 MiB\n"},
        Case{"binary", std::string("\x7F\x45LF\x02\x01\x01\0\0\0\0\xFF\xFE", 13),
             "d/bad.yaml:1:8: error: not text but binary: it holds a zero byte\n"},
        Case{"utf_16", std::string("\xFF\xFEk\0i\0n\0d\0", 10),
             "d/bad.yaml:1:1: error: not UTF-8 but UTF-16: save it as UTF-8\n"},
        Case{"latin_1", "kind: Pod\nname: M\xFCller\n",
             "d/bad.yaml:2:8: error: not UTF-8: byte 17\n"},
        Case{"too_deep", std::string(300, '[') + std::string(300, ']'),
             "d/bad.yaml:1:201: error: more than 200 levels\n"},
        Case{"a_helm_template", "{{- if .Values.pod }}\n" + kPod + "{{- end }}\n",
             "d/bad.yaml:1:3: error: not YAML: illegal block entry" + kHint},
        Case{"a_helm_template_behind_a_pod", kPod + "---\nkind: Pod\nspec: {{ toYaml .x }}\n",
             "d/bad.yaml:7:8: error: a key is text, and this is a map: quote the text if '{{' "
             "belongs to it" +
                 kHint,
             true},
        Case{"a_template_of_others_in_a_text",
             kPod + "---\nkind: ConfigMap\ndata:\n  a: \"{{ $labels.instance }} is down\"\n"
                    "  # {{ . }}\n  a: 2\n",
             "d/bad.yaml:10:3: error: the key 'a' is already there (line 8, column 3): keep one of "
             "them\n",
             true},
        Case{"a_pod_without_a_spec",
             kPod + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: z}\nspec: 3\n",
             "d/bad.yaml:6:1: error: Pod default/z: spec is missing or not an object\n", true}),
    [](const auto& test) { return test.param.name; });

TEST(CheckInParallelTest, SaysTheSameWhateverTheNumberOfThreads) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}};
  for (int at = 0; at < 300; ++at) {
    ASSERT_TRUE(files.write("d/" + std::to_string(at) + ".yaml", at % 3 == 0 ? kPod : "a: [\n"));
  }
  const auto one = run_check(files, {"d", "d/7.yaml", "d"}, 1);
  EXPECT_EQ(one.code, ExitCode::kUsage);
  EXPECT_NE(one.out.find("100 resources: 0 pass, 100 fail"), std::string::npos) << one.out;
  for (const std::size_t threads : {2, 5, 16}) {
    const auto run = run_check(files, {"d", "d/7.yaml", "d"}, threads);
    EXPECT_EQ(run.code, one.code);
    EXPECT_EQ(run.out, one.out);
    EXPECT_EQ(run.err, one.err);
  }
}

}  // namespace
}  // namespace seaworthy::cli
