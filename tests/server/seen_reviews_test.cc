// A webhook that has seen many reviews answers each as one that has seen none: the same body, log
// and counts.
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/fixture.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/server/webhook.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/production_bundle.h"
#include "support/test_data.h"

namespace seaworthy::server {
namespace {

using Json = nlohmann::ordered_json;
using policy::Mode;
using policy::RemedyLevel;

/// Rules that look at what differs between the Pods of a workload, in each of the ways there are.
constexpr std::string_view kCurious = R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: curious, version: 1.0.0}
spec:
  policies:
    - {name: by-request, require: "request.name != 'x'", message: "${request.name}"}
    - {name: by-user, require: "!request.userInfo.username.startsWith('x')", message: m}
    - {name: by-namespace, require: "namespaceObject.metadata.name != 'x'", message: m}
    - {name: by-object, require: "object.metadata.name != 'x'", message: "${object.metadata.name}"}
    - {name: by-labels, require: "podMetadata.?labels.orValue({}).all(k, podMetadata.labels[k] != 'x')", message: m}
    - {name: by-annotations, require: "podMetadata.?annotations.orValue({}).all(k, podMetadata.annotations[k] != 'x')", message: m}
    - {name: by-all-annotations, require: "size(string(podMetadata.?annotations.orValue({}))) >= 0 || true", message: m}
    - name: by-variable
      variables: [{name: names, expression: "pod.?volumes.orValue([]).map(v, v.name)"}]
      require: "variables.names.all(n, n != 'x')"
      message: "${variables.names.join(',')}"
    - {name: by-container, each: container, require: "container.name != 'x'", message: "${container.name} ${container.image}"}
    - {name: says-image, each: container, require: "false", message: "${container.image}"}
    - {name: says-name, require: "false", message: "${object.metadata.name}"}
    - {name: says-env, each: container, require: "container.?env.orValue([]).size() == 0", message: "${container.env[0].name} ${container.env[0].?value.orValue('')}"}
    - {name: by-kind, each: container, when: "containerKind == 'init'", require: "false", message: m}
    - {name: by-volume, each: volume, require: "volume.name != 'x'", message: "${volume.name}"}
    - {name: by-image, each: image, require: "image.registry != 'x' && image.tag != 'x'", message: "${image.repository}"}
)yaml";

/// Rules that are about some objects only.
constexpr std::string_view kChoosy = R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: choosy, version: 1.0.0}
spec:
  policies:
    - name: matches
      match:
        resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: ["*"], resourceNames: [x, api]}]
      require: "false"
      message: m
    - name: matches-labels
      match:
        resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: ["*"]}]
        objectSelector: {matchExpressions: [{key: app, operator: In, values: [x]}]}
      require: "false"
      message: m
)yaml";

/// Beside kCurious: each answer hangs on an expression that could not be evaluated.
constexpr std::string_view kErring = R"yaml(
    - name: errs
      failurePolicy: Ignore
      require: "int(object.metadata.name) > 0"
      message: m
)yaml";

constexpr std::string_view kEnforcement = R"yaml(
---
apiVersion: seaworthy.dev/v1
kind: Enforcement
metadata: {name: e}
spec:
  rules:
    - {namespaces: {names: [x]}, mode: deny}
    - {workloads: [{kind: Pod, name: "x*"}], mode: audit}
    - {users: ["x*"], mode: deny}
)yaml";

constexpr std::string_view kException = R"yaml(
---
apiVersion: seaworthy.dev/v1
kind: PolicyException
metadata: {name: old}
spec:
  policies: [says-image, says-name]
  namespaces: [default]
  owner: team-a
  reason: it is old
  expires: '2026-01-01T00:00:10Z'
)yaml";

std::shared_ptr<const policy::PolicySet> load(const std::string& text) {
  auto set = policy::load_policies({{"p.yaml", text}});
  for (const auto& diagnostic : set->diagnostics()) {
    EXPECT_NE(diagnostic.severity, Diagnostic::Severity::kError) << render(diagnostic);
  }
  return set;
}

/// Two servers side by side, of which one forgets everything after each request.
class Twins {
 public:
  Twins(std::shared_ptr<const policy::PolicySet> policies, const engine::Settings& settings)
      : policies_(std::move(policies)),
        settings_(settings),
        webhook_(policies_, settings, log_, metrics_, clock_) {}

  /// Sends it to both, and says what is not the same.
  void send(Endpoint endpoint, const std::string& body, PolicyFilter filter = PolicyFilter::kAll) {
    const WebhookRequest request{.endpoint = endpoint,
                                 .filter = filter,
                                 .body = body,
                                 .deadline = clock_.monotonic() + std::chrono::seconds(9)};
    const WebhookReply reply = webhook_.handle(request);
    Webhook forgetful(policies_, settings_, other_log_, other_metrics_, clock_);
    const WebhookReply other = forgetful.handle(request);
    ASSERT_EQ(reply.body, other.body) << body;
    ASSERT_EQ(reply.status, other.status) << body;
    const auto lines = lines_.take();
    ASSERT_EQ(lines, other_lines_.take());
    ASSERT_EQ(lines.size(), 1U);
  }

  /// Sends it until it is kept, and once more.
  void send_until_known(Endpoint endpoint, const std::string& body) {
    for (int round = 0; round < 3; ++round) {
      ASSERT_NO_FATAL_FAILURE(send(endpoint, body));
    }
  }

  void publish(std::shared_ptr<const policy::PolicySet> policies) {
    policies_ = std::move(policies);
    webhook_.publish(policies_);
  }

  void expect_same_counts() const {
    EXPECT_EQ(without_reuse(metrics_.text()), without_reuse(other_metrics_.text()));
  }

  /// Of the reviews, how many were answered so: "answer", "outcomes", "nothing".
  [[nodiscard]] std::size_t reused(std::string_view how) const {
    const std::string text = metrics_.text();
    const std::string line = "seaworthy_admission_reuse_total{reuse=\"" + std::string(how) + "\"} ";
    const auto at = text.find(line);
    return at == std::string::npos ? 0 : std::stoul(text.substr(at + line.size()));
  }

  testing::FakeClock clock_;

 private:
  static std::string without_reuse(std::string text) {
    const auto from = text.find("# HELP seaworthy_admission_reuse_total");
    return text.erase(from, text.find("# HELP", from + 1) - from);
  }

  std::shared_ptr<const policy::PolicySet> policies_;
  engine::Settings settings_;
  testing::CapturedLog lines_;
  testing::CapturedLog other_lines_;
  observe::Log log_{lines_, clock_, observe::LogLevel::kDebug};
  observe::Log other_log_{other_lines_, clock_, observe::LogLevel::kDebug};
  observe::Metrics metrics_{"test"};
  observe::Metrics other_metrics_{"test"};
  Webhook webhook_;
};

/// The review with each of its strings, one at a time, as another one; and then all of those at
/// once that the Pods of a workload differ in.
std::vector<std::string> likes(const std::string& review, const std::vector<std::string>& others) {
  std::vector<std::string> texts;
  const Json json = Json::parse(review);
  const std::function<void(const Json::json_pointer&)> walk = [&](const Json::json_pointer& at) {
    const Json& value = json.at(at);
    if (value.is_string()) {
      for (const std::string& other : others) {
        Json changed = json;
        changed[at] = other;
        texts.push_back(changed.dump());
      }
    } else if (value.is_object()) {
      for (const auto& [name, member] : value.items()) {
        if (name != "managedFields") {
          walk(at / name);
        }
      }
    } else if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        walk(at / i);
      }
    }
  };
  walk(Json::json_pointer());
  return texts;
}

std::string sibling(const std::string& review, int number) {
  Json json = Json::parse(review);
  Json& request = json["request"];
  request["uid"] = "uid-" + std::to_string(number);
  if (request.contains("name")) {
    request["name"] = "sibling-" + std::to_string(number);
  }
  Json& metadata = request["object"]["metadata"];
  for (const char* field : {"name", "uid", "creationTimestamp"}) {
    if (metadata.contains(field)) {
      metadata[field] = field + std::to_string(number);
    }
  }
  for (Json& manager : metadata["managedFields"]) {
    manager["time"] = "2026-11-22T13:08:" + std::to_string(number % 50 + 10) + "Z";
  }
  std::string text = json.dump();
  for (auto at = text.find("kube-api-access-"); at != std::string::npos;
       at = text.find("kube-api-access-", at + 1)) {
    text.replace(at + 16, 5, std::to_string(10'000 + number));
  }
  return text;
}

struct Setting {
  std::string name;
  std::string policies;
  engine::Settings settings;
};

std::vector<Setting> all_settings() {
  const std::string curious(kCurious);
  const auto with = [](Mode mode, RemedyLevel remedy = RemedyLevel::kSuggest) {
    return engine::Settings{.mode = mode, .remedy = remedy};
  };
  return {
      {"curious, deny", curious, with(Mode::kDeny)},
      {"curious, audit", curious, with(Mode::kAudit)},
      {"curious, with errors", curious + std::string(kErring), with(Mode::kWarn)},
      {"choosy", std::string(kChoosy), with(Mode::kDeny)},
      {"mended", std::string(testing::kBundle), with(Mode::kDeny, RemedyLevel::kApply)},
      {"enforced", curious + std::string(kEnforcement), with(Mode::kWarn)},
      {"enforced, of which little is seen",
       std::string(testing::kBundle) + std::string(kEnforcement), with(Mode::kWarn)},
      {"excused", curious + std::string(kException), with(Mode::kDeny)},
  };
}

std::vector<std::string> recorded() {
  std::vector<std::string> reviews;
  for (const char* name : {"create-pods-api-validating", "create-pods-shop-validating",
                           "create-pods-shop-mutating", "create-deployments-shop-validating"}) {
    reviews.push_back(
        Json::parse(testing::test_data("reviews/" + std::string(name) + ".json")).dump());
  }
  Json with_sidecar = Json::parse(reviews[0]);
  with_sidecar["request"]["object"]["spec"]["initContainers"][0]["restartPolicy"] = "Always";
  reviews.push_back(with_sidecar.dump());
  return reviews;
}

/// The recorded Pod of a ReplicaSet with other members in its `spec`.
std::string with_spec(const Json& members) {
  Json review = Json::parse(testing::test_data("reviews/create-pods-shop-validating.json"));
  review["request"]["object"]["spec"].update(members);
  return review.dump();
}

/// Every recorded review until it is remembered, and then its likes and itself in turn.
void send_likes(Twins& twins, const std::vector<std::string>& others) {
  for (const std::string& review : recorded()) {
    for (const Endpoint endpoint : {Endpoint::kValidate, Endpoint::kMutate}) {
      ASSERT_NO_FATAL_FAILURE(twins.send_until_known(endpoint, review));
      for (const std::string& like : likes(review, others)) {
        ASSERT_NO_FATAL_FAILURE(twins.send(endpoint, like));
        ASSERT_NO_FATAL_FAILURE(twins.send(endpoint, review));
      }
    }
  }
  twins.expect_same_counts();
}

TEST(SeenReviewsTest, AreAnsweredAsIfNothingHadBeenSeen) {
  for (const Setting& setting : all_settings()) {
    SCOPED_TRACE(setting.name);
    Twins twins(load(setting.policies), setting.settings);
    ASSERT_NO_FATAL_FAILURE(send_likes(twins, {"x", "a longer \"one\"\n"}));
    EXPECT_GT(twins.reused("outcomes"), 100U);
  }
}

TEST(SeenReviewsTest, AreAnsweredByTheProductionBundleAsIfNothingHadBeenSeen) {
  for (const Mode mode : {Mode::kAudit, Mode::kDeny}) {
    Twins twins(testing::production_bundle(), {.mode = mode, .remedy = RemedyLevel::kApply});
    ASSERT_NO_FATAL_FAILURE(send_likes(twins, {"", "Unconfined"}));
    EXPECT_GT(twins.reused("answer"), 100U);
  }
}

TEST(SeenReviewsTest, ThePodsOfAWorkloadAreJudgedByTheirDifferences) {
  Twins twins(testing::production_bundle(), {.mode = Mode::kDeny});
  const std::string review = testing::test_data("reviews/create-pods-shop-validating.json");
  for (int i = 0; i < 100; ++i) {
    ASSERT_NO_FATAL_FAILURE(twins.send(Endpoint::kValidate, sibling(review, i)));
  }
  EXPECT_EQ(twins.reused("nothing"), 2U);
  EXPECT_EQ(twins.reused("answer") + twins.reused("outcomes"), 98U);
  twins.expect_same_counts();
}

/// What is secret in one place and written in another is none, so the message hangs on a label that
/// no expression sees.
TEST(SeenReviewsTest, WhatIsSaidHangsOnWhatIsNoSecret) {
  Twins twins(load(R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: t, version: 1.0.0}
spec:
  policies:
    - {name: says-command, each: container, require: "false", message: "runs ${container.command[0]}"}
)yaml"),
              {.mode = Mode::kDeny});
  const std::string review = with_spec(
      {{"containers", {{{"name", "c"}, {"image", "x:1"}, {"command", {"hunter22hunter22"}}}}}});
  ASSERT_NO_FATAL_FAILURE(twins.send_until_known(Endpoint::kValidate, review));
  Json like = Json::parse(review);
  like["request"]["object"]["metadata"]["labels"]["app"] = "hunter22hunter22";
  ASSERT_NO_FATAL_FAILURE(twins.send(Endpoint::kValidate, like.dump()));
  EXPECT_EQ(twins.reused("outcomes"), 2U);
}

/// Whether a remedy can be applied hangs on a limit that no expression sees: a request may not be
/// above it.
TEST(SeenReviewsTest, RemediesHangOnMoreThanExpressions) {
  Twins twins(load(R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: t, version: 1.0.0}
spec:
  policies:
    - name: requests
      each: container
      require: container.?resources.requests.cpu.hasValue()
      message: m
      remedy: {safety: careful, container: {resources: {requests: {cpu: 500m}}}}
)yaml"),
              {.mode = Mode::kDeny, .remedy = RemedyLevel::kApply});
  const std::string review = with_spec(
      {{"containers",
        {{{"name", "c"}, {"image", "x:1"}, {"resources", {{"limits", {{"cpu", "100m"}}}}}}}}});
  ASSERT_NO_FATAL_FAILURE(twins.send_until_known(Endpoint::kMutate, review));
  Json like = Json::parse(review);
  like["request"]["object"]["spec"]["containers"][0]["resources"]["limits"]["cpu"] = "800m";
  ASSERT_NO_FATAL_FAILURE(twins.send(Endpoint::kMutate, like.dump()));
  EXPECT_EQ(twins.reused("answer"), 0U);
  EXPECT_EQ(twins.reused("outcomes"), 2U);
}

TEST(SeenReviewsTest, AreForgottenWithThePolicies) {
  Twins twins(testing::policies(), {.mode = Mode::kDeny});
  const std::string review = recorded()[0];
  for (int round = 0; round < 4; ++round) {
    ASSERT_NO_FATAL_FAILURE(twins.send(Endpoint::kValidate, review));
  }
  EXPECT_EQ(twins.reused("answer"), 2U);
  twins.publish(load(std::string(kCurious)));
  ASSERT_NO_FATAL_FAILURE(twins.send(Endpoint::kValidate, review));
  EXPECT_EQ(twins.reused("answer"), 2U);
}

TEST(SeenReviewsTest, AnExceptionExpiresOfWhatWasSeen) {
  Twins twins(load(std::string(kCurious) + std::string(kException)), {.mode = Mode::kDeny});
  const std::string review = recorded()[1];
  for (int second = 0; second < 20; ++second) {
    ASSERT_NO_FATAL_FAILURE(twins.send(Endpoint::kValidate, review));
    twins.clock_.advance(std::chrono::seconds(1));
  }
  EXPECT_EQ(twins.reused("answer"), 0U);
}

TEST(SeenReviewsTest, PathsAndDoorsAreApart) {
  Twins twins(load(std::string(kCurious)), {.mode = Mode::kDeny});
  const std::string review = recorded()[0];
  for (int round = 0; round < 4; ++round) {
    for (const Endpoint endpoint : {Endpoint::kValidate, Endpoint::kMutate}) {
      for (const PolicyFilter filter :
           {PolicyFilter::kAll, PolicyFilter::kFail, PolicyFilter::kIgnore}) {
        ASSERT_NO_FATAL_FAILURE(twins.send(endpoint, review, filter));
      }
    }
  }
  twins.expect_same_counts();
}

/// What is no creation, or broken, or larger than what is kept, is read each time.
TEST(SeenReviewsTest, OtherBodiesAreReadEachTime) {
  Twins twins(testing::production_bundle(), {.mode = Mode::kDeny});
  Json update = Json::parse(recorded()[1]);
  update["request"]["operation"] = "UPDATE";
  update["request"]["oldObject"] = update["request"]["object"];
  Json twice = Json::parse(recorded()[1]);
  twice["request"]["oldObject"] = twice["request"]["object"];
  Json large = Json::parse(recorded()[1]);
  large["request"]["object"]["metadata"]["annotations"]["a"] =
      std::string(limits::kKeptReviewBytesMax, 'a');
  std::string duplicate = recorded()[1];
  duplicate.insert(duplicate.find(R"("name":)"), R"("name":"first",)");
  std::string no_json = recorded()[1];
  no_json.replace(no_json.size() - 2, 1, "]");
  // Of what nobody sees only the brackets are looked at, each time.
  std::string no_time = recorded()[1];
  const auto time = no_time.find(R"("time":")") + 7;
  no_time.replace(time, no_time.find('"', time + 1) + 1 - time, "nul");
  std::string no_review = recorded()[1];
  no_review.replace(no_review.find(R"("uid")"), 5, R"("sid")");
  for (const std::string& body : {update.dump(), twice.dump(), large.dump(), duplicate, no_json,
                                  no_time, no_review, std::string()}) {
    for (int round = 0; round < 4; ++round) {
      ASSERT_NO_FATAL_FAILURE(twins.send(Endpoint::kValidate, body));
    }
  }
  EXPECT_EQ(twins.reused("answer") + twins.reused("outcomes"), 0U);
}

/// More workloads than are kept, again and again.
TEST(SeenReviewsTest, WorkloadsTakeEachOthersPlaces) {
  Twins twins(load(std::string(kCurious)), {.mode = Mode::kDeny});
  const Json review = Json::parse(recorded()[1]);
  std::vector<std::string> workloads;
  for (std::size_t i = 0; i < 3 * limits::kKeptReviewsMax; ++i) {
    Json other = review;
    other["request"]["object"]["metadata"]["generateName"] = "workload-" + std::to_string(i) + "-";
    // Some are alike in all but a number, some hold a key more.
    other["request"]["object"]["spec"]["terminationGracePeriodSeconds"] = i % 5;
    if (i % 3 == 0) {
      other["request"]["object"]["metadata"]["labels"]["workload"] = std::to_string(i);
    }
    workloads.push_back(other.dump());
  }
  for (int round = 0; round < 8; ++round) {
    for (const std::string& workload : workloads) {
      ASSERT_NO_FATAL_FAILURE(twins.send(Endpoint::kValidate, sibling(workload, round)));
    }
  }
  EXPECT_GT(twins.reused("answer") + twins.reused("outcomes"), 0U);
  twins.expect_same_counts();
}

}  // namespace
}  // namespace seaworthy::server
