// --enforcement, from the files to the report and to the webhook's answer.
#include <gtest/gtest.h>

#include "cli/check.h"
#include "cli/command_run.h"
#include "cli/reload.h"
#include "seaworthy/document/json.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/json.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

constexpr const char* kPolicies =
    "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t}\nspec:\n  policies:\n"
    "    - {name: tagged, severity: high, each: image, require: \"image.tag != ''\", message: "
    "\"image ${image.reference} has no tag\"}\n";
constexpr const char* kPod =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec:\n  containers:\n    "
    "- name: a\n      image: registry.example.com/team/x\n    - name: b\n      image: y:1\n";
constexpr const char* kException =
    "apiVersion: seaworthy.dev/v1\nkind: PolicyException\nmetadata: {name: old}\nspec: {policies: "
    "[tagged], images: [registry.example.com/team], owner: team-a, reason: it is old, expires: "
    "'2026-06-01T00:00:00Z'}\n";
constexpr const char* kWarnInDev =
    "apiVersion: seaworthy.dev/v1\nkind: Enforcement\nmetadata: {name: dev}\nspec: {rules: "
    "[{namespaces: {selector: {matchLabels: {env: dev}}}, mode: warn}]}\n";

class EnforcementTest : public ::testing::Test {
 protected:
  cli::Run check_inputs(std::vector<std::string> inputs, std::vector<std::string> enforcement,
                   const std::string& output = "text") {
    CheckOptions options;
    options.policy.policies = {"p.yaml"};
    options.policy.enforcement = std::move(enforcement);
    options.policy.settings.mode = policy::Mode::kDeny;
    options.inputs = std::move(inputs);
    options.output = output;
    return run_command(
        files_, [&](const World& world) { return check(options, world); }, "", clock_);
  }

  testing::FakeClock clock_;
  testing::MemoryFileSystem files_{
      {"p.yaml", kPolicies}, {"pod.yaml", kPod}, {"x.yaml", kException}, {"dev.yaml", kWarnInDev}};
};

TEST_F(EnforcementTest, AnExcusedViolationIsALineThatSaysWhoAnswersForIt) {
  EXPECT_EQ(check_inputs({"pod.yaml"}, {}).code, ExitCode::kDenied);
  const auto excused = check_inputs({"pod.yaml"}, {"x.yaml"}, "json");
  EXPECT_EQ(excused.code, ExitCode::kOk);
  EXPECT_EQ(excused.err, "");
  Arena arena;
  const auto report = testing::json(excused.out, arena);
  ASSERT_EQ(report["results"].size(), 1U);
  const auto& row = report["results"].items()[0];
  EXPECT_EQ(row["result"].as_string(), "skip");
  EXPECT_EQ(row["path"].as_string(), "spec.containers[0].image");
  EXPECT_EQ(row["container"].as_string(), "a");
  EXPECT_EQ(row["message"].as_string(),
            "excused until 2026-06-01 by exception old of team-a: it is old");
  EXPECT_EQ(row["line"].as_int(), 7);
  EXPECT_EQ(report["summary"]["skip"].as_int(), 1);
}

TEST_F(EnforcementTest, WhatHasExpiredIsWarnedOfAndToldBesideTheViolation) {
  clock_.set(std::chrono::sys_days{std::chrono::year{2026} / 6 / 1});
  const auto run = check_inputs({"pod.yaml"}, {"x.yaml"});
  EXPECT_EQ(run.code, ExitCode::kDenied);
  EXPECT_EQ(run.err.substr(0, run.err.find('\n')),
            "x.yaml:4:108: warning: exception 'old' of team-a expired on 2026-06-01: it excuses "
            "nothing");
  EXPECT_NE(run.out.find("image registry.example.com/team/x has no tag (exception old of team-a "
                         "expired on 2026-06-01)\n"),
            std::string::npos)
      << run.out;
}

TEST_F(EnforcementTest, NamespacesAmongTheInputsTellTheirLabels) {
  ASSERT_TRUE(files_.write(
      "ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {env: dev}}\n"));
  EXPECT_EQ(check_inputs({"pod.yaml"}, {"dev.yaml"}).code, ExitCode::kDenied);
  EXPECT_EQ(check_inputs({"pod.yaml", "ns.yaml"}, {"dev.yaml"}).code, ExitCode::kOk);
}

TEST_F(EnforcementTest, WhatIsWrongExitsWithTwo) {
  ASSERT_TRUE(files_.write("bad.yaml",
                           "apiVersion: seaworthy.dev/v1\nkind: Enforcement\nmetadata: {name: "
                           "e}\nspec: {rules: [{mode: strict}]}\n"));
  const auto broken = check_inputs({"pod.yaml"}, {"bad.yaml"});
  EXPECT_EQ(broken.code, ExitCode::kUsage);
  EXPECT_EQ(broken.err,
            "bad.yaml:4:23: error: spec.rules[0].mode must be one of off, audit, warn, deny, not "
            "'strict'\n | spec: {rules: [{mode: strict}]}\n | ......................^\n");
  EXPECT_NE(broken.out.find("denied: tagged"), std::string::npos);  // the rest is judged
  EXPECT_EQ(check_inputs({"pod.yaml"}, {"missing.yaml"}).code, ExitCode::kUsage);
  EXPECT_EQ(check_inputs({"pod.yaml"}, {"p.yaml"}).code, ExitCode::kDenied)
      << "a file that is read as policies already";
  ASSERT_TRUE(files_.write("q.yaml", kPolicies));
  EXPECT_EQ(check_inputs({"pod.yaml"}, {"q.yaml"}).code, ExitCode::kUsage);
}

TEST_F(EnforcementTest, LiesAmongPoliciesOrInAFolder) {
  ASSERT_TRUE(files_.write("e/x.yaml", kException));
  ASSERT_TRUE(files_.write("e/dev.yaml", kWarnInDev));
  EXPECT_EQ(check_inputs({"pod.yaml"}, {"e"}).code, ExitCode::kOk);
  ASSERT_TRUE(files_.write("p.yaml", std::string(kPolicies) + "---\n" + kException));
  EXPECT_EQ(check_inputs({"pod.yaml"}, {}).code, ExitCode::kOk);
  EXPECT_EQ(check_inputs({"pod.yaml"}, {"p.yaml"}).code, ExitCode::kOk);
  // The same document from two files is two documents of one name.
  EXPECT_EQ(check_inputs({"pod.yaml"}, {"x.yaml"}).code, ExitCode::kUsage);
}

/// The server's side: readiness, the answer, and what a reload makes of the documents.
class ServedEnforcementTest : public EnforcementTest {
 protected:
  void begin() {
    options_.policies = {"p.yaml"};
    options_.enforcement = {"e"};
    options_.settings.mode = policy::Mode::kDeny;
    const auto loaded = load(options_, files_, clock_.now());
    reload_.emplace(PolicyReload::Parts{.options = options_,
                                        .allow_broken = false,
                                        .files = files_,
                                        .readiness = readiness_,
                                        .log = log_,
                                        .metrics = metrics_,
                                        .clock = &clock_});
    reload_->begin(loaded);
    webhook_.emplace(loaded.set, options_.settings, log_, metrics_, clock_);
  }

  bool allows(server::Endpoint endpoint = server::Endpoint::kValidate) {
    const std::string body =
        R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",)"
        R"("operation":"CREATE","kind":{"group":"","version":"v1","kind":"Pod"},)"
        R"("resource":{"group":"","version":"v1","resource":"pods"},"namespace":"shop",)"
        R"("name":"web","object":{"metadata":{"name":"web"},"spec":{"containers":[)"
        R"({"name":"a","image":"registry.example.com/team/x"}]}}}})";
    const auto reply = webhook_->handle({.endpoint = endpoint,
                                         .filter = server::PolicyFilter::kAll,
                                         .body = body,
                                         .deadline = clock_.monotonic() + std::chrono::hours(1)});
    Arena arena;
    return testing::json(reply.body, arena)["response"]["allowed"].as_bool();
  }

  PolicyOptions options_;
  testing::CapturedLog lines_;
  observe::Log log_{lines_, clock_, observe::LogLevel::kInfo};
  observe::Metrics metrics_{"test"};
  server::Readiness readiness_;
  std::optional<PolicyReload> reload_;
  std::optional<server::Webhook> webhook_;
};

TEST_F(ServedEnforcementTest, ExpiryIsThatOfTheRequestNotOfTheLoad) {
  ASSERT_TRUE(files_.write("e/x.yaml", kException));
  begin();
  EXPECT_TRUE(readiness_.ready());
  EXPECT_TRUE(allows());
  clock_.set(std::chrono::sys_days{std::chrono::year{2026} / 6 / 1});
  EXPECT_FALSE(allows());
  EXPECT_TRUE(allows(server::Endpoint::kMutate));
}

TEST_F(ServedEnforcementTest, WhatIsBrokenKeepsTheServerFromBeingReadyAndLaterTheLastGood) {
  const std::string broken =
      "apiVersion: seaworthy.dev/v1\nkind: PolicyException\nmetadata: {name: old}\nspec: {}\n";
  ASSERT_TRUE(files_.write("e/x.yaml", broken));
  begin();
  EXPECT_FALSE(readiness_.ready());
  EXPECT_FALSE(allows());
  ASSERT_TRUE(files_.write("e/x.yaml", kException));
  EXPECT_TRUE(reload_->reload(*webhook_));
  EXPECT_TRUE(readiness_.ready());
  EXPECT_TRUE(allows());
  EXPECT_TRUE(lines_.contains(R"("kept":"","enforcement":"changed")"));
  ASSERT_TRUE(files_.write("e/x.yaml", broken));
  EXPECT_TRUE(reload_->reload(*webhook_));
  EXPECT_TRUE(reload_->reload(*webhook_));
  EXPECT_TRUE(readiness_.ready());
  EXPECT_TRUE(allows());
  EXPECT_TRUE(lines_.contains(R"("kept":"","enforcement":"kept")"));
  files_.remove("e/x.yaml");
  ASSERT_TRUE(files_.write("e/dev.yaml", kWarnInDev));
  EXPECT_TRUE(reload_->reload(*webhook_));
  EXPECT_FALSE(allows());
}

}  // namespace
}  // namespace seaworthy::cli
