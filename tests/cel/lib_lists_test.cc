#include <ostream>
#include <string_view>

#include <gtest/gtest.h>

#include "evaluate_text.h"

// Values, errors and costs as Kubernetes 1.36 answers them to the same expressions over the same
// object.

namespace seaworthy::cel {
namespace {

constexpr std::string_view kObject =
    R"({"l": [3, 1, 2, 1], "s": ["b", "a"], "mixed": ["a", 2.5], "e": [], "deep": [[1, [2]], [3], []], "m": {"a": 1}})";

struct Case {
  std::string_view expression;
  std::string_view expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

class ListsTest : public testing::TestWithParam<Case> {};

TEST_P(ListsTest, AnswersAsKubernetes) {
  EXPECT_EQ(evaluate_text(GetParam().expression, kObject), GetParam().expected);
}

constexpr Case kLists[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.l.sort()", "list [1,1,2,3] for 3"},
    {"object.mixed.sort()", "error list elements must have the same type for 3"},
    {"object.m.sort()", "error no such overload: sort for 3"},
    {"object.s.sortBy(x, x)", "list [\"a\",\"b\"] for 32"},
    {"[3, 1, 2].sort()", "list [1,2,3] for 29"},
    {"['b', 'a'].sort()", "list [\"a\",\"b\"] for 19"},
    {"object.l.distinct()", "list [3,1,2] for 45"},
    {"object.l.reverse()", "list [1,2,1,3] for 17"},
    {"object.l.slice(1, 3)", "list [1,2] for 15"},
    {"object.l.slice(3, 1)",
     "error cannot slice(3, 1), start index must be less than or equal to end index for 14"},
    {"object.l.slice(-1, 1)", "error cannot slice(-1, 1), negative indexes not supported for 14"},
    {"object.l.slice(0, 9)", "error cannot slice(0, 9), list is length 4 for 14"},
    {"object.deep.flatten()", "list [1,[2],3] for 16"},
    {"object.deep.flatten(2)", "list [1,2,3] for 19"},
    {"[[1]].flatten(-1)", "error level must be non-negative for 10"},
    {"object.m.flatten()", "error no such overload: map(dyn, dyn).flatten() for 14"},
    {"lists.range(4)", "list [0,1,2,3] for 15"},
    {"lists.range(-1)", "list [] for 11"},
    {"lists.range(2000000)", "error operation cancelled: actual cost limit exceeded for 2000011"},
    {"object.l.first()", "optional_type 3 for 3"},
    {"object.e.last()", "optional_type null for 3"},
};

INSTANTIATE_TEST_SUITE_P(Lists, ListsTest, testing::ValuesIn(kLists));

constexpr Case kAggregates[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.l.sum()", "int 7 for 6"},
    {"object.s.sum()", "error no such overload: sum(list) for 2"},
    {"object.e.sum()", "int 0 for 2"},
    {"[1.5, 2.5].sum()", "double 4 for 2"},
    {"[duration('1s'), duration('1m')].sum()", "google.protobuf.Duration 61s for 2"},
    {"[9223372036854775807, 1].sum()", "error integer overflow for 2"},
    {"object.l.max()", "int 3 for 6"},
    {"object.l.min()", "int 1 for 6"},
    {"object.e.max()", "error max called on empty list for 2"},
    {"object.mixed.max()", "string a for 3"},
    {"[2, 1].isSorted()", "bool false for 2"},
    {"object.mixed.isSorted()", "bool true for 3"},
    {"object.l.indexOf(1)", "int 1 for 6"},
    {"object.l.lastIndexOf(1)", "int 3 for 6"},
    {"object.l.indexOf('x')", "int -1 for 6"},
    {"[1].indexOf(2.0)",
     "refused: found no matching overload for 'indexOf' applied to 'list(int).(double)'"},
};

INSTANTIATE_TEST_SUITE_P(Aggregates, ListsTest, testing::ValuesIn(kAggregates));

constexpr Case kSets[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"sets.contains(object.l, [1, 2])", "bool true for 11"},
    {"sets.contains(object.l, [4])", "bool false for 7"},
    {"sets.intersects(object.l, [9, 3])", "bool true for 11"},
    {"sets.equivalent(object.l, [1, 2, 3])", "bool true for 27"},
    {"sets.equivalent([1], [1, 2])", "bool false for 5"},
    {"sets.contains(object.l, [])", "bool true for 3"},
};

INSTANTIATE_TEST_SUITE_P(Sets, ListsTest, testing::ValuesIn(kSets));

}  // namespace
}  // namespace seaworthy::cel
