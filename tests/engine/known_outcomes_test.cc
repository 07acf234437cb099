#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/fixture.h"
#include "seaworthy/base/limits.h"
#include "seaworthy/engine/evaluator.h"
#include "support/production_bundle.h"
#include "support/test_data.h"

// What is known of a policy without running it, from the fields that are there or from a part like
// one seen before, is what it says when it runs.

namespace seaworthy::engine {
namespace {

using Json = nlohmann::ordered_json;
using Policies = std::vector<std::shared_ptr<const policy::Policy>>;

/// Each on its own: nothing is shared, known or seen.
Policies alone(const Policies& policies) {
  Policies copies;
  for (const auto& policy : policies) {
    auto copy = std::make_shared<policy::Policy>(*policy);
    copy->memo = nullptr;
    copy->twin = 0;
    copies.push_back(std::move(copy));
  }
  return copies;
}

struct Way {
  Wording wording = Wording::kFull;
  Memory memory = {};
  bool with_messages = true;
};

std::string said(const Policies& policies, const std::string& object, const Way& way = {}) {
  Arena arena;
  const auto manifest = document::parse_json(object, arena);
  const auto review = review_of_manifest(manifest.value(), "shop", arena).value();
  const auto target = Target::make(review, {}, arena);
  if (!target) {
    return target.error().message;
  }
  std::string out;
  const Findings findings =
      evaluate(policies, *target, arena, {}, {}, way.wording, way.memory).value();
  for (const Finding& finding : findings) {
    out += finding.policy->name + " " + finding.item->text() + " " +
           std::to_string(static_cast<int>(finding.outcome));
    out += way.with_messages ? " " + std::string(finding.message) + "\n" : "\n";
  }
  return out;
}

/// The object with each of its values, one at a time, taken away or replaced by another kind.
std::vector<std::string> variants(const Json& object) {
  const std::vector<Json> others{
      nullptr, "", "x", 0, 65536, true, false, Json::array(), Json::object(), Json::array({"x"})};
  std::vector<std::string> texts{object.dump()};
  const std::function<void(const Json::json_pointer&)> walk = [&](const Json::json_pointer& at) {
    const Json& value = object.at(at);
    if (at.empty() || at.to_string() == "/kind" || at.to_string() == "/apiVersion") {
      // The review is made of these.
    } else {
      Json without = object;
      Json& holder = without.at(at.parent_pointer());
      if (holder.is_object()) {
        holder.erase(at.back());
      } else {
        holder.erase(std::stoul(at.back()));
      }
      texts.push_back(without.dump());
      for (const Json& other : others) {
        Json changed = object;
        changed[at] = other;
        texts.push_back(changed.dump());
      }
    }
    if (value.is_object()) {
      for (const auto& [name, member] : value.items()) {
        walk(at / name);
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

Json recorded_pod() {
  Json object = Json::parse(testing::test_data("reviews/create-pods-api-validating.json"))
                    .at("request")
                    .at("object");
  object.at("metadata").erase("managedFields");
  object.at("metadata").at("annotations").erase("kubectl.kubernetes.io/last-applied-configuration");
  return object;
}

TEST(KnownOutcomesTest, OfAbsentFieldsAreThoseOfPoliciesThatRun) {
  const auto set = testing::production_bundle();
  const Policies lonely = alone(set->policies());
  for (const std::string& object : variants(recorded_pod())) {
    ASSERT_EQ(said(set->policies(), object), said(lonely, object)) << object;
    ASSERT_EQ(said(set->policies(), object, {.wording = Wording::kNone, .with_messages = false}),
              said(lonely, object, {.with_messages = false}))
        << object;
  }
}

/// What was noted of one object is said of the next, but for what is doubted.
TEST(KnownOutcomesTest, AreSaidAgainUnlessTheyAreDoubted) {
  const auto set = testing::policies();
  const auto& policies = set->policies();
  const auto with = [](const std::string& container) {
    return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[)" +
           container + "]}}";
  };
  const std::string good = with(
      R"({"name":"c","image":"x:1","securityContext":{"flag":true},"resources":{"limits":{}}})");
  const std::string bad = with(R"({"name":"c","image":"x"})");
  const auto lines = [](std::string flag, std::string bounded, std::string tagged) {
    return "flag spec.containers[0] " + flag + "\nbounded spec.containers[0] " + bounded +
           "\nno-host-network spec 0\ntagged spec.containers[0].image " + tagged + "\n";
  };
  KnownOutcomes outcomes(policies.size());
  const Way noted{
      .wording = Wording::kNone, .memory = {.noted = &outcomes}, .with_messages = false};
  const Way known{
      .wording = Wording::kNone, .memory = {.known = &outcomes}, .with_messages = false};
  const Way worded{.memory = {.known = &outcomes}, .with_messages = false};
  EXPECT_EQ(said(policies, good, noted), lines("0", "0", "0"));
  EXPECT_EQ(said(policies, bad, known), lines("0", "0", "0"));
  outcomes.doubt(1);
  EXPECT_EQ(said(policies, bad, known), lines("0", "1", "0"));
  outcomes.begin();
  EXPECT_EQ(said(policies, bad, known), lines("0", "0", "0"));
  // Of other parts than there were nothing is known.
  const std::string two = with(R"({"name":"c","image":"x"},{"name":"d","image":"x"})");
  EXPECT_EQ(said(policies, two, known), said(policies, two, {.with_messages = false}));
  // Who is violated is asked for words.
  EXPECT_EQ(said(policies, bad, noted), lines("1", "1", "1"));
  EXPECT_EQ(said(policies, good, known), lines("1", "1", "1"));
  EXPECT_EQ(said(policies, good, worded), lines("0", "0", "0"));
}

TEST(KnownOutcomesTest, AreNoErrors) {
  const auto set = testing::policies(
      "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t, version: 1.0.0}\n"
      "spec:\n  policies:\n    - {name: tty, each: container, require: container.tty, message: "
      "m}\n");
  const auto pod = [](const std::string& tty) {
    return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[
         {"name":"c","image":"x","tty":)" +
           tty + "}]}}";
  };
  KnownOutcomes outcomes(1);
  const Way noted{
      .wording = Wording::kNone, .memory = {.noted = &outcomes}, .with_messages = false};
  const Way known{
      .wording = Wording::kNone, .memory = {.known = &outcomes}, .with_messages = false};
  EXPECT_EQ(said(set->policies(), pod("1"), noted), "tty spec.containers[0] 3\n");
  EXPECT_EQ(said(set->policies(), pod("true"), known), "tty spec.containers[0] 0\n");
}

}  // namespace
}  // namespace seaworthy::engine
