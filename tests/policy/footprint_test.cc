#include "seaworthy/policy/footprint.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "seaworthy/admission/workload.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/document/json.h"
#include "seaworthy/policy/policy_set.h"

namespace seaworthy::policy {
namespace {

using Answer = Footprint::Answer;

FieldSet found(const FieldIndex& index, std::string_view pod, std::string_view container) {
  Arena arena;
  FieldSet fields;
  index.find(FieldRoot::kPod, document::parse_json(pod, arena).value(), fields);
  index.find(FieldRoot::kContainer, document::parse_json(container, arena).value(), fields);
  return fields;
}

std::shared_ptr<const PolicySet> load(const std::string& policy) {
  return load_policies({{"p.yaml",
                         "apiVersion: seaworthy.dev/v1\nkind: PolicyBundle\n"
                         "metadata: {name: b, version: 1.0.0}\nspec:\n"
                         "  params: {flag: {type: bool, default: true}}\n  policies:\n    - " +
                             policy + "\n"}});
}

TEST(FootprintTest, AnswersWhereNothingIsThere) {
  struct Case {
    std::string require;
    std::string pod;
    std::string container;
    Answer answer;
  };

  const std::vector<Case> cases{
      {"container.?a.b.orValue(1) == 1", "{}", "{}", Answer::kTrue},
      {"container.?a.b.orValue(1) == 1", "{}", R"({"c":1})", Answer::kTrue},
      {"container.?a.b.orValue(1) == 1", "{}", R"({"a":{"c":1}})", Answer::kTrue},
      {"container.?a.b.orValue(1) == 1", "{}", R"({"a":{"b":null}})", Answer::kUnknown},
      {"container.?a.b.orValue(1) == 1", "{}", R"({"a":null})", Answer::kUnknown},
      {"container.?a.b.orValue(1) == 1", "{}", R"({"a":[]})", Answer::kUnknown},
      {"container.?a.b.orValue(1) == 1", "{}", "[]", Answer::kUnknown},
      {"has(container.a)", R"({"a":1})", "{}", Answer::kFalse},
      {"!has(container.a) && !has(pod.a)", R"({"a":1})", "{}", Answer::kUnknown},
      {"container.a == 1", "{}", "{}", Answer::kUnknown},
      {"container.size() == 0", "{}", "{}", Answer::kUnknown},
      {"image.tag == ''", "{}", "{}", Answer::kUnknown},
      {"request.name == ''", "{}", "{}", Answer::kUnknown},
      {"containerKind != 'init'", "{}", "{}", Answer::kTrue},
      {"containerKind == 'init'", "{}", "{}", Answer::kFalse},
      {"params.flag == has(container.a)", "{}", "{}", Answer::kFalse},
      {"!has(pod.x) == params.flag", "{}", "{}", Answer::kTrue},
      {"1 == 1", "[]", "[]", Answer::kTrue},
  };
  for (const auto& [require, pod, container, answer] : cases) {
    const auto set = load("{name: p, each: container, require: \"" + require + "\", message: m}");
    ASSERT_EQ(set->policies().size(), 1U) << require;
    const auto& policy = *set->policies().front();
    const auto kind = static_cast<std::size_t>(admission::ContainerKind::kMain);
    EXPECT_EQ(policy.footprint.require.answer(found(*policy.fields, pod, container), kind), answer)
        << require << " " << pod << " " << container;
  }
}

TEST(FieldIndexTest, NumbersNoMoreThanItHasRoomFor) {
  FieldIndex index;
  for (std::size_t i = 0; i < FieldSet::kFieldsMax; ++i) {
    const std::string name = "f" + std::to_string(i);
    const std::array<std::string_view, 2> path{"all", name};
    EXPECT_EQ(index.number(FieldRoot::kPod, path), i);
    EXPECT_EQ(index.number(FieldRoot::kPod, path), i);
  }
  const std::array<std::string_view, 1> more{"more"};
  EXPECT_EQ(index.number(FieldRoot::kPod, more), std::nullopt);
}

}  // namespace
}  // namespace seaworthy::policy
