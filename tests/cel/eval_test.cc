#include <ostream>
#include <string_view>

#include <gtest/gtest.h>

#include "evaluate_text.h"

// Values, errors and costs as Kubernetes 1.36 answers them to the same expressions over the same
// object.

namespace seaworthy::cel {
namespace {

constexpr std::string_view kObject =
    R"({"a": 1, "b": 2, "f": 1.5, "g": 1.0, "s": "hello", "n": null, "t": true, "l": [1, 2, 3], "m": {"x": 1, "y": null}, "lm": [{"ok": true}, {}, {"ok": false}], "ab": [{"b": 1}, {"a": 1}]})";

struct Case {
  std::string_view expression;
  std::string_view expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

class EvalTest : public testing::TestWithParam<Case> {};

TEST_P(EvalTest, AnswersAsKubernetes) {
  EXPECT_EQ(evaluate_text(GetParam().expression, kObject), GetParam().expected);
}

constexpr Case kAttributes[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.a", "int 1 for 2"},
    {"object.nope", "error no such key: nope for 2"},
    {"object.nope.x", "error no such key: nope for 2"},
    {"object.n.x", "error no such key: x for 3"},
    {"object.s.x", "error no such key: x for 3"},
    {"object.l.x", "error unsupported index type 'string' in list for 3"},
    {"object.m['x']", "int 1 for 3"},
    {"object.m[object.s]", "error no such key: hello for 4"},
    {"object.l[0]", "int 1 for 3"},
    {"object.l[3]", "error index out of bounds: 3 for 3"},
    {"object.l[-1]", "error index out of bounds: -1 for 3"},
    {"object.l[object.g]", "int 2 for 4"},
    {"object.l[object.f]", "error unsupported index value 1.5 in list for 4"},
    {"object.l[true]", "error unsupported index type 'bool' in list for 3"},
    {"object.m[1]", "error no such key: 1 for 3"},
    {"object.l[object.n]", "error invalid qualifier type: <nil> for 4"},
    {"{'a': {'b': 1}}.a.b", "int 1 for 3"},
    {"(object.t ? object.m : object.l).x", "int 1 for 4"},
    {"(object.a ? 1 : 2)", "error no such overload for 2"},
    {"[1, 2][1]", "int 2 for 2"},
    {"{1: 'x'}[1u]",
     "refused: found no matching overload for '_[_]' applied to '(map(int, string), uint)'"},
    {"{1.5: 'x'}[1.5]", "string x for 2"},
};

INSTANTIATE_TEST_SUITE_P(Attributes, EvalTest, testing::ValuesIn(kAttributes));

constexpr Case kPresence[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"has(object.a)", "bool true for 1"},
    {"has(object.nope)", "bool false for 1"},
    {"has(object.m.y)", "bool true for 2"},
    {"has(object.n.x)", "bool false for 2"},
    {"has(object.s.x)", "bool false for 2"},
    {"has(object.l.x)", "error unsupported index type 'string' in list for 2"},
    {"has(object.nope.x)", "error no such key: nope for 1"},
    {"object.?a", "optional_type 1 for 2"},
    {"object.?nope", "optional_type null for 1"},
    {"object.?n.x", "optional_type null for 2"},
    {"object.m.?y.orValue('d')", "null_type null for 3"},
    {"object.?nope.x.y.orValue('d')", "string d for 1"},
    {"object.l[?5].hasValue()", "bool false for 3"},
    {"object.m[?'x'].optMap(v, v + 1)", "optional_type 2 for 11"},
    {"object.?nope.optMap(v, v + 1)", "optional_type null for 3"},
    {"optional.of(optional.of(1)).optMap(x, x)", "optional_type 1 for 8"},
    {"optional.of('1').optMap(x, quantity(x)).value()",
     "error unsupported conversion to ref.Val: (*resource.Quantity)1 for 8"},
    {"[?object.?nope, ?object.?a]", "list [1] for 13"},
    {"{?'k': object.?nope}", "map {} for 31"},
    {"object.a.orValue(5)", "int 1 for 2"},
    {"optional.none().value()", "error optional.none() dereference for 2"},
    {"optional.ofNonZeroValue(object.n)", "optional_type null for 3"},
    {"[1].first().value()", "int 1 for 2"},
};

INSTANTIATE_TEST_SUITE_P(Presence, EvalTest, testing::ValuesIn(kPresence));

constexpr Case kErrors[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.nope || true", "bool true for 2"},
    {"object.nope && false", "bool false for 2"},
    {"object.nope == 1 || object.s", "error no such key: nope for 5"},
    {"object.s || object.nope == 1", "error no such overload for 5"},
    {"true && object.s", "error no such overload for 2"},
    {"object.nope ? 1 : 2", "error no such key: nope for 2"},
    {"!object.s", "error no such overload for 3"},
    {"object.s + 1", "error no such overload for 3"},
    {"object.n + 1", "error no such overload: _+_ for 3"},
    {"object.l < 1", "error no such overload: _<_ for 3"},
    {"1 in object.s", "error no such overload for 3"},
    {"-object.s", "error no such overload for 3"},
    {"size(object.a)", "error no such overload: size for 3"},
    {"object.s.startsWith(object.a)", "error no such overload for 5"},
    {"object.a.lowerAscii()", "error no such overload: lowerAscii(int) for 3"},
    {"object.s.indexOf(object.a)", "error no such overload: indexOf(string, int) for 4"},
    {"9223372036854775807 + object.a", "error integer overflow for 3"},
    {"1 / (object.a - 1)", "error division by zero for 4"},
    {"7 % (object.a - 1)", "error modulus by zero for 4"},
    {"1u - 2u", "error unsigned integer overflow for 1"},
    {"object.l.distinct() == [1] || object.nope", "error no such key: nope for 34"},
    {"[1/0].distinct() == [1] || true",
     "error internal error: interface conversion: *types.Err is not traits.Lister: missing method "
     "Add for 11"},
    {"b'a' in [dyn(1)]",
     "error internal error: runtime error: hash of unhashable type types.Bytes for 0"},
    {"int('x')", "refused: type conversion error from 'string' to 'int'"},
    {"timestamp('2024-01-01T00:00:00Z') + duration('2562047h')",
     "google.protobuf.Timestamp 2316-04-11T23:00:00Z for 1"},
};

INSTANTIATE_TEST_SUITE_P(Errors, EvalTest, testing::ValuesIn(kErrors));

constexpr Case kLoops[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.lm.all(x, x.ok)", "bool false for 18"},
    {"object.lm.exists(x, x.ok)", "bool true for 12"},
    {"object.lm.exists_one(x, x.ok)", "error no such key: ok for 12"},
    {"object.ab.filter(x, x.a == x.b)", "error no such key: b for 13"},
    {"object.ab.map(x, x.a + x.b)", "error no such key: a for 37"},
    {"object.l.all(x, x > 0)", "bool true for 18"},
    {"object.l.all(x, x > 1)", "bool false for 10"},
    {"object.l.exists(x, x > 1)", "bool true for 18"},
    {"object.l.exists_one(x, x > 2)", "bool true for 12"},
    {"object.l.filter(x, x != 2)", "list [1,3] for 35"},
    {"object.l.map(x, x * 2)", "list [2,4,6] for 45"},
    {"object.l.map(x, x > 1, x * 2)", "list [4,6] for 37"},
    {"object.l.map(x, 'c')", "list [\"c\",\"c\",\"c\"] for 9"},
    {"object.m.all(k, k != '')", "bool true for 11"},
    {"object.l.all(i, v, v == i + 1)", "bool true for 24"},
    {"object.m.exists(k, v, v == null)", "bool true for 15"},
    {"object.l.transformList(i, v, i + v)", "list [1,3,5] for 48"},
    {"object.l.transformMap(i, v, v)", "map {\"0\":1,\"1\":2,\"2\":3} for 15"},
    {"['a', 'b'].transformMapEntry(i, v, {v: i})", "map {\"a\":0,\"b\":1} for 69"},
    {"['a', 'a'].transformMapEntry(i, v, {v: i})",
     "error insert failed: key a already exists for 69"},
    {"object.l.transformMap(i, v, object.nope)", "error no such key: nope for 10"},
    {"object.l.sortBy(x, -x)", "list [3,2,1] for 48"},
    {"object.n.all(x, true)", "error got 'types.Null', expected iterable type for 2"},
    {"object.s.all(i, v, true)", "error unsupported comprehension range type: types.String for 2"},
    {"object.l.map(x, object.l.map(y, x * y))", "list [[1,2,3],[2,4,6],[3,6,9]] for 183"},
    {"lists.range(200000).all(x, x >= 0) || true",
     "error operation cancelled: actual cost limit exceeded for 1000001"},
    {"object.l.all(x, x == 1 || x)", "error no such overload for 20"},
};

INSTANTIATE_TEST_SUITE_P(Loops, EvalTest, testing::ValuesIn(kLoops));

constexpr Case kEquality[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.a == 1.0 || object.g == 1", "bool true for 3"},
    {"object.g == 1", "bool true for 3"},
    {"dyn(9007199254740993) == dyn(9007199254740992.0)", "bool true for 1"},
    {"dyn(9007199254740993) > dyn(9007199254740992.0)", "bool false for 1"},
    {"object.n == object.l", "bool false for 5"},
    {"dyn(1u) == dyn(1)", "bool true for 1"},
    {"[1.0/0.0 - 1.0/0.0] == [0.0]", "bool false for 14"},
    {"object.l == [1, 2, 3]", "bool true for 3"},
    {"object.m == {'y': dyn(null), 'x': dyn(1.0)}", "bool true for 3"},
    {"[dyn(quantity('1'))] == [dyn(1)]", "bool true for 13"},
    {"[dyn(quantity('1'))] + [dyn(2)] == [dyn(1), dyn(2)]", "error no such overload for 14"},
    {"dyn(1) == dyn('1')", "bool false for 1"},
    {"object.a in [1, 2]", "bool true for 2"},
    {"object.g in [1, 2]", "bool true for 2"},
    {"object.s in ['hello']", "bool true for 2"},
    {"object.a in object.l", "bool true for 5"},
    {"object.s in object.m", "bool false for 5"},
    {"object.a in []", "bool false for 0"},
    {"'x' in object.m", "bool true for 3"},
    {"dyn(null) < dyn(1)", "error no such overload: _<_ for 1"},
    {"1.0/0.0 - 1.0/0.0 < 1.0", "error NaN values cannot be ordered for 4"},
    {"type(object.a) == int", "bool true for 4"},
    {"type(object.n) == null_type", "bool true for 4"},
};

INSTANTIATE_TEST_SUITE_P(Equality, EvalTest, testing::ValuesIn(kEquality));

constexpr Case kCosts[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.a == ''", "bool false for 2"},
    {"true ? object.a : object.b", "int 1 for 1"},
    {"object.s + object.s", "string hellohello for 5"},
    {"object.s == 'hello world'", "bool false for 3"},
    {"object.s.contains('l')", "bool true for 3"},
    {"object.s.matches('^h.*o$')", "bool true for 4"},
    {"object.s.matches(object.s)", "bool true for 6"},
    {"[object.a]", "list [1] for 12"},
    {"{'a': object.a}", "map {\"a\":1} for 32"},
    {"[1, 2, 3]", "list [1,2,3] for 0"},
    {"string(5)", "string 5 for 0"},
    {"1 + 1", "int 2 for 1"},
    {"has(object.m.x) && object.m.x == 1", "bool true for 6"},
    {"object.m.x < 5", "bool true for 4"},
    {"object.s < 'i'", "bool true for 3"},
    {"object.l.size()", "int 3 for 3"},
    {"[object.a, object.b].sort()", "list [1,2] for 15"},
};

INSTANTIATE_TEST_SUITE_P(Costs, EvalTest, testing::ValuesIn(kCosts));

}  // namespace
}  // namespace seaworthy::cel
