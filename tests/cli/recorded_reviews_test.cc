// What a real API server sent, through the webhook with the built-in bundle under `--mode deny
// --remedy apply`: the reviews are kube-apiserver 1.36's own (tests/testdata/reviews).
#include <gtest/gtest.h>

#include "cli/policy_options.h"
#include "seaworthy/admission/review.h"
#include "seaworthy/document/edit.h"
#include "seaworthy/document/patch.h"
#include "seaworthy/engine/judge.h"
#include "seaworthy/observe/metrics.h"
#include "seaworthy/policy/policy_set.h"
#include "seaworthy/server/webhook.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/json.h"
#include "support/test_data.h"

namespace seaworthy::cli {
namespace {

using document::Node;
using server::Endpoint;

class RecordedReviewsTest : public ::testing::Test {
 protected:
  RecordedReviewsTest()
      : webhook_(policy::load_policies(production_bundle()), settings(), log_, metrics_, clock_) {}

  static engine::Settings settings() {
    return {.mode = policy::Mode::kDeny,
            .remedy = policy::RemedyLevel::kApply,
            .deny_from = policy::Severity::kMedium,
            .dry_run = false};
  }

  /// The `response` to a body.
  Node send(Endpoint endpoint, const std::string& body) {
    const auto reply = webhook_.handle({.endpoint = endpoint,
                                        .filter = server::PolicyFilter::kAll,
                                        .body = body,
                                        .deadline = clock_.monotonic() + std::chrono::seconds(9)});
    EXPECT_EQ(reply.status, 200) << reply.body;
    return testing::json(reply.body, arena_)["response"];
  }

  Node mutate(const std::string& name) {
    return send(Endpoint::kMutate, testing::test_data("reviews/" + name + "-mutating.json"));
  }

  Node validate(const std::string& name) {
    return send(Endpoint::kValidate, testing::test_data("reviews/" + name + "-validating.json"));
  }

  /// The review of `name` with the object that /mutate makes of it.
  std::string mended(const std::string& name) {
    const auto body = testing::test_data("reviews/" + name + "-mutating.json");
    const Node review = testing::json(body, arena_);
    const auto read = admission::read_review(review);
    EXPECT_TRUE(read);
    engine::JudgeRequest request;
    request.door = engine::Door::kMutate;
    request.settings = settings();
    const auto set = policy::load_policies(production_bundle());
    const auto judgement = engine::judge(set->policies(), *read, request, arena_);
    EXPECT_TRUE(judgement);
    const auto path = *document::Path::parse("request.object");
    return document::print_json(
        *document::with_value(review, path, judgement->mended.object, arena_));
  }

  Arena arena_;
  testing::FakeClock clock_;
  testing::CapturedLog lines_;
  observe::Log log_{lines_, clock_, observe::LogLevel::kDebug};
  observe::Metrics metrics_{"test"};
  server::Webhook webhook_;
};

TEST_F(RecordedReviewsTest, WebIsMendedByMutate) {
  const Node response = mutate("create-pods-web");
  EXPECT_TRUE(response["allowed"].as_bool());
  EXPECT_EQ(response["patchType"].as_string(), "JSONPatch");
  EXPECT_GT(response["patch"].size(), 100U);
}

TEST_F(RecordedReviewsTest, WebUnmendedIsRefusedWithEveryViolationNamed) {
  const Node response = validate("create-pods-web");
  EXPECT_FALSE(response["allowed"].as_bool());
  EXPECT_EQ(response["status"]["code"].as_int(), 403);
  EXPECT_EQ(response["status"]["reason"].as_string(), "Forbidden");
  const auto message = response["status"]["message"].as_string();
  for (const auto* policy :
       {"run-as-non-root", "read-only-root-filesystem", "drop-all-capabilities",
        "no-privilege-escalation", "seccomp-runtime-default", "memory-limit", "cpu-memory-requests",
        "no-latest-tag", "no-secrets-in-env"}) {
    EXPECT_NE(message.find(policy), std::string_view::npos) << policy << " is not in " << message;
  }
  EXPECT_EQ(message.find("hunter2"), std::string_view::npos) << message;
}

TEST_F(RecordedReviewsTest, NoSecretReachesTheLog) {
  mutate("create-pods-web");
  validate("create-pods-web");
  EXPECT_TRUE(lines_.contains("no-secrets-in-env"));
  EXPECT_FALSE(lines_.contains("hunter2"));
}

TEST_F(RecordedReviewsTest, WebMendedStillFailsForWhatNoRemedyMends) {
  const Node response = send(Endpoint::kValidate, mended("create-pods-web"));
  EXPECT_EQ(response["status"]["message"].as_string(),
            "2 violations of 2 policies:\n"
            "- no-latest-tag: spec.containers[0].image: image nginx:latest has a tag that moves\n"
            "- no-secrets-in-env: spec.containers[0]: container app is given a secret in env "
            "DB_PASSWORD");
}

TEST_F(RecordedReviewsTest, AMendedPodSentAgainGetsNoPatch) {
  for (const auto* name : {"create-pods-web", "create-pods-shop", "create-pods-db",
                           "create-pods-once", "create-pods-api"}) {
    const Node first = mutate(name);
    EXPECT_FALSE(first["patch"].is_null()) << name;
    const Node second = send(Endpoint::kMutate, mended(name));
    EXPECT_TRUE(second["patch"].is_null()) << name;
    EXPECT_TRUE(second["patchType"].is_null()) << name;
  }
}

TEST_F(RecordedReviewsTest, ADryRunGetsTheSamePatch) {
  const Node response =
      send(Endpoint::kMutate, testing::test_data("reviews/create-pods-dry-mutating-dryrun.json"));
  EXPECT_FALSE(response["patch"].is_null());
}

TEST_F(RecordedReviewsTest, ApiIsMendedByAdviceAloneAndLetInWithWarningsAtMost) {
  const Node review = testing::json(mended("create-pods-api"), arena_);
  const Node sent =
      testing::json(testing::test_data("reviews/create-pods-api-mutating.json"), arena_);
  const auto patch = document::diff(sent["request"]["object"], review["request"]["object"]);
  EXPECT_EQ(
      document::print_patch(patch),
      R"([{"op":"add","path":"/spec/initContainers/0/resources/limits/ephemeral-storage","value":"2112Mi"},)"
      R"({"op":"add","path":"/spec/initContainers/0/resources/requests/ephemeral-storage","value":"64Mi"},)"
      R"({"op":"add","path":"/spec/containers/1/resources/limits/ephemeral-storage","value":"2112Mi"},)"
      R"({"op":"add","path":"/spec/containers/1/resources/requests/ephemeral-storage","value":"64Mi"}])");
  const Node response = validate("create-pods-api");
  EXPECT_TRUE(response["allowed"].as_bool());
}

TEST_F(RecordedReviewsTest, AgentIsRefusedAtItsTemplate) {
  EXPECT_TRUE(mutate("create-daemonsets-agent")["patch"].is_null());
  const auto response = validate("create-daemonsets-agent");
  EXPECT_FALSE(response["allowed"].as_bool());
  const auto message = response["status"]["message"].as_string();
  for (const auto* part : {"no-privileged: spec.template.spec.containers[0]",
                           "no-host-namespaces: spec.template.spec:", "no-latest-tag"}) {
    EXPECT_NE(message.find(part), std::string_view::npos) << part << " is not in " << message;
  }
}

TEST_F(RecordedReviewsTest, WorkloadsWhosePodsWillBeMendedPass) {
  for (const auto* name :
       {"create-deployments-shop", "create-replicasets-shop", "create-cronjobs-report"}) {
    EXPECT_TRUE(mutate(name)["patch"].is_null()) << name;
    const Node response = validate(name);
    EXPECT_TRUE(response["allowed"].as_bool())
        << name << ": " << response["status"]["message"].as_string();
  }
}

TEST_F(RecordedReviewsTest, WorkloadsAreRefusedForWhatNoRemedyMends) {
  EXPECT_EQ(validate("create-statefulsets-db")["status"]["message"].as_string(),
            "1 violation of 1 policy:\n"
            "- no-secrets-in-env: spec.template.spec.containers[0]: container pg is given a secret "
            "in env POSTGRES_PASSWORD");
  EXPECT_EQ(validate("create-jobs-once")["status"]["message"].as_string(),
            "1 violation of 1 policy:\n"
            "- no-latest-tag: spec.template.spec.containers[0].image: image busybox has no tag, "
            "which means latest");
}

TEST_F(RecordedReviewsTest, DeletesAndUpdatesPassUnlessTheyChangeWhatRuns) {
  for (const auto* name :
       {"delete-pods-api", "delete-pods-once", "delete-jobs-once", "update-pods-once",
        "update-pods-api", "update-deployments-shop", "update-replicasets-shop"}) {
    EXPECT_TRUE(mutate(name)["patch"].is_null()) << name;
    const Node response = validate(name);
    EXPECT_TRUE(response["allowed"].as_bool())
        << name << ": " << response["status"]["message"].as_string();
  }
  // A debug container that asks for SYS_PTRACE: its security context is mended as far as it goes,
  // what it added is refused.
  EXPECT_FALSE(mutate("update-pods-ephemeralcontainers-api")["patch"].is_null());
  const Node debug = validate("update-pods-ephemeralcontainers-api");
  EXPECT_FALSE(debug["allowed"].as_bool());
  EXPECT_NE(debug["status"]["message"].as_string().find(
                "drop-all-capabilities: spec.ephemeralContainers[0]"),
            std::string_view::npos);
}

}  // namespace
}  // namespace seaworthy::cli
