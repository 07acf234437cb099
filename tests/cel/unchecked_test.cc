#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "evaluate_text.h"
#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"

// Expressions that were only parsed, as cel-go 0.26 with Kubernetes' libraries runs them.

namespace seaworthy::cel {
namespace {

constexpr std::string_view kObject = R"({"a": 1, "s": "hello", "l": [1, 2], "m": {"x": 1}})";

struct Case {
  std::string_view expression;
  std::string_view expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

class UncheckedTest : public testing::TestWithParam<Case> {};

TEST_P(UncheckedTest, AnswersAsCelGo) {
  EXPECT_EQ(evaluate_unchecked_text(GetParam().expression, kObject), GetParam().expected);
}

constexpr Case kNames[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.a", "int 1 for 2"},
    {"object['m'].x", "int 1 for 3"},
    {"x", "error no such attribute(s): x for 1"},
    {"x.y.z", "error no such attribute(s): x.y.z for 1"},
    {"x['y'][0].z", "error no such attribute(s): x.y for 1"},
    {"has(x.y)", "error no such attribute(s): x.y for 0"},
    {"x || true", "bool true for 1"},
    {"dyn", "error no such attribute(s): dyn for 1"},
    {"int", "type int for 1"},
    {"int.foo", "error no such attribute(s): int.foo for 1"},
    {"type(1) == int", "bool true for 2"},
    {"[1].map(object, object)", "list [1] for 14"},
    {"[2].map(x, [x].map(y, x + y))", "list [[4]] for 40"},
    {"optional.of(1).optMap(x, x + 1)", "optional_type 2 for 7"},
};

INSTANTIATE_TEST_SUITE_P(Names, UncheckedTest, testing::ValuesIn(kNames));

constexpr Case kCalls[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"1 == 1.0", "bool true for 1"},
    {"[1, 'a']", "list [1,\"a\"] for 0"},
    {"'a' + 1", "error no such overload for 1"},
    {"[0] < [1]", "error no such overload: _<_ for 1"},
    {"object.s.startsWith('h')", "bool true for 3"},
    {"f(1)", "error no such overload: f for 1"},
    {"f('a')", "error no such overload for 1"},
    {"f()", "refused: no such overload: f()"},
    {"object.f() || true", "bool true for 2"},
    {"optional.of(1, 2)", "refused: no such overload: optional.of(lhs, rhs)"},
    {"size()", "refused: no such overload: size()"},
    {"matches('a')", "refused: no such overload: matches(arg)"},
    {"'a'.find('b', 1)", "refused: no such overload: find(...)"},
    {"'a'.matches('(')", "refused: error parsing regexp: missing closing ): `(`"},
    {"'a'.charAt(true)", "error no such overload: charAt(string, bool) for 1"},
    {"'42'.indexOf('4', 0, 1)", "error no such overload: indexOf(string, string, int, int) for 0"},
    {"ip()", "error no such overload: ip() for 1"},
    {"ip.isCanonical('1.2.3.4')", "bool true for 2"},
    {"cidr('::/128').containsIP('::')", "bool true for 5"},
    {"int('x')", "refused: type conversion error from 'string' to 'int'"},
    {"Foo{}", "refused: unknown type: Foo"},
    {"1 +",
     "refused: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', "
     "'!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, "
     "IDENTIFIER}"},
};

INSTANTIATE_TEST_SUITE_P(Calls, UncheckedTest, testing::ValuesIn(kCalls));

/// What `expression` comes to, as text; its error's message.
std::string run(const Environment& environment, std::string_view expression,
                std::span<Value> slots) {
  Arena arena;
  Evaluation evaluation(arena, slots);
  const Compilation compiled = environment.compile_unchecked(expression);
  const Value value = compiled.program->evaluate(evaluation);
  return std::string(value.is_error() ? value.as_error().message : to_text(value, arena));
}

TEST(UncheckedNamesTest, MeanWhatHasAValue) {
  Environment environment = Environment::kubernetes();
  environment.set_container("n");
  environment.declare("n.a", Type::dyn());
  environment.declare("a", Type::dyn());
  environment.declare("a.b", Type::dyn());
  const MapEntry entries[] = {{Value::string("b"), Value::integer(7)}};  // NOLINT
  std::vector<Value> slots = {Value(), Value::map(entries), Value()};
  EXPECT_EQ(run(environment, "a.b", slots), "7");
  slots[2] = Value::integer(8);
  EXPECT_EQ(run(environment, "a.b", slots), "8");
  EXPECT_EQ(run(environment, "[1].map(a, a.b)[0]", slots), "8");
  slots[0] = Value::map(entries);
  EXPECT_EQ(run(environment, "a.b", slots), "8");
  EXPECT_EQ(run(environment, "a.?c.hasValue()", slots), "false");
  EXPECT_EQ(run(environment, "x.y", slots), "no such attribute(s): n.x.y, x.y");
}

}  // namespace
}  // namespace seaworthy::cel
