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
#include "support/test_data.h"

// What is known of a policy without running it, from the fields that are there or from a part like
// one seen before, is what it says when it runs.

namespace seaworthy::engine {
namespace {

using Json = nlohmann::ordered_json;
using Policies = std::vector<std::shared_ptr<const policy::Policy>>;

std::shared_ptr<const policy::PolicySet> production() {
  std::vector<policy::SourceText> sources;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SEAWORTHY_SOURCE_DIR) +
                                                               "/policies/production")) {
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    sources.push_back({entry.path().filename(), text.str()});
  }
  return policy::load_policies(sources);
}

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
  SeenParts* seen = nullptr;
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
      evaluate(policies, *target, arena, {}, {}, way.wording, way.seen).value();
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

TEST(KnownOutcomesTest, AreThoseOfPoliciesThatRun) {
  const auto set = production();
  const Policies lonely = alone(set->policies());
  SeenParts seen;
  for (const std::string& object : variants(recorded_pod())) {
    const std::string full = said(lonely, object);
    ASSERT_EQ(said(set->policies(), object), full) << object;
    ASSERT_EQ(said(set->policies(), object, {.seen = &seen}), full) << object;
    ASSERT_EQ(said(set->policies(), object, {.seen = &seen}), full) << object;
    const std::string outcomes = said(lonely, object, {.with_messages = false});
    ASSERT_EQ(said(set->policies(), object,
                   {.wording = Wording::kNone, .seen = &seen, .with_messages = false}),
              outcomes)
        << object;
  }
}

/// Every container has another name, so there are more than are kept.
TEST(KnownOutcomesTest, AreRightWhenPartsTakeEachOthersPlaces) {
  const auto set = testing::policies();
  const Policies lonely = alone(set->policies());
  SeenParts seen;
  Json pod = Json::parse(
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[]}})");
  for (std::size_t i = 0; i < limits::kSeenPartsMax; ++i) {
    pod["spec"]["containers"].push_back(
        {{"name", "c" + std::to_string(i)},
         {"image", i % 3 == 0 ? "x" + std::to_string(i) : "x:" + std::to_string(i)},
         {"resources", i % 2 == 0 ? Json{{"limits", {{"memory", i}}}} : Json{{"requests", i}}},
         {"securityContext", {{"flag", i % 5 == 0}}}});
  }
  const std::string object = pod.dump();
  const std::string full = said(lonely, object);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(said(set->policies(), object, {.seen = &seen}), full);
  }
}

TEST(KnownOutcomesTest, AreForgottenWithThePolicies) {
  constexpr std::string_view kRule =
      "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\nmetadata: {name: t, version: 1.0.0}\n"
      "spec:\n  policies:\n    - {name: tty, each: container, require: 'container.?tty == "
      "optional.of(@)', message: m}\n";
  const std::string object =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[
         {"name":"c","image":"x","tty":true}]}})";
  SeenParts seen;
  for (int round = 0; round < 2; ++round) {
    for (const auto& [value, outcome] :
         {std::pair<std::string, std::string>{"true", "0"}, {"false", "1"}}) {
      std::string text(kRule);
      text.replace(text.find('@'), 1, value);
      const auto set = testing::policies(text);
      EXPECT_EQ(said(set->policies(), object,
                     {.wording = Wording::kNone, .seen = &seen, .with_messages = false}),
                "tty spec.containers[0] " + outcome + "\n");
    }
  }
}

TEST(KnownOutcomesTest, HaveALargestPart) {
  const auto set = testing::policies();
  const Policies lonely = alone(set->policies());
  SeenParts seen;
  const std::string object =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[
         {"name":"c","image":"x","securityContext":{"flag":")" +
      std::string(2 * limits::kSeenPartBytesMax, 'f') + R"("}}]}})";
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(said(set->policies(), object, {.seen = &seen}), said(lonely, object));
  }
}

}  // namespace
}  // namespace seaworthy::engine
