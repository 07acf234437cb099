#include "seaworthy/cel/authorizer.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/base/arena.h"
#include "seaworthy/base/text.h"
#include "seaworthy/cel/evaluation.h"

// The authorizer of Kubernetes' expressions. What is expected follows from k8s.io/apiserver 0.36
// pkg/cel/library/authz.go and cost.go.

namespace seaworthy::cel {
namespace {

/// Writes each question down; allows what is a verb "get", has no opinion on "odd", fails on
/// "fail".
class FakeAuthorizer final : public Authorizer {
 public:
  Decision authorize(const AuthorizationAttributes& asked) override {
    std::string question =
        asked.user.name + " [" + join(asked.user.groups, " ") + "] " + asked.verb;
    if (asked.is_resource) {
      for (const std::string& part : {asked.group, asked.version, asked.resource, asked.subresource,
                                      asked.name_space, asked.name}) {
        question += " '" + part + "'";
      }
      for (const FieldRequirement& field : asked.fields.requirements) {
        question += " " + field.field + (field.is_equal ? "=" : "!=") + field.value;
      }
      for (const LabelRequirement& label : asked.labels.requirements) {
        question += " " + label.key + "(" + join(label.values, ",") + ")";
      }
      question += asked.fields.error + asked.labels.error;
    } else {
      question += " " + asked.path;
    }
    questions.push_back(question);
    if (asked.verb == "fail") {
      return {Decision::Verdict::kNoOpinion, "", "no answer"};
    }
    return asked.verb == "get"   ? Decision{Decision::Verdict::kAllow, "allowed by rule", ""}
           : asked.verb == "odd" ? Decision{}
                                 : Decision{Decision::Verdict::kDeny, "denied by rule", ""};
  }

  std::vector<std::string> questions;
};

struct Answer {
  std::string value;
  std::vector<std::string> questions;
};

Answer answer(std::string_view expression, bool with_authorizer = true) {
  Environment environment = Environment::kubernetes();
  const AuthorizerSlots slots = declare_authorizer(environment);
  const Compilation compiled = environment.compile(expression);
  if (compiled.program == nullptr) {
    return {"refused: " + compiled.issues.front().message, {}};
  }
  FakeAuthorizer fake;
  Authorizer* authorizer = with_authorizer ? &fake : nullptr;
  const AuthorizationUser user{"jane", "1", {"dev"}, {}};
  const AuthorizationResource resource{"apps", "deployments", "scale", "prod", "web"};
  Arena arena;
  std::vector<Value> values(environment.slot_count());
  values[slots.authorizer] = authorizer_value(authorizer, user, arena);
  values[slots.request_resource] = request_resource_value(authorizer, user, resource, arena);
  Evaluation evaluation(arena, values);
  evaluation.start();
  const Value value = compiled.program->evaluate(evaluation);
  const std::string text = value.is_error() ? "error " + std::string(value.as_error().message)
                                            : std::string(to_text(value, arena));
  return {text + " for " + std::to_string(evaluation.cost()), fake.questions};
}

struct Case {
  std::string_view expression;
  std::string_view expected;
  std::string_view question = {};  ///< The last one.
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

class AuthorizerTest : public testing::TestWithParam<Case> {};

TEST_P(AuthorizerTest, AsksAndAnswers) {
  const Answer found = answer(GetParam().expression);
  EXPECT_EQ(found.value, GetParam().expected);
  EXPECT_EQ(found.questions.empty() ? "" : found.questions.back(), GetParam().question);
}

constexpr Case kCases[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"authorizer.path('/healthz').check('get').allowed()", "true for 350003",
     "jane [dev] get /healthz"},
    {"authorizer.path('/healthz').check('put').allowed()", "false for 350003",
     "jane [dev] put /healthz"},
    {"authorizer.path('/x').check('odd').allowed()", "false for 350003", "jane [dev] odd /x"},
    {"authorizer.path(' \\t').check('get').allowed()", "error path must not be empty for 350003"},
    {"authorizer.group('').resource('pods').check('get').reason()", "allowed by rule for 350004",
     "jane [dev] get '' '*' 'pods' '' '' ''"},
    {"authorizer.group('').resource(' ').check('get').reason()",
     "error resource must not be empty for 350004"},
    {"authorizer.group('apps').resource('deployments').subresource('scale').namespace('prod')"
     ".name('web').check('update').allowed()",
     "false for 350007", "jane [dev] update 'apps' '*' 'deployments' 'scale' 'prod' 'web'"},
    {"authorizer.requestResource.check('get').allowed()", "true for 350002",
     "jane [dev] get 'apps' '*' 'deployments' 'scale' 'prod' 'web'"},
    {"authorizer.requestResource.namespace('').check('get').allowed()", "true for 350003",
     "jane [dev] get 'apps' '*' 'deployments' 'scale' '' 'web'"},
    {"authorizer.serviceAccount('default', 'robot').path('/x').check('get').allowed()",
     "true for 350004",
     "system:serviceaccount:default:robot [system:serviceaccounts system:serviceaccounts:default] "
     "get /x"},
    {"authorizer.serviceAccount('default', 'Robot').path('/x').check('get').allowed()",
     "error Invalid service account name for 350004"},
    {"authorizer.serviceAccount('a.b', 'robot').path('/x').check('get').allowed()",
     "error Invalid service account namespace for 350004"},
    {"authorizer.group('').resource('pods').fieldSelector('spec.nodeName=a').check('list').errored("
     ")",
     "false for 350416", "jane [dev] list '' '*' 'pods' '' '' '' spec.nodeName=a"},
    {"authorizer.group('').resource('pods').fieldSelector('a').check('get').allowed()",
     "true for 350065",
     "jane [dev] get '' '*' 'pods' '' '' ''invalid selector: 'a'; can't understand 'a'"},
    {"authorizer.group('').resource('pods').labelSelector('b,a in (y,x)').check('get').allowed()",
     "true for 350316", "jane [dev] get '' '*' 'pods' '' '' '' a(x,y) b()"},
    {"authorizer.group('').resource('pods').labelSelector('!').check('get').allowed()",
     "true for 350065",
     "jane [dev] get '' '*' 'pods' '' '' ''unable to parse requirement: found '', expected: "
     "identifier"},
    {"authorizer.path('/x').check('fail').errored()", "true for 350003", "jane [dev] fail /x"},
    {"authorizer.path('/x').check('fail').error()", "no answer for 350003", "jane [dev] fail /x"},
    {"authorizer.path('/x').check('get').error() == ''", "true for 350003", "jane [dev] get /x"},
    {"dyn(authorizer).path('/x').check('get').allowed()", "true for 350004", "jane [dev] get /x"},
    {"dyn(authorizer).path(dyn(1))",
     "error no such overload: path(kubernetes.authorization.Authorizer, int) for 3"},
    {"authorizer == authorizer", "error no such overload for 3"},
    {"string(type(authorizer))",
     "refused: found no matching overload for 'string' applied to "
     "'(type(kubernetes.authorization.Authorizer))'"},
    {"authorizer.foo",
     "refused: unexpected failed resolution of 'kubernetes.authorization.Authorizer'"},
    {"authorizer.path('/x').allowed()",
     "refused: found no matching overload for 'allowed' applied to "
     "'kubernetes.authorization.PathCheck.()'"},
    {"authorizer.path('/a').check('get').allowed() && authorizer.path('/b').check('get').allowed()",
     "true for 700006", "jane [dev] get /b"},
    {"authorizer.path('/a').check('get').allowed() && authorizer.path('/b').check('get').allowed() "
     "&& authorizer.path('/c').check('get').allowed()",
     "error operation cancelled: actual cost limit exceeded for 1050008", "jane [dev] get /c"},
};

INSTANTIATE_TEST_SUITE_P(Cases, AuthorizerTest, testing::ValuesIn(kCases));

TEST(AuthorizerlessTest, SaysThatNothingIsKnown) {
  EXPECT_EQ(answer("authorizer.path('/x').check('get').allowed()", false).value,
            "error authorization is not known here: there is no API server to ask for 350003");
  EXPECT_EQ(answer("authorizer.requestResource.check('get').allowed() || true", false).value,
            "true for 350002");
}

TEST(CachingAuthorizerTest, AsksEachQuestionOnce) {
  FakeAuthorizer fake;
  CachingAuthorizer caching(fake);
  AuthorizationAttributes asked;
  asked.user = {"jane", "", {"a", "b"}, {{"scope", {"x", "y"}}}};
  asked.verb = "get";
  asked.is_resource = true;
  asked.resource = "pods";
  EXPECT_EQ(caching.authorize(asked).reason, "allowed by rule");
  std::ranges::reverse(asked.user.groups);
  std::ranges::reverse(asked.user.extra["scope"]);
  asked.fields.error = "did not parse";
  EXPECT_EQ(caching.authorize(asked).reason, "allowed by rule");
  EXPECT_EQ(fake.questions.size(), 1U);
  asked.fields.requirements.push_back({"a", true, "b"});
  EXPECT_EQ(caching.authorize(asked).reason, "allowed by rule");
  asked.labels.requirements.push_back({"a", LabelRequirement::Operator::kIn, {"b"}});
  EXPECT_EQ(caching.authorize(asked).reason, "allowed by rule");
  asked.verb = "fail";
  EXPECT_EQ(caching.authorize(asked).error, "no answer");
  EXPECT_EQ(caching.authorize(asked).error, "no answer");
  EXPECT_EQ(fake.questions.size(), 4U);
}

}  // namespace
}  // namespace seaworthy::cel
