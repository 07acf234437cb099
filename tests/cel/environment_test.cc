#include "seaworthy/cel/environment.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/base/arena.h"
#include "seaworthy/cel/evaluation.h"

namespace seaworthy::cel {
namespace {

std::string mistakes(const Environment& environment, std::string_view expression) {
  return format_issues(expression, environment.compile(expression).issues);
}

TEST(EnvironmentTest, CompilesAndRuns) {
  Environment environment = Environment::kubernetes();
  const Slot name = environment.declare("name", Type::string());
  environment.declare_composite("variables");
  const Slot limit = environment.declare_field("variables", "limit", Type::integer());
  EXPECT_EQ(environment.slot_count(), 2U);

  const Compilation compiled = environment.compile("name.size() < variables.limit");
  ASSERT_NE(compiled.program, nullptr)
      << format_issues("name.size() < variables.limit", compiled.issues);
  EXPECT_EQ(compiled.program->result_type(), Type::boolean());
  EXPECT_EQ(compiled.program->expression(), "name.size() < variables.limit");
  EXPECT_EQ(compiled.program->slots(), (std::vector<Slot>{name, limit}));

  Arena arena;
  std::array values = {Value::string("abc"), Value::integer(4)};
  Evaluation evaluation(arena, values);
  evaluation.start();
  EXPECT_TRUE(compiled.program->evaluate(evaluation).is_true());
}

TEST(EnvironmentTest, AnswersIssuesOfEachStep) {
  const Environment environment = Environment::kubernetes();
  EXPECT_EQ(mistakes(environment, "1 +"),
            "ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', "
            "'.', '-', '!', "
            "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | "
            "1 +\n | ...^");
  EXPECT_EQ(
      mistakes(environment, "foo + bar"),
      "ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo + bar\n | ^\n"
      "ERROR: <input>:1:7: undeclared reference to 'bar' (in container '')\n | foo + bar\n | "
      "......^");
  EXPECT_EQ(mistakes(environment, "duration('x')"),
            "ERROR: <input>:1:10: invalid duration argument\n | duration('x')\n | .........^");
  EXPECT_EQ(environment.compile("int('x')").issues.size(), 1U);
}

TEST(EnvironmentTest, CopiesGrowApart) {
  Environment first = Environment::kubernetes();
  first.declare("a", Type::integer());
  Environment second = first;
  EXPECT_EQ(second.declare("b", Type::integer()), 1U);
  EXPECT_EQ(first.declare("c", Type::integer()), 1U);

  static constexpr FunctionRow kRow = {"twice", "twice_int", "int.() -> int",
                                       [](std::span<const Value> arguments, Evaluation&) {
                                         return Value::integer(2 * arguments[0].as_int());
                                       }};
  second.add({"test", std::span(&kRow, 1)});
  EXPECT_EQ(mistakes(second, "a.twice() + b"), "");
  EXPECT_EQ(mistakes(first, "a.twice()"),
            "ERROR: <input>:1:8: undeclared reference to 'twice' (in container '')\n | a.twice()\n "
            "| .......^");
  first = second;
  EXPECT_EQ(mistakes(first, "a.twice() + b"), "");
  const Environment moved = std::move(second);
  EXPECT_EQ(moved.slot_count(), 2U);
}

TEST(EnvironmentTest, KnowsTheFieldsOfStructs) {
  Environment environment = Environment::kubernetes();
  StructType image;
  image.name = "seaworthy.Image";
  image.fields = {{"tag", Type::string()}};
  environment.declare(std::move(image));
  environment.declare("image", Type::structure("seaworthy.Image"));
  EXPECT_EQ(mistakes(environment, "image.tag == 'a'"), "");
  EXPECT_EQ(mistakes(environment, "image.tga == 'a'"),
            "ERROR: <input>:1:6: undefined field 'tga'\n | image.tga == 'a'\n | .....^");
}

TEST(EnvironmentTest, PointsAtColumnsOfAnyWidth) {
  const Issue issue = {{1, 4}, "message"};
  EXPECT_EQ(format_issues("'☺'.a", {issue}), "ERROR: <input>:1:4: message\n | '☺'.a\n | .．.^");
  EXPECT_EQ(format_issues("\ta é", {issue}), "ERROR: <input>:1:4: message\n |  a é\n | ...＾");
  EXPECT_EQ(format_issues("a\n  b", {{{2, 3}, "message"}}),
            "ERROR: <input>:2:3: message\n |   b\n | ..^");
  EXPECT_EQ(format_issues("a", {{{1, 1}, "message"}}, 7),
            "ERROR: <input>:1:1: message\n | a\n | ^\n7 more errors were truncated");
  EXPECT_EQ(format_issues("", {issue}), "ERROR: <input>:1:4: message");
  EXPECT_EQ(format_issues("a", {{{}, "no place"}}), "ERROR: <input>:-1:0: no place");
  EXPECT_EQ(format_issues(std::string(16385, 'a'), {issue}), "ERROR: <input>:1:4: message");
}

using EnvironmentDeathTest = testing::Test;

TEST(EnvironmentDeathTest, RefusesToDeclareANameTwice) {
  Environment environment = Environment::kubernetes();
  environment.declare("a", Type::integer());
  EXPECT_DEATH(environment.declare("a", Type::string()), "broken invariant: added");
  EXPECT_DEATH(environment.declare_field("b", "c", Type::string()), "broken invariant");
}

}  // namespace
}  // namespace seaworthy::cel
