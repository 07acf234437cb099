// cel.bind where an environment has it: the first eight cases are those of cel-spec's bindings_ext.
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/base/arena.h"
#include "seaworthy/cel/environment.h"
#include "seaworthy/cel/evaluation.h"
#include "seaworthy/cel/linker.h"

namespace seaworthy::cel {
namespace {

struct Case {
  std::string_view expression;
  std::string_view expected;  ///< Type and value, or what is wrong.
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

/// Linked with itself or not, the answer is the same.
std::string run(std::string_view expression, bool is_checked = true) {
  Environment environment = Environment::kubernetes();
  environment.declare_bindings();
  Compilation compiled =
      is_checked ? environment.compile(expression) : environment.compile_unchecked(expression);
  if (compiled.program == nullptr) {
    return "refused: " + compiled.issues.front().message;
  }
  Arena arena;
  const auto evaluate = [&](Memo* memo) {
    Evaluation evaluation(arena, {}, nullptr, memo);
    evaluation.start();
    const Value value = compiled.program->evaluate(evaluation);
    return value.is_error()
               ? "error: " + std::string(value.as_error().message)
               : std::string(runtime_type(value).name) + " " + std::string(to_text(value, arena));
  };
  const std::string alone = evaluate(nullptr);
  Linker linker({.everything = true});
  linker.add(compiled.program, {});
  const MemoLayout layout = linker.link();
  Memo memo(layout, arena);
  EXPECT_EQ(evaluate(&memo), alone);
  EXPECT_EQ(evaluate(&memo), alone);
  return alone;
}

class BindingsTest : public ::testing::TestWithParam<Case> {};

TEST_P(BindingsTest, Answers) { EXPECT_EQ(run(GetParam().expression), GetParam().expected); }

constexpr Case kCases[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"cel.bind(t, true, t)", "bool true"},
    {"cel.bind(msg, \"hello\", msg + msg + msg)", "string hellohellohello"},
    {"cel.bind(t1, true, cel.bind(t2, true, t1 && t2))", "bool true"},
    {"cel.bind(valid_elems, [1, 2, 3], [3, 4, 5].exists(e, e in valid_elems))", "bool true"},
    {"cel.bind(valid_elems, [1, 2, 3], ![4, 5].exists(e, e in valid_elems))", "bool true"},
    {"cel.bind(x, 0, x == 0)", "bool true"},
    {"cel.bind(x, {'y': 0}, x.y == 0)", "bool true"},
    {"cel.bind(x, 1, cel.bind(x, x + 1, x) + x)", "int 3"},
    {"[1, 2].map(i, cel.bind(x, i * 2, x + i))", "list [3,6]"},
    {"cel.bind(x, [1, 2], x.map(i, cel.bind(y, i + size(x), y * y)))", "list [9,16]"},
    {"cel.bind(x, optional.of(1), x.optMap(v, v + 1)).value()", "int 2"},
    {"cel.bind(x, {'a': {'b': 2}}, has(x.a.b) && x.a.b == 2)", "bool true"},
    {"cel.bind(x, {'a': 1}, x).a", "int 1"},
    {"cel.bind(x, 1 / 0, true)", "bool true"},
    {"cel.bind(x, 1 / 0, x == 1 || true)", "bool true"},
    {"cel.bind(x, 1 / 0, x == 1)", "error: division by zero"},
    {"cel.bind(x, 1, x == 'a')",
     "refused: found no matching overload for '_==_' applied to '(int, string)'"},
    {"cel.bind(x, 1, true) && x == 1", "refused: undeclared reference to 'x' (in container '')"},
    {"cel.bind(1, 2, 3)", "refused: cel.bind() variable names must be simple identifiers"},
    {"cel.bind(x, 1)", "refused: undeclared reference to 'cel' (in container '')"},
};

INSTANTIATE_TEST_SUITE_P(Cases, BindingsTest, ::testing::ValuesIn(kCases));

TEST(BindingsTest, AreNotKubernetes) {
  const auto compiled = Environment::kubernetes().compile("cel.bind(x, 1, x == 1)");
  ASSERT_EQ(compiled.program, nullptr);
  EXPECT_EQ(compiled.issues.front().message, "undeclared reference to 'cel' (in container '')");
}

TEST(BindingsTest, AreKnownWithoutACheckToo) {
  EXPECT_EQ(run("cel.bind(x, 1, cel.bind(y, x + 1, x + y))", false), "int 3");
}

}  // namespace
}  // namespace seaworthy::cel
