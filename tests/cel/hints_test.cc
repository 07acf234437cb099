#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "seaworthy/cel/environment.h"

namespace seaworthy::cel {
namespace {

struct Case {
  std::string_view expression;
  std::string_view hints;  ///< Of each issue, one a line; "-" where an issue has none.
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

/// A small one of the kind that admission policies have.
Environment make_environment() {
  Environment environment = Environment::kubernetes();
  environment.declare({"kubernetes.UserInfo",
                       {{"username", Type::string()}, {"groups", Type::list(Type::string())}}});
  environment.declare({"kubernetes.AdmissionRequest",
                       {{"name", Type::string()},
                        {"namespace", Type::string()},
                        {"userInfo", Type::structure("kubernetes.UserInfo")}}});
  environment.declare("object", Type::dyn());
  environment.declare("request", Type::structure("kubernetes.AdmissionRequest"));
  environment.declare_composite("variables");
  return environment;
}

class HintsTest : public testing::TestWithParam<Case> {};

TEST_P(HintsTest, SayWhatMayBeMeant) {
  Environment environment = make_environment();
  environment.declare_field("variables", "containers", Type::list(Type::dyn()));
  environment.declare("names", Type::list(Type::string()));
  std::string hints;
  for (const Issue& issue : environment.compile(GetParam().expression).issues) {
    hints += (hints.empty() ? "" : "\n") + (issue.hint.empty() ? "-" : issue.hint);
  }
  EXPECT_EQ(hints, GetParam().hints);
}

constexpr Case kCases[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"objct.spec", "did you mean 'object'?"},
    {"containers.size()", "did you mean 'variables.containers'?"},
    {"names.all(name, nmae == 'a')", "did you mean 'name'?"},
    {"type(object.a) == strnig", "did you mean 'string'?"},
    {"x == 1", "-"},
    {"unheardof == 1", "-"},
    {"request.naem == ''", "did you mean 'name'?"},
    {"request.userInfo.user == ''", "-"},
    {"variables.contianers.size() == 1", "did you mean 'containers'?"},
    {"variables.nothing", "-"},
    {"kubernetes.UserInf{}", "did you mean 'kubernetes.UserInfo'?"},
    {"'a'.startWith('a')", "did you mean 'startsWith'?"},
    {"'a'.tolower()", "-"},
    {"'a'.lowerAsci()", "did you mean 'lowerAscii'?"},
    {"qauntity('1')", "did you mean 'quantity'?"},
    {"list.range(3)", "did you mean 'lists.range'?"},
    {"optional.noen()", "-\ndid you mean 'optional.none'?"},
    {"optinal.none()", "-\ndid you mean 'optional.none'?"},
    {"names.fitler(n, n == '')", "did you mean 'filter'?\n-\n-"},
    {"names.map(n)", "the macro 'map' takes 2 or 3 arguments\n-"},
    {"has(object.a, object.b)", "the macro 'has' takes 1 argument"},
    {"quantity('1').sign()", "'sign' is called as sign(…), not on a value"},
    {"startsWith('a', 'b')", "'startsWith' is called on its first argument: x.startsWith(…)"},
    {"names.contains('a')",
     "whether a list or a map has an element is asked with 'in': element in list"},
    {"'a'.isSorted()", "-"},
    {"'abc'.find()", "-"},
    {"1 + 'a'", "-"},
    {"1 +", "-"},
};

INSTANTIATE_TEST_SUITE_P(Cases, HintsTest, testing::ValuesIn(kCases));

TEST(HintsFormTest, AreNoPartOfCelGosForm) {
  const Environment environment = make_environment();
  const auto issues = environment.compile("objct").issues;
  EXPECT_EQ(
      format_issues("objct", issues),
      "ERROR: <input>:1:1: undeclared reference to 'objct' (in container '')\n | objct\n | ^");
}

}  // namespace
}  // namespace seaworthy::cel
