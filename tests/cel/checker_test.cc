#include "cel/check/checker.h"

#include <algorithm>
#include <array>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cel/check/environment_state.h"
#include "cel/syntax/parser.h"

// Against rows of its own, so that a message shows what the checker does and not what a library
// declares. The messages and types were seen from Kubernetes 1.36's own compiler.

namespace seaworthy::cel {
namespace {

constexpr FunctionRow kRows[] = {
    {"_&&_", "logical_and", "(bool, bool) -> bool"},
    {"_||_", "logical_or", "(bool, bool) -> bool"},
    {"!_", "logical_not", "(bool) -> bool"},
    {"-_", "negate_int64", "(int) -> int"},
    {"-_", "negate_double", "(double) -> double"},
    {"_?_:_", "conditional", "(bool, T, T) -> T"},
    {"_==_", "equals", "(T, T) -> bool"},
    {"_!=_", "not_equals", "(T, T) -> bool"},
    {"_<_", "less_int64", "(int, int) -> bool"},
    {"_<_", "less_string", "(string, string) -> bool"},
    {"_+_", "add_bytes", "(bytes, bytes) -> bytes"},
    {"_+_", "add_double", "(double, double) -> double"},
    {"_+_", "add_int64", "(int, int) -> int"},
    {"_+_", "add_list", "(list(T), list(T)) -> list(T)"},
    {"_+_", "add_string", "(string, string) -> string"},
    {"_[_]", "index_list", "(list(T), int) -> T"},
    {"_[_]", "index_map", "(map(K, V), K) -> V"},
    {"_[_]", "optional_list_index_int", "(optional_type(list(V)), int) -> optional_type(V)"},
    {"_[_]", "optional_map_index_value", "(optional_type(map(K, V)), K) -> optional_type(V)"},
    {"_[?_]", "list_optindex_optional_int", "(list(V), int) -> optional_type(V)"},
    {"_[?_]", "map_optindex_optional_value", "(map(K, V), K) -> optional_type(V)"},
    {"@in", "in_list", "(T, list(T)) -> bool"},
    {"@in", "in_map", "(K, map(K, V)) -> bool"},
    {"size", "string_size", "string.() -> int"},
    {"size", "list_size", "list(T).() -> int"},
    {"size", "size_string", "(string) -> int"},
    {"startsWith", "starts_with_string", "string.(string) -> bool"},
    {"matches", "matches_string", "string.(string) -> bool"},
    {"format", "string_format", "string.(list(dyn)) -> string"},
    {"dyn", "to_dyn", "(T) -> dyn"},
    {"type", "type", "(T) -> type(T)"},
    {"ip", "ip", "(string) -> net.IP"},
    {"ip.isCanonical", "ip_is_canonical", "(string) -> bool"},
    {"optional.of", "optional_of", "(V) -> optional_type(V)"},
    {"optional.none", "optional_none", "() -> optional_type(V)"},
    {"hasValue", "optional_hasValue", "optional_type(V).() -> bool"},
    {"value", "optional_value", "optional_type(V).() -> V"},
    {"orValue", "optional_orValue_value", "optional_type(V).(V) -> V"},
};

Environment::State environment() {
  Environment::State state;
  const std::array libraries = {Library{"test", kRows}};
  state.functions = std::make_shared<const FunctionTable>(make_function_table(libraries));
  const auto declare = [&](std::string name, Type type) {
    state.variables.emplace(std::move(name),
                            VariableDeclaration{std::move(type), state.next_slot++});
  };
  declare("object", Type::dyn());
  declare("n", Type::integer());
  declare("s", Type::string());
  declare("l", Type::list(Type::string()));
  declare("m", Type::map(Type::string(), Type::integer()));
  declare("request", Type::structure("kubernetes.AdmissionRequest"));
  declare("authorizer.requestResource", Type::opaque("kubernetes.authorization.ResourceCheck"));
  declare("when", Type::timestamp());
  declare("maybe", Type::opaque("wrapper", {Type::integer()}));
  state.composites = {"variables"};
  declare("variables.x", Type::integer());
  StructType request;
  request.name = "kubernetes.AdmissionRequest";
  request.fields = {{"name", Type::string()}, {"options", Type::dyn()}};
  state.structs.emplace(request.name, request);
  return state;
}

CheckResult check_text(const std::string& expression) {
  ParseResult parsed = parse(expression);
  EXPECT_TRUE(parsed.issues.empty()) << format_issues(expression, parsed.issues);
  return check(std::move(parsed.ast), environment());
}

struct TypeCase {
  std::string expression;
  std::string type;

  friend void PrintTo(const TypeCase& test, std::ostream* out) { *out << test.expression; }
};

class CheckerTypeTest : public testing::TestWithParam<TypeCase> {};

TEST_P(CheckerTypeTest, Infers) {
  const CheckResult result = check_text(GetParam().expression);
  ASSERT_TRUE(result.issues.empty()) << format_issues(GetParam().expression, result.issues);
  EXPECT_EQ(result.nodes[result.ast.root].type.text(), GetParam().type);
}

INSTANTIATE_TEST_SUITE_P(
    Simple, CheckerTypeTest,
    testing::Values(TypeCase{"1", "int"}, TypeCase{"1u", "uint"}, TypeCase{"1.0", "double"},
                    TypeCase{"'a'", "string"}, TypeCase{"b'a'", "bytes"}, TypeCase{"null", "null"},
                    TypeCase{"[]", "list(dyn)"}, TypeCase{"{}", "map(dyn, dyn)"},
                    TypeCase{"[[1], []]", "list(list(int))"}, TypeCase{"{'a': [1]}.a", "list(int)"},
                    TypeCase{"object.a.b", "dyn"}, TypeCase{"has(object.a)", "bool"},
                    TypeCase{"object + 1", "int"}, TypeCase{"object + object", "dyn"},
                    TypeCase{"n + object.a", "int"}, TypeCase{"true ? n : object.a", "dyn"},
                    TypeCase{"[] + [1]", "list(int)"}, TypeCase{"l[0]", "string"},
                    TypeCase{"m['a']", "int"}, TypeCase{"object['a']", "dyn"},
                    TypeCase{"n in object.a", "bool"}, TypeCase{"when == null", "bool"},
                    TypeCase{"maybe == null", "bool"}, TypeCase{"maybe + 1", "int"},
                    TypeCase{"maybe", "wrapper(int)"}, TypeCase{"size(s) + l.size()", "int"}));

INSTANTIATE_TEST_SUITE_P(
    Names, CheckerTypeTest,
    testing::Values(TypeCase{"authorizer.requestResource",
                             "kubernetes.authorization.ResourceCheck"},
                    TypeCase{"ip.isCanonical('a')", "bool"}, TypeCase{"ip('a')", "net.IP"},
                    TypeCase{".ip('a')", "net.IP"}, TypeCase{"request.name", "string"},
                    TypeCase{"request.options.a", "dyn"}, TypeCase{"variables.x", "int"},
                    TypeCase{"has(variables.x)", "bool"},
                    TypeCase{"variables.?x", "optional_type(int)"}, TypeCase{"int", "type(int)"},
                    TypeCase{".google.protobuf.Timestamp", "type(timestamp)"},
                    TypeCase{"list", "type(list(dyn))"},
                    TypeCase{"type(when) == google.protobuf.Timestamp", "bool"},
                    TypeCase{"type(object)", "type(dyn)"}, TypeCase{"null_type", "type(null)"},
                    TypeCase{"net.IP", "type(net.IP)"},
                    TypeCase{"[{'x': 'a'}].all(variables, variables.x == 'a')", "bool"},
                    TypeCase{"[1].map(n, n)", "list(int)"}));

INSTANTIATE_TEST_SUITE_P(
    Optionals, CheckerTypeTest,
    testing::Values(TypeCase{"object.?a", "optional_type(dyn)"}, TypeCase{"m.?a.orValue(2)", "int"},
                    TypeCase{"m[?'a']", "optional_type(int)"},
                    TypeCase{"{'a': m}.?a.b", "optional_type(int)"},
                    TypeCase{"{'a': l}.?a[0]", "optional_type(string)"},
                    TypeCase{"[?m.?a, 1]", "list(int)"},
                    TypeCase{"{?'a': m.?a}", "map(string, int)"},
                    TypeCase{"optional.none()", "optional_type(dyn)"},
                    TypeCase{"m.?a.optMap(x, x + 1)", "optional_type(int)"},
                    TypeCase{"m.?a.optFlatMap(x, optional.of('b'))", "optional_type(string)"},
                    TypeCase{"[optional.of(1), optional.none()]", "list(optional_type(int))"}));

INSTANTIATE_TEST_SUITE_P(Loops, CheckerTypeTest,
                         testing::Values(TypeCase{"l.all(x, x.startsWith('a'))", "bool"},
                                         TypeCase{"l.exists(i, v, i + 1 == 2 && v == 'a')", "bool"},
                                         TypeCase{"m.exists_one(k, k == 'a')", "bool"},
                                         TypeCase{"l.filter(x, object)", "list(string)"},
                                         TypeCase{"m.filter(k, k == 'a')", "list(string)"},
                                         TypeCase{"l.map(x, [x])", "list(list(string))"},
                                         TypeCase{"object.l.map(x, x)", "list(dyn)"},
                                         TypeCase{"l.map(x, x == 'a', 1)", "list(int)"},
                                         TypeCase{"m.transformList(k, v, v)", "list(int)"},
                                         TypeCase{"m.transformMap(k, v, k)", "map(string, string)"},
                                         TypeCase{"l.transformMap(i, v, v)", "map(int, string)"},
                                         TypeCase{"m.transformMapEntry(k, v, {v: k})",
                                                  "map(int, string)"},
                                         TypeCase{"l.sortBy(x, x.size())", "list(string)"},
                                         TypeCase{"[].map(x, x)", "list(dyn)"}));

struct MistakeCase {
  std::string expression;
  std::vector<std::string> issues;

  friend void PrintTo(const MistakeCase& test, std::ostream* out) { *out << test.expression; }
};

class CheckerMistakeTest : public testing::TestWithParam<MistakeCase> {};

TEST_P(CheckerMistakeTest, Reports) {
  std::vector<std::string> found;
  for (const Issue& issue : check_text(GetParam().expression).issues) {
    found.push_back(std::to_string(issue.position.column) + ": " + issue.message);
  }
  EXPECT_EQ(found, GetParam().issues);
}

INSTANTIATE_TEST_SUITE_P(
    Names, CheckerMistakeTest,
    testing::Values(
        MistakeCase{"foo.bar(1)",
                    {"1: undeclared reference to 'foo' (in container '')",
                     "8: undeclared reference to 'bar' (in container '')"}},
        MistakeCase{".foo", {"2: undeclared reference to '.foo' (in container '')"}},
        MistakeCase{"has(request.nam)", {"4: undefined field 'nam'"}},
        MistakeCase{"variables.y + variables.?z.value()",
                    {"10: undefined field 'y'", "24: undefined field 'z'"}},
        MistakeCase{"variables['x']",
                    {"10: found no matching overload for '_[_]' applied to '(kubernetes.variables, "
                     "string)'"}},
        MistakeCase{"l.a", {"2: type 'list(string)' does not support field selection"}},
        MistakeCase{"list.a", {"5: type 'type(list(A))' does not support field selection"}},
        MistakeCase{
            "authorizer.requestResource.a",
            {"27: unexpected failed resolution of 'kubernetes.authorization.ResourceCheck'"}},
        MistakeCase{"ip('a').b", {"8: type 'net.IP' does not support field selection"}},
        MistakeCase{"timestamp", {"0: reference to undefined type: timestamp"}},
        MistakeCase{"kubernetes.AdmissionRequest == type(request)",
                    {"0: reference to undefined type: kubernetes.AdmissionRequest"}},
        MistakeCase{"int{}", {"4: 'int' is not a message type"}},
        MistakeCase{"n{}", {"2: 'int' is not a type"}},
        MistakeCase{"[1].all(x, true) && x", {"21: undeclared reference to 'x' (in container '')"}},
        MistakeCase{"kubernetes.AdmissionRequest{name: 1, foo: 2}",
                    {"33: expected type of field 'name' is 'string' but provided type is 'int'",
                     "41: undefined field 'foo'"}}));

INSTANTIATE_TEST_SUITE_P(
    Calls, CheckerMistakeTest,
    testing::Values(
        MistakeCase{"1 + 'a'",
                    {"3: found no matching overload for '_+_' applied to '(int, string)'"}},
        MistakeCase{"s.startsWith(n, [])",
                    {"13: found no matching overload for 'startsWith' applied to 'string.(int, "
                     "list(dyn))'"}},
        MistakeCase{"s.startsWith()",
                    {"13: found no matching overload for 'startsWith' applied to 'string.()'"}},
        MistakeCase{"ip.isCanonical(1)",
                    {"15: found no matching overload for 'ip.isCanonical' applied to '(int)'"}},
        MistakeCase{"n ? 1 : 2",
                    {"3: found no matching overload for '_?_:_' applied to '(int, int, int)'"}},
        MistakeCase{"n && s",
                    {"1: expected type 'bool' but found 'int'",
                     "6: expected type 'bool' but found 'string'"}},
        MistakeCase{"n in l",
                    {"3: found no matching overload for '@in' applied to '(int, list(string))'"}}));

INSTANTIATE_TEST_SUITE_P(
    Loops, CheckerMistakeTest,
    testing::Values(
        MistakeCase{"l.all(x, x)", {"10: expected type 'bool' but found 'string'"}},
        MistakeCase{"l.exists_one(x, x)",
                    {"13: found no matching overload for '_?_:_' applied to '(string, int, int)'"}},
        MistakeCase{"l.filter(x, x)",
                    {"9: found no matching overload for '_?_:_' applied to '(string, list(string), "
                     "list(string))'"}},
        MistakeCase{"n.map(x, x)",
                    {"1: expression of type 'int' cannot be range of a comprehension (must be "
                     "list, map, or "
                     "dynamic)"}},
        MistakeCase{"m.transformMapEntry(k, v, k)",
                    {"20: found no matching overload for 'cel.@mapInsert' applied to '(map(dyn, "
                     "dyn), string)'"}},
        MistakeCase{"l.sortBy(x, [x])",
                    {"9: found no matching overload for '@sortByAssociatedKeys' applied to "
                     "'list(string).(list(list(string)))'"}},
        MistakeCase{"foo.optMap(x, x)",
                    {"1: undeclared reference to 'foo' (in container '')",
                     "1: undeclared reference to 'foo' (in container '')"}},
        MistakeCase{"n.optMap(x, x)",
                    {"9: found no matching overload for 'hasValue' applied to 'int.()'",
                     "9: found no matching overload for 'value' applied to 'int.()'"}},
        MistakeCase{"m.?a.optFlatMap(x, x)",
                    {"16: found no matching overload for '_?_:_' applied to '(bool, int, "
                     "optional_type(dyn))'"}}));

INSTANTIATE_TEST_SUITE_P(
    Validators, CheckerMistakeTest,
    testing::Values(
        MistakeCase{"[1, 'a', 2.0] == []", {"5: expected type 'int' but found 'string'"}},
        MistakeCase{"[object, 1].size()", {"10: expected type 'dyn' but found 'int'"}},
        MistakeCase{"{'a': 1, 2: 'b'}",
                    {"10: expected type 'string' but found 'int'",
                     "13: expected type 'int' but found 'string'"}},
        MistakeCase{"[?1]", {"3: expected type 'optional_type(int)' but found 'int'"}},
        MistakeCase{"{'a': 1, 'b': 'c'}.?a.optMap(x, x)",
                    {"15: expected type 'int' but found 'string'",
                     "15: expected type 'int' but found 'string'"}},
        MistakeCase{"s.matches('[')", {"11: invalid matches argument"}},
        MistakeCase{"'%s %s'.format([1, 'a'])", {}}, MistakeCase{"'%s'.format([[1, 'a']])", {}},
        MistakeCase{"'%s %s'.format([1])", {"15: index 1 out of range"}},
        MistakeCase{"'%d'.format(['a'])",
                    {"14: error during formatting: decimal clause can only be used on integers, "
                     "was given string"}},
        MistakeCase{"'%s'.format([when, n])",
                    {"12: too many arguments supplied to string.format (expected 1, got 2)"}},
        MistakeCase{
            "'%z'.format([n])",
            {"12: could not parse formatting clause: unrecognized formatting clause \"z\""}},
        MistakeCase{"'%s'.format([optional.of(1)])",
                    {"25: error during formatting: string clause can only be used on strings, "
                     "bools, bytes, ints, doubles, "
                     "maps, lists, types, durations, and timestamps, was given optional_type"}}));

TEST(CheckerTest, TellsTheOverloadsThatMayApply) {
  const auto overloads = [](const std::string& expression) {
    const CheckResult result = check_text(expression);
    std::string names;
    for (const FunctionRow* row : result.nodes[result.ast.root].overloads) {
      names += (names.empty() ? "" : " ") + std::string(row->overload);
    }
    return names;
  };
  EXPECT_EQ(overloads("1 + 2"), "add_int64");
  EXPECT_EQ(overloads("object + 2"), "add_int64");
  EXPECT_EQ(overloads("object + object"), "add_bytes add_double add_int64 add_list add_string");
  EXPECT_EQ(overloads("object.size()"), "string_size list_size");
  EXPECT_EQ(overloads("object in object"), "in_list in_map");
  EXPECT_EQ(overloads("object && object"), "logical_and");
}

TEST(CheckerTest, ResolvesNamesToSlotsTypesAndLoops) {
  const CheckResult result = check_text(
      "ip.isCanonical(s) && authorizer.requestResource == null && l.all(i, v, v == s) && "
      "type(n) == google.protobuf.Duration && variables.x == 1");
  ASSERT_TRUE(result.issues.empty());
  const Environment::State state = environment();
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < result.ast.nodes.size(); ++i) {
    const Expr& expr = result.ast.nodes[i];
    const NodeInfo& info = result.nodes[i];
    if (info.slot) {
      const auto named = std::ranges::find_if(state.variables, [&](const auto& variable) {
        return variable.second.slot == *info.slot;
      });
      seen.push_back("slot of " + named->first);
    } else if (!info.type_name.empty()) {
      seen.push_back("type " + info.type_name);
    } else if (info.loop != kNoExpr) {
      EXPECT_EQ(result.ast.at(info.loop).kind, ExprKind::kLoop);
      seen.push_back(expr.name + " is variable " + std::to_string(info.loop_variable));
    } else if (expr.kind == ExprKind::kCall && expr.name == "ip.isCanonical") {
      EXPECT_EQ(expr.operand, kNoExpr);
      seen.emplace_back("namespaced");
    }
  }
  EXPECT_EQ(seen, (std::vector<std::string>{
                      "slot of s", "namespaced", "slot of authorizer.requestResource", "slot of l",
                      "v is variable 1", "slot of s", "slot of n", "type google.protobuf.Duration",
                      "slot of variables.x"}));
}

TEST(CheckerTest, LooksNamesUpInTheContainer) {
  Environment::State state = environment();
  state.container = "a.b";
  state.variables.emplace("a.n", VariableDeclaration{Type::string(), 90});
  const auto type_of = [&](std::string_view expression) {
    const CheckResult result = check(parse(expression).ast, state);
    return result.issues.empty() ? result.nodes[result.ast.root].type.text()
                                 : result.issues[0].message;
  };
  EXPECT_EQ(type_of("n"), "string");
  EXPECT_EQ(type_of(".n"), "int");
  EXPECT_EQ(type_of("s"), "string");
  EXPECT_EQ(type_of("zzz"), "undeclared reference to 'zzz' (in container 'a.b')");
}

TEST(CheckerTest, BoundsTheSizeOfTypes) {
  std::string expression = "l";
  for (int i = 0; i < 60; ++i) {
    expression += ".map(x, {x: x})";
  }
  const CheckResult result = check_text(expression);
  ASSERT_FALSE(result.issues.empty());
  EXPECT_EQ(result.issues[0].message, "the type of this expression is too large");
}

TEST(CheckerTest, BoundsCopiedMistakes) {
  std::string expression = "foo";
  for (int i = 0; i < 100; ++i) {
    expression += ".optMap(x, x)";
  }
  EXPECT_LE(check_text(expression).issues.size(), 100U);
}

}  // namespace
}  // namespace seaworthy::cel
