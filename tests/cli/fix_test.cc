// `seaworthy fix` as a whole. tests/testdata/fix holds manifests as people have them, and what the
// production bundle makes of each, to the byte.
#include "cli/fix.h"

#include <gtest/gtest.h>

#include "cli/fix_run.h"
#include "seaworthy/base/text.h"
#include "support/test_data.h"

namespace seaworthy::cli {
namespace {

constexpr const char* kPolicies =
    "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  policies:\n"
    "    - {name: flag, each: container, require: \"container.?flag.orValue(false)\", message: "
    "\"${container.name} has no flag\", remedy: {safety: careful, container: {flag: true}}}\n"
    "    - {name: tagged, each: image, require: \"image.tag != ''\", message: no tag}\n";

std::string pod(const std::string& container) {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n" + container;
}

const std::string kFixable = pod("    - name: a   # first\n      image: a:1\n");
const std::string kFixed = pod("    - name: a   # first\n      image: a:1\n      flag: true\n");
const std::string kUntagged = pod("    - name: a\n      image: a\n      flag: true\n");

FixOptions of(std::vector<std::string> inputs) {
  FixOptions options;
  options.policy.policies = {"p.yaml"};
  options.inputs = std::move(inputs);
  return options;
}

class GoldenFixTest : public ::testing::TestWithParam<std::string> {};

/// The text as another system would have written it.
std::string on_windows(const std::string& text) {
  std::string out = "\xEF\xBB\xBF";
  for (const char byte : text) {
    out += byte == '\n' ? "\r\n" : std::string(1, byte);
  }
  return out;
}

TEST_P(GoldenFixTest, MakesOfAManifestWhatIsExpected) {
  const std::string name = GetParam();
  const auto dot = name.find('.');
  const std::string text = testing::test_data("fix/" + name);
  const std::string expected =
      testing::test_data("fix/" + name.substr(0, dot) + ".expected" + name.substr(dot));
  testing::MemoryFileSystem files{{name, text}};
  FixOptions options;
  options.inputs = {name};
  run_fix(files, options);
  EXPECT_EQ(*files.find(name), expected);
  const auto again = run_fix(files, options);
  EXPECT_EQ(*files.find(name), expected);
  EXPECT_NE(again.out.find("0 of 1 file changed, 0 remedies\n"), std::string::npos) << again.out;

  testing::MemoryFileSystem windows{{name, on_windows(text)}};
  run_fix(windows, options);
  EXPECT_EQ(*windows.find(name), on_windows(expected));

  if (text != expected) {
    // Without a line break at the end.
    testing::MemoryFileSystem cut{{name, text.substr(0, text.size() - 1)}};
    run_fix(cut, options);
    EXPECT_EQ(*cut.find(name), expected.substr(0, expected.size() - 1));
  }
}

INSTANTIATE_TEST_SUITE_P(Manifests, GoldenFixTest,
                         ::testing::Values("helm.yaml", "kustomize.yaml", "kubectl-list.yaml",
                                           "hand-written.yaml", "anchors.yaml",
                                           "already-right.yaml", "pod.json"),
                         [](const auto& test) {
                           return test.param.substr(0, test.param.find_first_of(".-"));
                         });

TEST(FixTest, WritesInPlaceAndTellsWhatIsLeft) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies}, {"dir/a.yaml", kFixable}, {"dir/b.yaml", kUntagged}};
  const auto run = run_fix(files, of({"dir"}));
  EXPECT_EQ(run.code, ExitCode::kDenied);
  EXPECT_EQ(*files.find("dir/a.yaml"), kFixed);
  EXPECT_EQ(*files.find("dir/b.yaml"), kUntagged);
  EXPECT_EQ(run.out,
            "dir/a.yaml: changed, 1 remedy\n"
            "dir/b.yaml:7:7: denied: tagged (medium) Pod default/x spec.containers[0].image\n"
            "    no tag\n"
            "2 resources: 3 pass, 1 fail, 0 warn, 0 skip, 0 error; 1 of the passes mended\n"
            "1 of 2 files changed, 1 remedy\n");
  EXPECT_EQ(run.err, "");
  const auto again = run_fix(files, of({"dir/a.yaml"}));
  EXPECT_EQ(again.code, ExitCode::kOk);
  EXPECT_EQ(again.out,
            "1 resource: 2 pass, 0 fail, 0 warn, 0 skip, 0 error\n"
            "0 of 1 file changed, 0 remedies\n");
}

TEST(FixTest, PrintsADiffAndWritesNothing) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}, {"a.yaml", kFixable}};
  auto options = of({"a.yaml"});
  options.diff = true;
  const auto run = run_fix(files, options);
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(*files.find("a.yaml"), kFixable);
  EXPECT_EQ(run.out,
            "--- a/a.yaml\n+++ b/a.yaml\n@@ -5,3 +5,4 @@\n   containers:\n"
            "     - name: a   # first\n       image: a:1\n+      flag: true\n");
  EXPECT_EQ(run.err,
            "1 resource: 2 pass, 0 fail, 0 warn, 0 skip, 0 error; 1 of the passes mended\n"
            "1 of 1 file would change, 1 remedy\n");
}

TEST(FixTest, StandardInputIsPrinted) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}};
  const auto run = run_fix(files, of({"-"}), kFixable);
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(run.out, kFixed);
  EXPECT_EQ(run.err,
            "1 resource: 2 pass, 0 fail, 0 warn, 0 skip, 0 error; 1 of the passes mended\n"
            "1 of 1 file changed, 1 remedy\n");
  EXPECT_EQ(run_fix(files, of({"-"}), "a: 1 # not ours\n").out, "a: 1 # not ours\n");
}

TEST(FixTest, ItemsOfTheirListsKindStayWithoutOne) {
  const std::string list =
      "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: x}\n  spec:\n    containers:\n";
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}};
  const auto run = run_fix(files, of({"-"}), list + "    - name: a\n      image: a:1\n");
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(run.out, list + "    - name: a\n      image: a:1\n      flag: true\n");
}

TEST(FixTest, PrintsEveryDocumentAsYaml) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies},
      {"a.yaml", kFixable},
      {"b.yaml", "# ours\n---\na: 1 # no manifest"},
      {"c.json",
       R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"j"},"spec":{"containers":[{"name":"a","image":"a:1"}]}} {"x":1})"}};
  auto options = of({"c.json", "b.yaml", "a.yaml"});
  options.output = "yaml";
  const auto run = run_fix(files, options);
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(run.out, kFixed +
                         "# ours\n---\na: 1 # no manifest\n"
                         "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: j\nspec:\n  "
                         "containers:\n  - name: a\n    image: a:1\n    flag: true\n---\nx: 1\n");
  EXPECT_EQ(*files.find("a.yaml"), kFixable);
}

TEST(FixTest, DirectivesStandBehindTheEndOfADocument) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies}, {"a.yaml", "a: 1\n"}, {"b.yaml", "# c\n%YAML 1.1\n---\nb: 2\n"}};
  auto options = of({"a.yaml", "b.yaml"});
  options.output = "yaml";
  EXPECT_EQ(run_fix(files, options).out, "a: 1\n...\n# c\n%YAML 1.1\n---\nb: 2\n");
}

TEST(FixTest, RemediesAreWrittenWhateverDocumentsSay) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies},
                                  {"e.yaml",
                                   "apiVersion: seaworthy.dev/v1\nkind: Enforcement\nmetadata: "
                                   "{name: e}\nspec: {rules: [{mode: "
                                   "audit, remedy: suggest}]}\n"},
                                  {"a.yaml", kFixable}};
  auto options = of({"a.yaml"});
  options.policy.enforcement = {"e.yaml"};
  EXPECT_EQ(run_fix(files, options).code, ExitCode::kOk);
  EXPECT_EQ(*files.find("a.yaml"), kFixed);
}

TEST(FixTest, OnlySafeOnesWhereThatIsAskedFor) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}, {"a.yaml", kFixable}};
  auto options = of({"a.yaml"});
  options.policy.settings.remedy = policy::RemedyLevel::kSafe;
  EXPECT_EQ(run_fix(files, options).code, ExitCode::kDenied);
  EXPECT_EQ(*files.find("a.yaml"), kFixable);
}

TEST(FixTest, AFileThatCannotBeWrittenIsToldOf) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies}, {"a.yaml", kFixable}, {"b.yaml", kFixable}};
  files.fail_write("a.yaml", {ErrorCode::kDenied, "a.yaml: Permission denied"});
  const auto run = run_fix(files, of({"a.yaml", "b.yaml"}));
  EXPECT_EQ(run.code, ExitCode::kUsage);
  EXPECT_EQ(run.err, "seaworthy: not written: a.yaml: Permission denied\n");
  EXPECT_EQ(*files.find("a.yaml"), kFixable);
  EXPECT_EQ(*files.find("b.yaml"), kFixed);
  EXPECT_NE(run.out.find("1 of 2 files changed, 1 remedy; 1 not written and not counted\n"),
            std::string::npos)
      << run.out;
}

TEST(FixTest, WhatIsReadOnceIsPrinted) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}, {"pipe", kFixable}};
  files.make_stream("pipe");
  const auto run = run_fix(files, of({"pipe"}));
  EXPECT_EQ(run.code, ExitCode::kOk);
  EXPECT_EQ(run.out, kFixed);
  EXPECT_EQ(run.err,
            "1 resource: 2 pass, 0 fail, 0 warn, 0 skip, 0 error; 1 of the passes mended\n"
            "1 of 1 file changed, 1 remedy\n");
  EXPECT_EQ(*files.find("pipe"), kFixable);
}

/// Files that somebody else writes while they are read for the second time, and not the last.
class BusyFileSystem final : public FileSystem {
 public:
  explicit BusyFileSystem(testing::MemoryFileSystem& files) : files_(&files) {}

  [[nodiscard]] Result<std::string> read(const std::string& path) const override {
    auto text = files_->read(path);
    if (path == "a.yaml" && ++reads_ == 2) {
      EXPECT_TRUE(files_->write(path, *text + "# theirs\n"));
    }
    return text;
  }

  [[nodiscard]] Result<void> write(const std::string& path, const std::string& text) override {
    return files_->write(path, text);
  }

  [[nodiscard]] bool is_folder(const std::string& path) const override {
    return files_->is_folder(path);
  }

  [[nodiscard]] bool is_stream(const std::string& path) const override {
    return files_->is_stream(path);
  }

  [[nodiscard]] std::string real_path(const std::string& path) const override {
    return files_->real_path(path);
  }

  [[nodiscard]] FilesBelow files_below(const std::string& path) const override {
    return files_->files_below(path);
  }

 private:
  testing::MemoryFileSystem* files_;
  mutable int reads_ = 0;
};

TEST(FixTest, ChangesOfOthersStay) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies}, {"a.yaml", kFixable}, {"b.yaml", kFixable}};
  BusyFileSystem busy(files);
  auto options = of({"a.yaml", "b.yaml"});
  options.policy.settings.mode = policy::Mode::kDeny;
  const auto run = run_command(busy, [&](const World& world) { return fix(options, world); });
  EXPECT_EQ(run.code, ExitCode::kUsage);
  EXPECT_EQ(run.err, "seaworthy: not written: a.yaml: changed meanwhile; run fix again\n");
  EXPECT_EQ(*files.find("a.yaml"), kFixable + "# theirs\n");
  EXPECT_EQ(*files.find("b.yaml"), kFixed);
}

struct Unreadable {
  const char* name;
  std::string text;
  std::string err;
};

class UnreadableFixTest : public ::testing::TestWithParam<Unreadable> {};

TEST_P(UnreadableFixTest, IsLeftAloneAndTheRestIsFixed) {
  testing::MemoryFileSystem files{
      {"p.yaml", kPolicies}, {"bad.yaml", GetParam().text}, {"good.yaml", kFixable}};
  const auto run = run_fix(files, of({"bad.yaml", "good.yaml"}));
  EXPECT_EQ(run.code, ExitCode::kUsage);
  EXPECT_EQ(run.err, GetParam().err);
  EXPECT_EQ(*files.find("bad.yaml"), GetParam().text);
  EXPECT_EQ(*files.find("good.yaml"), kFixed);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, UnreadableFixTest,
    ::testing::Values(
        Unreadable{"syntax", "a: [1\n",
                   "bad.yaml:2:1: error: not YAML: a '[' before this is not closed by a ']'\n"},
        Unreadable{
            "one_document_of_two", kFixable + "---\na: 1\na: 2\n",
            "bad.yaml:10:1: error: the key 'a' is already there (line 9, column 1): keep one "
            "of them\nbad.yaml: error: not changed, as not all of it can be read\n"},
        Unreadable{
            "helm_template",
            "# {{ comment }}\nkind: Pod\nmetadata:\n  {{- include \"labels\" . | nindent 2 }}\n",
            "bad.yaml:4:5: error: not YAML: illegal block entry (a Helm template is rendered "
            "first: `helm template CHART | seaworthy check -`)\n"}),
    [](const auto& test) { return test.param.name; });

TEST(FixTest, WhatCannotBeWrittenIsToldOfAndFailsTheRun) {
  // A key written so is none that edits find their way by.
  const std::string text = "? apiVersion\n: v1\n" + kFixable.substr(kFixable.find("kind"));
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}, {"a.yaml", text + "---\n" + kFixable}};
  const auto run = run_fix(files, of({"a.yaml"}));
  EXPECT_EQ(run.code, ExitCode::kDenied);
  EXPECT_EQ(run.err,
            "a.yaml:1: error: Pod x: not changed: what it should become cannot be written into "
            "this text and leave the rest as it is; an anchor or a `<<` may be in the way\n");
  EXPECT_EQ(*files.find("a.yaml"), text + "---\n" + kFixed);
  auto options = of({"a.yaml"});
  options.output = "yaml";
  const auto printed = run_fix(files, options);
  EXPECT_EQ(printed.code, ExitCode::kOk);
  EXPECT_NE(printed.err.find("a.yaml:1: warning: Pod x: printed anew, without comments\n"),
            std::string::npos)
      << printed.err;
  EXPECT_NE(printed.out.find("  - name: a\n    image: a:1\n    flag: true\n"), std::string::npos)
      << printed.out;
}

TEST(FixTest, GuessesAreToldOf) {
  testing::MemoryFileSystem files{
      {"p.yaml",
       "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  policies:\n"
       "    - {name: user, each: container, require: \"container.?user.orValue(0) != 0\", message: "
       "root, remedy: {safety: needs-fact, container: {user: 1}}}\n"},
      {"a.yaml", kFixable}};
  EXPECT_EQ(run_fix(files, of({"a.yaml"})).err,
            "a.yaml:6: warning: Pod default/x (user): the remedy is written, but nothing here says "
            "that the image bears it; container a may fail to start\n");
}

TEST(FixTest, NamesDoNotSpeakToTerminals) {
  testing::MemoryFileSystem files{{"p.yaml", kPolicies}, {"a\x1b[2J\n.yaml", kFixable}};
  EXPECT_TRUE(run_fix(files, of({"a\x1b[2J\n.yaml"})).out.starts_with("a [2J .yaml: changed, "));
}

TEST(FixTest, IsTheSameWhateverTheNumberOfThreads) {
  std::string first;
  for (const std::size_t threads : {1, 2, 7}) {
    testing::MemoryFileSystem files{{"p.yaml", kPolicies}};
    for (int at = 0; at < 200; ++at) {
      const auto written =
          files.write("d/" + std::to_string(at) + ".yaml", at % 3 == 0   ? kUntagged
                                                           : at % 3 == 1 ? kFixable
                                                                         : "a: [\n");
      ASSERT_TRUE(written);
    }
    auto options = of({"d"});
    options.threads = threads;
    const auto run = run_fix(files, options);
    EXPECT_EQ(run.code, ExitCode::kUsage);
    first = first.empty() ? run.out + run.err : first;
    EXPECT_EQ(run.out + run.err, first) << threads;
  }
}

}  // namespace
}  // namespace seaworthy::cli
