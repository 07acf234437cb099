#include "seaworthy/cel/source_edit.h"

#include <array>
#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace seaworthy::cel {
namespace {

struct Case {
  std::string_view expression;
  std::string_view expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

class MoveFieldsTest : public testing::TestWithParam<Case> {};

TEST_P(MoveFieldsTest, MovesWhatBeginsAPath) {
  constexpr std::array<std::string_view, 2> kRoots{"object", "oldObject"};
  constexpr std::array<FieldMove, 2> kMoves{
      FieldMove{"spec", "spec.template.spec", ""},
      FieldMove{"metadata", "spec.template.metadata", "namespace"}};
  EXPECT_EQ(move_fields(GetParam().expression, kRoots, kMoves), GetParam().expected);
}

constexpr Case kMoveCases[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.spec.containers.all(c, true)", "object.spec.template.spec.containers.all(c, true)"},
    {"has(object.spec) && has(oldObject.metadata.labels)",
     "has(object.spec.template.spec) && has(oldObject.spec.template.metadata.labels)"},
    {"request.object.spec.x", "request.object.spec.template.spec.x"},
    {"object . spec . x", "object . spec.template.spec . x"},
    {"object.metadata.namespace == 'a'", "object.metadata.namespace == 'a'"},
    {"object.metadata.namespaces", "object.spec.template.metadata.namespaces"},
    {"'object.spec' + \"object.metadata\" // object.spec",
     "'object.spec' + \"object.metadata\" // object.spec"},
    {"a.object.spec", "a.object.spec"},
    {"a.request.object.spec", "a.request.object.spec"},
    {"object.specification", "object.specification"},
    {"object.?spec", "object.?spec"},
    {"object['spec']", "object['spec']"},
    {"object.spec(1)", "object.spec.template.spec(1)"},
    {"namespaceObject.metadata.name", "namespaceObject.metadata.name"},
    {"", ""},
    {"object.", "object."},
};

INSTANTIATE_TEST_SUITE_P(Cases, MoveFieldsTest, testing::ValuesIn(kMoveCases));

class NestObjectsTest : public testing::TestWithParam<Case> {};

TEST_P(NestObjectsTest, WritesAtThePath) {
  EXPECT_EQ(nest_objects(GetParam().expression, "spec.template"), GetParam().expected);
}

constexpr Case kNestCases[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"Object{a: 1}", "Object{spec: Object.spec{template: Object.spec.template{a: 1}}}"},
    {"b ? Object {a: Object.a{b: '}'}} : Object{}",
     "b ? Object{spec: Object.spec{template: Object.spec.template{a: Object.a{b: '}'}}}} : "
     "Object{}"},
    {"x.Object{a: 1}", "x.Object{a: 1}"},
    {"Object{a: 1", "Object{a: 1"},
    {"'Object{a: 1}'", "'Object{a: 1}'"},
};

INSTANTIATE_TEST_SUITE_P(Cases, NestObjectsTest, testing::ValuesIn(kNestCases));

TEST(CallsOnTest, FindsCallsAndTheirPlaces) {
  constexpr std::array<std::string_view, 2> kRoots{"resource", "http"};
  std::string found;
  for (const MemberCall& call :
       calls_on("a.resource.Get('resource.Get()') && resource.Get('v1').data ==\n http.Post(1) || "
                "resource.name == 'x'",
                kRoots)) {
    found += std::string(call.root) + "." + std::string(call.member) + " " +
             std::to_string(call.position.line) + ":" + std::to_string(call.position.column) + "\n";
  }
  EXPECT_EQ(found, "resource.Get 1:37\nhttp.Post 2:2\n");
}

}  // namespace
}  // namespace seaworthy::cel
