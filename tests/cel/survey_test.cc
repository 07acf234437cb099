#include "seaworthy/cel/survey.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace seaworthy::cel {
namespace {

/// Each mention as the text of its selection and of its name, and `?` where has() asks for it.
std::string mentions_of(std::string_view expression) {
  const auto found = survey(expression);
  if (!found) {
    return found.error().message;
  }
  std::string text;
  for (const auto& each : found->mentions) {
    text += fmt::format(
        "{}|{}{} ", expression.substr(each.field_begin, each.field_end - each.field_begin),
        expression.substr(each.begin, each.end - each.begin), each.tested ? "?" : "");
  }
  return text;
}

struct MentionCase {
  std::string_view expression;
  std::string_view mentions;
};

class MentionTest : public ::testing::TestWithParam<MentionCase> {};

TEST_P(MentionTest, AreTheFreeNamesWhereTheyStand) {
  EXPECT_EQ(mentions_of(GetParam().expression), GetParam().mentions) << GetParam().expression;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MentionTest,
    ::testing::Values(MentionCase{"1 + 2", ""}, MentionCase{"pod", "pod|pod "},
                      MentionCase{"( pod )", "( pod )|( pod ) "},
                      MentionCase{"pod.spec.name == a.b", "pod.spec|pod a.b|a "},
                      MentionCase{"(params.x)", "(params.x)|params "},
                      MentionCase{"( params ) . x", "( params ) . x|( params ) "},
                      MentionCase{"pod.?spec", "pod|pod "}, MentionCase{"pod[?'a']", "pod|pod "},
                      MentionCase{"pod['a'].b", "pod|pod "},
                      MentionCase{"has(pod.spec)", "pod|pod? "},
                      MentionCase{"has(pod.spec.a)", "pod.spec|pod "},
                      MentionCase{"pod.items.all(pod, pod.x > params.y) && pod.z",
                                  "pod.items|pod params.y|params pod.z|pod "},
                      MentionCase{"a.map(x, x.b, b.map(c, x + c + d))", "a|a b|b d|d "},
                      MentionCase{"a.?b.optMap(v, v + w)", "a|a w|w "},
                      MentionCase{"m.transformMap(k, v, k != q, v + r)", "m|m q|q r|r "},
                      MentionCase{"{pod: [image], 'x': -num}", "pod|pod image|image num|num "},
                      MentionCase{"'ä' + (pod.x)", "(pod.x)|pod "},
                      MentionCase{"f(pod, g(x))", "pod|pod x|x "},
                      MentionCase{"pod.f(x).y", "pod|pod x|x "},
                      MentionCase{"sets.contains(a, b)", "sets|sets a|a b|b "},
                      MentionCase{"a ? b : c || d && !e", "a|a b|b c|c d|d e|e "}));

TEST(SurveyTest, FeaturesAreWhatTheTextUses) {
  const auto features = [](std::string_view expression) {
    return fmt::format("{}", fmt::join(survey(expression)->features, " "));
  };
  EXPECT_EQ(features("a.b + c[0] > 1 && !d || -e in [f]"), "");
  EXPECT_EQ(features("a.?b[?0].orValue(1)"), ".? [?] orValue");
  EXPECT_EQ(features("sets.contains(a, b) && quantity('1').isLessThan(q)"),
            "contains isLessThan quantity sets.contains");
  EXPECT_EQ(features("a.all(x, x) && a.exists(k, v, k == v) && a.map(x, x).flatten().size() > 0"),
            "all exists/2 flatten map size");
  EXPECT_EQ(features("a.sortBy(x, x).exists_one(i, v, true) && a.transformList(k, v, k) == []"),
            "exists_one/2 sortBy transformList");
  EXPECT_EQ(features("x.optMap(y, y).optFlatMap(y, y).hasValue()"), "hasValue optFlatMap optMap");
  EXPECT_EQ(features("a.filter(lists, lists.range(3) == b)"), "filter range");
}

TEST(SurveyTest, BoundAreTheVariablesOfMacros) {
  const auto found = survey("a.all(x, x.exists(y, y)) && b.transformMap(i, j, i)");
  EXPECT_EQ(fmt::format("{}", fmt::join(found->bound, " ")), "i j x y");
}

}  // namespace
}  // namespace seaworthy::cel
