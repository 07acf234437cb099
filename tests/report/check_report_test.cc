#include "seaworthy/report/check_report.h"

#include <gtest/gtest.h>

#include "engine/fixture.h"

namespace seaworthy::report {
namespace {

constexpr std::string_view kPod =
    "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: a, image: "
    "nginx}, {name: b, image: 'x:1', "
    "securityContext: {flag: true}, resources: {limits: {cpu: 1}}}]}}";

std::vector<Row> rows_of(std::string_view manifest, const testing::Ask& ask, Arena& arena) {
  const auto review = engine::review_of_manifest(testing::yaml(manifest, arena), "shop", arena);
  auto rows = tabulate(testing::admit(manifest, ask, arena).judgement, *review);
  for (auto& row : rows) {
    row.file = "web.yaml";
    row.line = 3;
  }
  sort(rows);
  return rows;
}

TEST(TabulateTest, GivesALineAFailingItemElseOneAPolicy) {
  Arena arena;
  std::string seen;
  for (const auto& row : rows_of(kPod, {.door = engine::Door::kCheck}, arena)) {
    seen += row.policy + " " + std::string(word_of(row.result)) + " " + row.path + "\n";
  }
  EXPECT_EQ(seen,
            "bounded fail spec.containers[0]\n"
            "flag fail spec.containers[0]\n"
            "no-host-network pass spec\n"
            "tagged warn spec.containers[0].image\n");
}

TEST(TabulateTest, MendedViolationsPass) {
  Arena arena;
  const auto rows =
      rows_of(kPod, {.door = engine::Door::kCheck, .remedy = policy::RemedyLevel::kApply}, arena);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].result, ResultWord::kPass);
  EXPECT_TRUE(rows[0].mended);
  EXPECT_FALSE(rows[2].mended);
}

TEST(TabulateTest, SaysWhyAPolicyIsSkipped) {
  Arena arena;
  const auto set = testing::policies(R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: test, version: 1.0.0}
spec:
  params: {names: {type: list, default: []}}
  policies:
    - {name: listed, when: params.names.size() > 0, require: "false", message: not listed}
    - name: lines
      each: container
      when: |
        params.names.size() > 0
        && container.name == 'a'
      require: "false"
      message: not listed
    - {name: some, each: container, when: container.name == 'a', require: "true", message: wrong}
)yaml");
  auto judged = [&](policy::Mode mode) {
    std::string seen;
    const auto review = engine::review_of_manifest(testing::yaml(kPod, arena), "shop", arena);
    const testing::Ask ask{.door = engine::Door::kCheck, .mode = mode};
    for (const auto& row : tabulate(testing::admit(kPod, ask, arena, set).judgement, *review)) {
      seen += row.policy + " " + std::string(word_of(row.result)) + ": " + row.message + "\n";
    }
    return seen;
  };
  EXPECT_EQ(judged(policy::Mode::kDeny),
            "listed skip: does not apply: `params.names.size() > 0` is not true\n"
            "lines skip: does not apply: `params.names.size() > 0 && container.name == 'a'` is not "
            "true\n"
            "some pass: \n");
  EXPECT_EQ(judged(policy::Mode::kOff), "listed skip: \nlines skip: \nsome skip: \n");
}

TEST(PrintTextTest, ShowsWhatToWrite) {
  Arena arena;
  EXPECT_EQ(print_text(rows_of(kPod, {.door = engine::Door::kCheck}, arena), 1),
            "web.yaml:3: denied: bounded (medium) Pod shop/web spec.containers[0]\n"
            "    container a is not bounded\n"
            "    remedy (careful):\n"
            "      container:\n"
            "        resources:\n"
            "          limits:\n"
            "            memory: 64Mi\n"
            "          requests:\n"
            "            memory: 64Mi\n"
            "web.yaml:3: denied: flag (high) Pod shop/web spec.containers[0]\n"
            "    container a has no flag\n"
            "    remedy (safe):\n"
            "      container:\n"
            "        securityContext:\n"
            "          flag: true\n"
            "web.yaml:3: warning: tagged (low) Pod shop/web spec.containers[0].image\n"
            "    image docker.io/library/nginx has no tag\n"
            "1 resource: 1 pass, 2 fail, 1 warn, 0 skip, 0 error\n");
}

TEST(PrintJsonTest, HasTheAgreedShape) {
  Arena arena;
  auto rows = rows_of(kPod, {.door = engine::Door::kCheck}, arena);
  rows.erase(rows.begin() + 1, rows.end());
  EXPECT_EQ(
      document::print_json(testing::json(print_json(rows), arena)),
      R"({"results":[{"policy":"bounded","severity":"medium","result":"fail","mode":"deny",)"
      R"("resource":{"apiVersion":"v1","kind":"Pod","namespace":"shop","name":"web"},"path":"spec.containers[0]",)"
      R"("container":"a","message":"container a is not bounded",)"
      R"("remedy":{"container":{"resources":{"limits":{"memory":"64Mi"},"requests":{"memory":"64Mi"}}},"safety":"careful"},)"
      R"("file":"web.yaml","line":3}],"summary":{"pass":0,"fail":1,"warn":0,"skip":0,"error":0}})");
}

}  // namespace
}  // namespace seaworthy::report
