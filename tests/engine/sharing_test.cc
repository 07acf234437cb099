#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/fixture.h"
#include "seaworthy/engine/evaluator.h"

// Policies that share what they compute, or are twins, say what they would say alone.

namespace seaworthy::engine {
namespace {

constexpr std::string_view kTwins = R"yaml(
apiVersion: seaworthy.dev/v1
kind: PolicyBundle
metadata: {name: twins, version: 1.0.0}
spec:
  params:
    least: {type: int, default: 2, description: the least}
  policies:
    - name: bounded-1
      each: container
      variables: [{name: limits, expression: "container.?resources.limits"}]
      require: variables.limits.hasValue() && 'memory' in variables.limits.value()
      message: first ${container.name}
    - name: bounded-2
      each: container
      variables: [{name: bounds, expression: "container.?resources.limits"}]
      require: variables.bounds.hasValue() && 'memory' in variables.bounds.value()
      message: second ${container.name}
    - name: bounded-3
      each: container
      when: container.name != 'b'
      variables: [{name: limits, expression: "container.?resources.limits"}]
      require: variables.limits.hasValue() && 'memory' in variables.limits.value()
      message: third ${container.name}
    - name: all-bounded
      require: pod.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)
      message: not all
    - name: some-bounded
      require: pod.containers.exists(x, has(x.resources) && has(x.resources.limits) && 'memory' in x.resources.limits)
      message: none
    - name: enough
      require: pod.containers.size() >= params.least
      message: too few
    - name: enough-again
      require: pod.containers.size() >= params.least
      message: too few again
    - name: fails-1
      require: pod.containers.all(c, c.ports.all(p, p.containerPort > 0))
      message: ports
    - name: fails-2
      require: pod.containers.all(c, c.ports.all(p, p.containerPort > 0))
      message: ports again
    - name: tagged-1
      each: image
      require: image.tag != ''
      message: ${image.repository} has no tag
    - name: tagged-2
      each: container
      require: image.tag != ''
      message: ${image.repository} of ${container.name} has no tag
    - name: tagged-3
      each: container
      require: image.tag != ''
      message: ${container.name} too
)yaml";

constexpr std::string_view kPods[] = {
    // NOLINT(modernize-avoid-c-arrays)
    R"({"containers":[{"name":"a","image":"x:1","resources":{"limits":{"memory":"1Gi"}},
        "ports":[{"containerPort":80}]},{"name":"b","image":"y:2",
        "resources":{"limits":{"memory":"1Gi"}},"ports":[]}]})",
    R"({"containers":[{"name":"a","image":"x"},{"name":"b","image":"y:2",
        "resources":{"limits":{"cpu":"1"}}}]})",
    R"({"containers":[{"name":"b","image":"x@sha256:0","resources":null}],
        "initContainers":[{"name":"i","image":"z","resources":{"limits":{"memory":"1"}}}]})",
    R"({"containers":[]})",
};

std::string said(std::span<const std::shared_ptr<const policy::Policy>> policies,
                 std::string_view pod) {
  Arena arena;
  const auto manifest = document::parse_json(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":)" + std::string(pod) + "}",
      arena);
  const auto review = review_of_manifest(manifest.value(), "shop", arena).value();
  const auto target = Target::make(review, {}, arena).value();
  std::string out;
  const Findings findings = evaluate(policies, target, arena).value();
  for (const Finding& finding : findings) {
    out += finding.policy->name + " " + finding.item->text() + " " +
           std::to_string(static_cast<int>(finding.outcome)) + " " + std::string(finding.message) + "\n";
  }
  return out;
}

TEST(SharingTest, ChangesNothingThatIsSaid) {
  const auto set = testing::policies(kTwins);
  std::vector<std::shared_ptr<const policy::Policy>> alone;
  for (const auto& policy : set->policies()) {
    auto copy = std::make_shared<policy::Policy>(*policy);
    copy->memo = nullptr;
    copy->twin = 0;
    alone.push_back(std::move(copy));
  }
  std::string all;
  for (const std::string_view pod : kPods) {
    const std::string shared = said(set->policies(), pod);
    EXPECT_EQ(shared, said(alone, pod)) << pod;
    all += shared;
  }
  EXPECT_NE(all.find("second b"), std::string::npos);
  EXPECT_NE(all.find("could not be evaluated: no such key: ports"), std::string::npos);
}

TEST(SharingTest, KnowsTwinsWhateverTheyAreCalled) {
  const auto set = testing::policies(kTwins);
  const auto twin = [&](std::string_view name) { return set->find(name)->twin; };
  EXPECT_NE(twin("bounded-1"), 0U);
  EXPECT_EQ(twin("bounded-1"), twin("bounded-2"));
  EXPECT_NE(twin("bounded-1"), twin("bounded-3"));
  EXPECT_EQ(twin("enough"), twin("enough-again"));
  EXPECT_EQ(twin("fails-1"), twin("fails-2"));
  EXPECT_NE(twin("tagged-1"), twin("tagged-2"));
  EXPECT_EQ(twin("tagged-2"), twin("tagged-3"));
}

}  // namespace
}  // namespace seaworthy::engine
