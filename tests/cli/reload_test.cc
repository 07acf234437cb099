// Policies of a running server through good and bad times.
#include "cli/reload.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/json.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

using ::testing::HasSubstr;

std::string bundle(const std::string& policies) {
  return "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: b}\nspec:\n  "
         "policies:\n" +
         policies;
}

/// Refuses every Pod, with its name.
std::string refusing(const std::string& name) {
  return "    - {name: " + name + ", each: pod, require: 'false', message: refused by " + name +
         "}\n";
}

const std::string kBroken = "    - {name: a, each: pod, require: 'nothing', message: m}\n";

class ReloadTest : public ::testing::Test {
 protected:
  ReloadTest() {
    options_.policies = {"policies"};
    options_.settings.mode = policy::Mode::kDeny;
  }

  void begin(bool allow_broken = false) {
    const auto loaded = load(options_, files_);
    reload_.emplace(PolicyReload::Parts{.options = options_,
                                        .allow_broken = allow_broken,
                                        .files = files_,
                                        .readiness = readiness_,
                                        .log = log_,
                                        .metrics = metrics_});
    reload_->begin(loaded);
    webhook_.emplace(loaded.set, options_.settings, log_, metrics_, clock_);
  }

  bool reload() { return reload_->reload(*webhook_); }

  /// The names of those that refuse, sorted, as the message has them.
  std::string refused_by() {
    const std::string body =
        R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",)"
        R"("operation":"CREATE","kind":{"group":"","version":"v1","kind":"Pod"},)"
        R"("resource":{"group":"","version":"v1","resource":"pods"},"namespace":"n","name":"p",)"
        R"("object":{"metadata":{"name":"p"},"spec":{"containers":[]}}}})";
    const auto reply = webhook_->handle({.endpoint = server::Endpoint::kValidate,
                                         .filter = server::PolicyFilter::kAll,
                                         .body = body,
                                         .deadline = clock_.monotonic() + std::chrono::hours(1)});
    Arena arena;
    const auto response = testing::json(reply.body, arena)["response"];
    std::string names;
    for (const char* name : {"a", "b", "c"}) {
      const bool named = response["status"]["message"].as_string().find(
                             std::string("refused by ") + name) != std::string_view::npos;
      names += named ? name : "";
    }
    return names;
  }

  [[nodiscard]] std::string metric(const std::string& name) const {
    const std::string text = metrics_.text();
    const std::size_t at = text.find("\n" + name + " ");
    return at == std::string::npos
               ? ""
               : text.substr(at + name.size() + 2, text.find('\n', at + 1) - at - name.size() - 2);
  }

  PolicyOptions options_;
  testing::FakeClock clock_;
  testing::CapturedLog lines_;
  observe::Log log_{lines_, clock_, observe::LogLevel::kInfo};
  observe::Metrics metrics_{"test"};
  testing::MemoryFileSystem files_;
  server::Readiness readiness_;
  std::optional<PolicyReload> reload_;
  std::optional<server::Webhook> webhook_;
};

TEST_F(ReloadTest, PublishesWhatIsNewChangedAndGone) {
  ASSERT_TRUE(files_.write("policies/1.yaml", bundle(refusing("a") + refusing("b"))));
  begin();
  EXPECT_EQ(refused_by(), "ab");
  EXPECT_TRUE(reload());
  EXPECT_FALSE(lines_.contains("policies loaded again"));  // Nothing was new: only at debug.
  ASSERT_TRUE(files_.write("policies/1.yaml",
                           bundle("    - {name: a, each: pod, require: 'true', message: m}\n")));
  ASSERT_TRUE(files_.write("policies/2.yaml", bundle(refusing("c"))));
  EXPECT_TRUE(reload());
  EXPECT_EQ(refused_by(), "c");
  EXPECT_TRUE(lines_.contains(
      R"("level":"info","message":"policies loaded again","policies":2,"added":"c","changed":"a","removed":"b","kept":"")"));
  EXPECT_EQ(metric(R"(seaworthy_reloads_total{subject="policies",result="success"})"), "2");
  EXPECT_EQ(metric("seaworthy_policies_loaded"), "2");
}

TEST_F(ReloadTest, ABrokenPolicyGoesOnInItsLastGoodVersion) {
  ASSERT_TRUE(files_.write("policies/1.yaml", bundle(refusing("a"))));
  ASSERT_TRUE(files_.write("policies/2.yaml", bundle(refusing("b"))));
  begin();
  ASSERT_TRUE(files_.write("policies/1.yaml", bundle(kBroken)));
  ASSERT_TRUE(files_.write("policies/2.yaml", bundle(refusing("c"))));
  EXPECT_TRUE(reload());
  EXPECT_EQ(refused_by(), "ac");
  EXPECT_TRUE(readiness_.ready());
  EXPECT_TRUE(lines_.contains(
      R"("level":"error","message":"policy","file":"policies/1.yaml","line":6,"column":38,"policy":"a","reason":")"));
  EXPECT_TRUE(lines_.contains(
      R"("level":"warn","message":"policies loaded again, with mistakes","policies":2,"added":"c","changed":"","removed":"b","kept":"a")"));
  EXPECT_EQ(metric("seaworthy_policies_loaded"), "2");
  EXPECT_EQ(metric("seaworthy_policies_rejected"), "1");
  EXPECT_EQ(metric("seaworthy_policies_kept"), "1");
  EXPECT_EQ(metric(R"(seaworthy_reloads_total{subject="policies",result="failure"})"), "1");
  // Broken as before: nothing new is said.
  const std::size_t lines = lines_.lines().size();
  EXPECT_TRUE(reload());
  EXPECT_EQ(lines_.lines().size(), lines);
  // Its file goes: that is on purpose.
  files_.remove("policies/1.yaml");
  EXPECT_TRUE(reload());
  EXPECT_EQ(refused_by(), "c");
  EXPECT_EQ(metric("seaworthy_policies_kept"), "0");
}

TEST_F(ReloadTest, WhatCannotBeReadIsTriedAgainAndChangesNothing) {
  ASSERT_TRUE(files_.write("policies/1.yaml", bundle(refusing("a"))));
  ASSERT_TRUE(files_.write("policies/2.yaml", bundle(refusing("b"))));
  begin();
  files_.fail_read("policies/1.yaml", {ErrorCode::kDenied, "policies/1.yaml: Permission denied"});
  EXPECT_FALSE(reload());
  EXPECT_EQ(refused_by(), "ab");
  files_.fail_files_below("policies", {ErrorCode::kUnavailable, "policies: Input/output error"});
  EXPECT_FALSE(reload());
  EXPECT_EQ(refused_by(), "ab");
  EXPECT_TRUE(readiness_.ready());
  EXPECT_TRUE(lines_.contains(
      R"("message":"policies cannot be read","reason":"policies: Input/output error")"));
  files_.succeed_again();
  EXPECT_TRUE(reload());
  files_.remove("policies/1.yaml");
  files_.remove("policies/2.yaml");
  EXPECT_FALSE(reload());
  EXPECT_EQ(refused_by(), "ab");
  EXPECT_EQ(metric("seaworthy_policies_kept"), "2");
}

TEST_F(ReloadTest, BecomesReadyWhenItsPoliciesAreGood) {
  ASSERT_TRUE(files_.write("policies/1.yaml", bundle(kBroken + refusing("b"))));
  begin();
  EXPECT_FALSE(readiness_.ready());
  ASSERT_TRUE(files_.write("policies/1.yaml", "{"));
  EXPECT_TRUE(reload());
  EXPECT_FALSE(readiness_.ready());
  EXPECT_EQ(refused_by(), "b");
  ASSERT_TRUE(files_.write("policies/1.yaml", bundle(refusing("a"))));
  EXPECT_TRUE(reload());
  EXPECT_TRUE(readiness_.ready());
  EXPECT_EQ(refused_by(), "a");
}

TEST_F(ReloadTest, BrokenPoliciesThatAreAllowedDoNotKeepItFromBeingReady) {
  begin(true);
  EXPECT_FALSE(readiness_.ready());  // There is nothing to judge by.
  ASSERT_TRUE(files_.write("policies/1.yaml", bundle(kBroken + refusing("b"))));
  EXPECT_TRUE(reload());
  EXPECT_TRUE(readiness_.ready());
  EXPECT_EQ(refused_by(), "b");
}

}  // namespace
}  // namespace seaworthy::cli
