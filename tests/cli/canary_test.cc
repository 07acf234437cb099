// Distinct texts lie in every place of an object that may hold a secret; none of them may be said,
// by the built-in policies or by ones that quote all that they can, through any output. What a
// patch carries is no saying: it goes where the object goes.
#include <gtest/gtest.h>

#include "cli/canary_fixture.h"
#include "cli/check.h"
#include "cli/test.h"
#include "seaworthy/engine/admit.h"
#include "seaworthy/server/webhook.h"
#include "support/captured_log.h"
#include "support/fake_clock.h"
#include "support/json.h"
#include "support/memory_file_system.h"

namespace seaworthy::cli {
namespace {

using document::Node;
using policy::Mode;
using policy::RemedyLevel;

constexpr Mode kModes[] = {Mode::kDeny, Mode::kWarn, Mode::kAudit, Mode::kOff};
constexpr RemedyLevel kRemedies[] = {RemedyLevel::kSuggest, RemedyLevel::kSafe,
                                     RemedyLevel::kApply};
constexpr const char* kNamespace =
    R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","annotations":{"a":"@namespace@"}}})";

std::string review_of(const std::string& kind, const std::string& operation,
                      const std::string& object, const std::string& old_object,
                      const std::string& sub_resource = "") {
  const bool pod = kind == "Pod";
  const std::string group = pod ? "" : "apps";
  return R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","kind":{"group":")" +
         group + R"(","version":"v1","kind":")" + kind + R"("},"resource":{"group":")" + group +
         R"(","version":"v1","resource":")" + (pod ? "pods" : "deployments") +
         R"("},"subResource":")" + sub_resource +
         R"(","name":"web","namespace":"shop","userInfo":{"username":"dev"},"operation":")" +
         operation + R"(","object":)" + object + R"(,"oldObject":)" + old_object + "}}";
}

class CanaryTest : public ::testing::Test {
 protected:
  /// Every review that may bring an object with canaries.
  std::vector<std::string> reviews() {
    const std::string pod = canaries_.plant(testing::pod_with_canaries("new"));
    const std::string old_pod = canaries_.plant(testing::pod_with_canaries("old"));
    const std::string deployment = canaries_.plant(testing::deployment_with_canaries("new"));
    const std::string old_deployment = canaries_.plant(testing::deployment_with_canaries("old"));
    return {review_of("Pod", "CREATE", pod, "null"),
            review_of("Pod", "UPDATE", pod, old_pod),
            review_of("Pod", "UPDATE", pod, old_pod, "ephemeralcontainers"),
            review_of("Pod", "DELETE", "null", old_pod),
            review_of("Deployment", "CREATE", deployment, "null"),
            review_of("Deployment", "UPDATE", deployment, old_deployment)};
  }

  World world() {
    return {.files = &files_,
            .clock = &clock_,
            .read_stdin = []() -> Result<std::string> { return ""; },
            .out = [&](std::string_view text) { out_ += text; },
            .err = [&](std::string_view text) { err_ += text; }};
  }

  /// The bundle of a file; empty: the built-in one.
  PolicyOptions options(const std::string& policies) {
    PolicyOptions options;
    if (!policies.empty()) {
      options.policies = {policies};
    }
    return options;
  }

  void write_hostile_policies(const std::string& tests = "") {
    std::string text(testing::kHostilePolicies);
    text.replace(text.find("%TESTS%"), 7, tests);
    ASSERT_TRUE(files_.write("hostile.yaml", canaries_.plant(text)));
  }

  /// Everything that the server says under all settings, without patches.
  std::string serve_all(const std::string& policies);
  std::string check_all(const std::string& policies);

  testing::Canaries canaries_;
  testing::FakeClock clock_;
  testing::MemoryFileSystem files_;
  std::string out_;
  std::string err_;
};

/// The answer without its patch.
std::string without_patch(const std::string& body, Arena& arena) {
  const Node root = testing::json(body, arena);
  std::string said;
  for (const auto& member : root["response"].members()) {
    if (member.key.text() != "patch") {
      said += document::print_json(member.value) + '\n';
    }
  }
  return said.empty() ? body : said;
}

std::string CanaryTest::serve_all(const std::string& policies) {
  std::string said;
  const auto loaded = load(options(policies), files_, clock_.now());
  for (const auto& diagnostic : loaded.set->diagnostics()) {
    said += render(diagnostic) + '\n';
  }
  EXPECT_TRUE(loaded.set->set_aside().empty()) << said;
  for (const Mode mode : kModes) {
    for (const RemedyLevel remedy : kRemedies) {
      testing::CapturedLog lines;
      observe::Log log(lines, clock_, observe::LogLevel::kDebug);
      observe::Metrics metrics("test");
      server::Webhook webhook(loaded.set,
                              {.mode = mode,
                               .remedy = remedy,
                               .deny_from = policy::Severity::kMedium,
                               .dry_run = false},
                              log, metrics, clock_);
      for (const auto& review : reviews()) {
        for (const auto endpoint : {server::Endpoint::kMutate, server::Endpoint::kValidate}) {
          const auto reply =
              webhook.handle({.endpoint = endpoint,
                              .filter = server::PolicyFilter::kAll,
                              .body = review,
                              .deadline = clock_.monotonic() + std::chrono::seconds(9)});
          EXPECT_EQ(reply.status, 200) << reply.body;
          Arena arena;
          said += without_patch(reply.body, arena);
        }
      }
      for (const auto& line : lines.lines()) {
        said += line + '\n';
      }
      said += metrics.text();
    }
  }
  return said;
}

std::string CanaryTest::check_all(const std::string& policies) {
  const auto add = [&](const std::string& file, const std::string& text) {
    ASSERT_TRUE(files_.write(file, canaries_.plant(text)));
  };
  add("in/pod.json", testing::pod_with_canaries("new"));
  add("in/deployment.json", testing::deployment_with_canaries("new"));
  add("in/namespace.json", kNamespace);
  add("in/secret.json",
      R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"a":"@secret@"}})");
  // What cannot be read is not shown either.
  add("in/broken.yaml", "kind: Pod\nspec:\n  env:\n    - value: \"@broken-env@\": x\n");
  add("in/twice.yaml", "a: @broken-first@\na: @broken-second@\n");
  add("in/broken.json", R"({"env":[{"value":"@broken-json@" x}]})");
  for (const Mode mode : kModes) {
    for (const RemedyLevel remedy : kRemedies) {
      for (const char* form : {"text", "json", "sarif", "junit", "github"}) {
        CheckOptions check_options;
        check_options.policy = options(policies);
        check_options.policy.settings.mode = mode;
        check_options.policy.settings.remedy = remedy;
        check_options.inputs = {"in"};
        check_options.output = form;
        check(check_options, world());
      }
    }
  }
  return std::exchange(out_, "") + std::exchange(err_, "");
}

TEST_F(CanaryTest, TheBuiltInPoliciesSayNone) {
  const std::string served = serve_all("");
  canaries_.expect_none_in(served, "the server");
  EXPECT_GE(canaries_.count(), 150U);
  EXPECT_NE(served.find("run-as-non-root: spec.containers[0]: "), std::string::npos);
  const std::string checked = check_all("");
  canaries_.expect_none_in(checked, "check");
  EXPECT_NE(checked.find("remedy (safe):"), std::string::npos);
  EXPECT_NE(checked.find("in/broken.yaml:4:"), std::string::npos) << checked;
}

TEST_F(CanaryTest, TheBuiltInRemediesCarryNone) {
  const auto loaded = load(options(""), files_, clock_.now());
  for (const auto& review : reviews()) {
    Arena arena;
    const auto read = admission::read_review(testing::json(review, arena));
    ASSERT_TRUE(read);
    engine::JudgeRequest request;
    request.door = engine::Door::kMutate;
    request.settings.remedy = RemedyLevel::kApply;
    const auto admission = engine::admit(loaded.set->policies(), *read, request, arena);
    ASSERT_TRUE(admission);
    const bool mends = read->operation == admission::Operation::kCreate && read->kind.kind == "Pod";
    EXPECT_EQ(!admission->response.patch.empty(),
              mends || read->sub_resource == "ephemeralcontainers");
    canaries_.expect_none_in(document::print_patch(admission->response.patch), "a patch");
  }
}

TEST_F(CanaryTest, PoliciesThatQuoteEverythingSayNone) {
  write_hostile_policies();
  const std::string served = serve_all("hostile.yaml");
  canaries_.expect_none_in(served, "the server");
  for (const char* said :
       {R"(IP Address \"***\" parse error)", R"(volumeMounts[0].name: Not found: \"***\")",
        "m-command: spec.initContainers[0]: ***"}) {
    EXPECT_NE(served.find(said), std::string::npos) << said;
  }
  const std::string checked = check_all("hostile.yaml");
  canaries_.expect_none_in(checked, "check");
  for (const char* said :
       {"excused until 2999-01-01 by exception valid of team-a: it is old", "    number ***\n",
        "/team/new-main:1 beside ***\n", "    *** *** (exception expired of team-a expired on ",
        "no such key: ***\n", "missing closing ): `(***`",
        R"("image":"registry.example.com/team/new-main:1***)", "workingDir: /srv/***\n",
        "runAsUser: \"***\"\n", "\"***\": \"***\"\n"}) {
    EXPECT_NE(checked.find(said), std::string::npos) << said;
  }
}

TEST_F(CanaryTest, PoliciesOwnTestsSayNone) {
  const std::string pod = "pod: " + testing::spec_with_canaries("tested");
  std::string flat = pod;
  std::erase(flat, '\n');
  write_hostile_policies("tests: [{name: one, expect: allow, " + flat +
                         "}]\n      remedy: {safety: safe, container: {workingDir: "
                         "\"${container.env[0].value}\"}}");
  TestOptions tests;
  tests.policy = options("hostile.yaml");
  EXPECT_EQ(test(tests, world()), ExitCode::kDenied);
  canaries_.expect_none_in(out_ + err_, "test");
  EXPECT_NE(out_.find("t-tested / one: expected allow, got deny: spec.initContainers[0]: *** and "
                      "***"),
            std::string::npos)
      << out_;
  out_ = err_ = "";
  write_hostile_policies("tests: [{name: two, expect: mend, " + flat +
                         "}]\n      remedy: {safety: safe, container: {workingDir: "
                         "\"${container.env[0].value}\"}}");
  EXPECT_EQ(test(tests, world()), ExitCode::kUsage);
  canaries_.expect_none_in(out_ + err_, "a remedy that is not borne out");
  EXPECT_NE(err_.find("does not make its rule pass in its test 'two': spec.initContainers[0]: ***"),
            std::string::npos)
      << err_;
}

TEST_F(CanaryTest, CasesOfTestsSayNone) {
  write_hostile_policies();
  std::string pod = testing::pod_with_canaries("case");
  std::erase(pod, '\n');
  const auto tests_of = [&](const std::string& rest) {
    const std::string text =
        "apiVersion: seaworthy.dev/v1\nkind: PolicyTest\nmetadata: {name: t}\nspec:\n  cases:\n";
    ASSERT_TRUE(files_.write(
        "cases.yaml",
        canaries_.plant(text + "    - name: one\n      object: " + pod + "\n" + rest)));
  };
  tests_of(
      "      expect: {'*': skip}\n      patch: [{op: remove, path: /metadata/annotations}]\n"
      "      mended: {}\n");
  TestOptions tests;
  tests.policy = options("hostile.yaml");
  tests.inputs = {"cases.yaml"};
  for (const char* form : {"text", "junit"}) {
    tests.output = form;
    EXPECT_EQ(test(tests, world()), ExitCode::kDenied) << err_;
  }
  EXPECT_NE(out_.find("the object in the end differs: "), std::string::npos) << out_;
  EXPECT_NE(out_.find("the patched object differs: metadata.annotations"), std::string::npos)
      << out_;
  canaries_.expect_none_in(out_ + err_, "test");
  out_ = err_ = "";
  tests_of("      expect: {'*': skip}\n      a: x: y\n");
  EXPECT_EQ(test(tests, world()), ExitCode::kUsage);
  canaries_.expect_none_in(out_ + err_, "a PolicyTest that is no YAML");
}

TEST_F(CanaryTest, AnswersToBadRequestsSayNone) {
  write_hostile_policies();
  const auto loaded = load(options("hostile.yaml"), files_, clock_.now());
  testing::CapturedLog lines;
  observe::Log log(lines, clock_, observe::LogLevel::kDebug);
  observe::Metrics metrics("test");
  server::Webhook webhook(loaded.set, {}, log, metrics, clock_);
  const std::string good = reviews().front();
  std::vector<std::string> bodies;
  for (std::size_t size = 0; size < good.size(); size += 97) {
    bodies.push_back(good.substr(0, size));
    bodies.push_back(good.substr(0, size) + '}' + good.substr(size));
    bodies.push_back(good.substr(0, size) + '\xFF' + good.substr(size));
    bodies.push_back(good.substr(size));
  }
  bodies.push_back(canaries_.plant(testing::pod_with_canaries("new")));
  bodies.push_back(review_of("Pod", "CREATE", good, good));
  bodies.push_back(review_of("Pod", "CREATE", "[" + good + "]", "null"));
  std::size_t refused = 0;
  for (const auto& body : bodies) {
    for (const auto endpoint : {server::Endpoint::kMutate, server::Endpoint::kValidate}) {
      for (const int seconds : {0, 9}) {
        const auto reply =
            webhook.handle({.endpoint = endpoint,
                            .filter = server::PolicyFilter::kAll,
                            .body = body,
                            .deadline = clock_.monotonic() + std::chrono::seconds(seconds)});
        refused += reply.status == 200 ? 0 : 1;
        Arena arena;
        canaries_.expect_none_in(without_patch(reply.body, arena), "an answer");
      }
    }
  }
  EXPECT_GE(refused, bodies.size());
  for (const auto& line : lines.lines()) {
    canaries_.expect_none_in(line, "the log");
  }
}

}  // namespace
}  // namespace seaworthy::cli
