// `seaworthy eval` as a whole: what is printed, and the exit code.
#include "cli/eval.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "cli/eval_run.h"

namespace seaworthy::cli {
namespace {

constexpr const char* kPod =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec:\n  containers:\n"
    "  - {name: a, image: nginx, resources: {limits: {memory: 1Gi}}}\n"
    "  - {name: b, image: 'app:latest'}\n";

constexpr const char* kReview =
    R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},"name":"p","namespace":"","operation":"UPDATE","userInfo":{"username":"ann"},"object":{"kind":"Pod","n":2},"oldObject":{"kind":"Pod","n":1}}})";

EvalRun run(const std::string& expression, const std::function<void(EvalOptions&)>& change = {},
            const std::string& input = "") {
  testing::MemoryFileSystem files{
      {"pod.yaml", kPod},     {"review.json", kReview},       {"two.yaml", "a: 1\n---\na: 2\n"},
      {"bad.yaml", "a: [\n"}, {"rule.cel", "\n1 + 1 == 2\n"}, {"empty.yaml", "# nothing\n"}};
  EvalOptions options;
  options.expression = expression;
  if (change) {
    change(options);
  }
  return run_eval(options, files, input);
}

struct Case {
  std::string expression;
  std::string out;
};

TEST(EvalTest, PrintsValuesAsCel) {
  const Case cases[] = {
      {"1", "1\n"},
      {"1u", "1u\n"},
      {"1.0", "1.0\n"},
      {"1e21 + 0.5", "1e+21\n"},
      {"double('NaN')", "double(\"NaN\")\n"},
      {"'a\\n\"é'", "\"a\\n\\\"é\"\n"},
      {"b'a\\xff\"'", "b\"a\\xff\\x22\"\n"},
      {"[1, 2]", "[1, 2]\n"},
      {"{'b': [true], 'a': [false]}", "{\"b\": [true], \"a\": [false]}\n"},
      {"null", "null\n"},
      {"duration('90s')", "duration(\"90s\")\n"},
      {"timestamp('2024-02-29T01:00:00+01:00')", "timestamp(\"2024-02-29T01:00:00+01:00\")\n"},
      {"type(1)", "int\n"},
      {"optional.of('x')", "optional.of(\"x\")\n"},
      {"optional.none()", "optional.none()\n"},
      {"quantity('1.5Gi')", "quantity(\"1536Mi\")\n"},
      {"ip('::1')", "ip(\"::1\")\n"},
      {"cidr('10.0.0.0/8')", "cidr(\"10.0.0.0/8\")\n"},
      {"[JSONPatch{op: 'add', path: '/a', value: Object{a: Object.a{b: 1.0}}}]",
       "[JSONPatch{op: \"add\", path: \"/a\", value: Object{a: Object.a{b: 1.0}}}]\n"},
      {"format.uuid()", "<kubernetes.NamedFormat>\n"},
      {"lists.range(60)",
       "[\n  0,\n  1,\n  2,\n  3,\n  4,\n  5,\n  6,\n  7,\n  8,\n  9,\n  10,\n  11,\n  12,\n  13,\n"
       "  14,\n  15,\n  16,\n  17,\n  18,\n  19,\n  20,\n  21,\n  22,\n  23,\n  24,\n  25,\n  26,\n"
       "  27,\n  28,\n  29,\n  30,\n  31,\n  32,\n  33,\n  34,\n  35,\n  36,\n  37,\n  38,\n  39,\n"
       "  40,\n  41,\n  42,\n  43,\n  44,\n  45,\n  46,\n  47,\n  48,\n  49,\n  50,\n  51,\n  52,\n"
       "  53,\n  54,\n  55,\n  56,\n  57,\n  58,\n  59\n]\n"},
  };
  for (const auto& each : cases) {
    const EvalRun got = run(each.expression);
    EXPECT_EQ(got.out, each.out) << each.expression;
    EXPECT_EQ(got.err, "");
    EXPECT_EQ(got.code, ExitCode::kOk);
  }
}

TEST(EvalTest, ReadsItsInputs) {
  const auto pod = [](EvalOptions& options) { options.object = "pod.yaml"; };
  EXPECT_EQ(run("object.spec.containers.size()", pod).out, "2\n");
  EXPECT_EQ(run(
                "object.metadata.name", [](EvalOptions& options) { options.object = "-"; }, kPod)
                .out,
            "\"web\"\n");
  EXPECT_EQ(run("object", [](EvalOptions& options) { options.object = "empty.yaml"; }).out,
            "null\n");
  EXPECT_EQ(run("", [](EvalOptions& options) { options.file = "rule.cel"; }).out, "true\n");
  const auto review = [](EvalOptions& options) { options.review = "review.json"; };
  EXPECT_EQ(run("[object.n, oldObject.n]", review).out, "[2, 1]\n");
  EXPECT_EQ(run("request.operation + request.userInfo.username", review).out, "\"UPDATEann\"\n");
  EXPECT_EQ(run("has(request.namespace)", review).out, "false\n");
  const auto both = [](EvalOptions& options) {
    options.review = "review.json";
    options.object = "pod.yaml";
  };
  EXPECT_EQ(run("[object.kind, oldObject.n]", both).out, "[\"Pod\", 1]\n");
  const auto others = [](EvalOptions& options) {
    options.params = "pod.yaml";
    options.old_object = "pod.yaml";
    options.request = "pod.yaml";
    options.namespace_object = "pod.yaml";
  };
  EXPECT_EQ(
      run("params == oldObject && namespaceObject.metadata.name == 'web' && object == null", others)
          .out,
      "true\n");
}

TEST(EvalTest, SaysTypeAndCost) {
  const EvalRun got =
      run("variables.a > 1 && variables.b == variables.b", [](EvalOptions& options) {
        options.type = options.cost = true;
        options.object = "pod.yaml";
        options.variables = {"a=object.spec.containers.size()", " b = variables.a * 2", "c=1/0"};
      });
  EXPECT_EQ(got.out, "true\ntype: bool\ncost: 8\ncost of variables.a: 4\ncost of variables.b: 3\n");
  EXPECT_EQ(got.code, ExitCode::kOk);
}

TEST(EvalTest, SaysWhatIsWrong) {
  const EvalRun broken = run("objec.spec");
  EXPECT_EQ(broken.err,
            "compilation failed: ERROR: <input>:1:1: undeclared reference to 'objec' (in container "
            "'')\n | objec.spec\n | ^\nhint: did you mean 'object'?\n");
  EXPECT_EQ(broken.out, "");
  EXPECT_EQ(broken.code, ExitCode::kDenied);
  const EvalRun failed = run("object.x", [](EvalOptions& options) {
    options.object = "pod.yaml";
    options.type = true;
  });
  EXPECT_EQ(failed.err, "error: no such key: x\n");
  EXPECT_EQ(failed.out, "type: dyn\n");
  EXPECT_EQ(failed.code, ExitCode::kDenied);
  const EvalRun variable =
      run("1", [](EvalOptions& options) { options.variables = {"v=object +"}; });
  EXPECT_TRUE(variable.err.starts_with("variables.v: compilation failed: ERROR: <input>:1:9: "))
      << variable.err;
  EXPECT_EQ(variable.out, "1\n");
  EXPECT_EQ(variable.code, ExitCode::kDenied);
}

struct Misuse {
  std::function<void(EvalOptions&)> change;
  std::string err;
};

TEST(EvalTest, RefusesWhatItCannotRead) {
  const Misuse cases[] = {
      {[](EvalOptions& options) { options.expression.clear(); },
       "seaworthy: one of EXPR and --file is wanted\n"},
      {[](EvalOptions& options) { options.file = "rule.cel"; },
       "seaworthy: one of EXPR and --file is wanted\n"},
      {[](EvalOptions& options) { options.object = "no.yaml"; },
       "seaworthy: no.yaml: No such file or directory\n"},
      {[](EvalOptions& options) { options.object = "two.yaml"; },
       "seaworthy: two.yaml: 2 documents where one is wanted\n"},
      {[](EvalOptions& options) { options.review = "pod.yaml"; }, ""},
      {[](EvalOptions& options) { options.object = "bad.yaml"; }, ""},
      {[](EvalOptions& options) { options.object = options.params = "-"; },
       "seaworthy: standard input can be read once only\n"},
      {[](EvalOptions& options) { options.variables = {"1a=1"}; },
       "seaworthy: --variable 1a=1: not NAME=EXPR\n"},
      {[](EvalOptions& options) { options.variables = {"a"}; },
       "seaworthy: --variable a: not NAME=EXPR\n"},
      {[](EvalOptions& options) { options.variables = {"a=1", "a=2"}; },
       "seaworthy: variable 'a' is there twice\n"},
  };
  for (const auto& each : cases) {
    const EvalRun got = run("true", each.change);
    EXPECT_EQ(got.code, ExitCode::kUsage);
    EXPECT_EQ(got.out, "");
    EXPECT_EQ(each.err.empty() ? "" : got.err, each.err);
    EXPECT_NE(got.err, "");
  }
}

TEST(EvalTest, ExplainsEachPart) {
  const Case cases[] = {
      {"object.spec.containers.all(c, has(c.resources.limits) && c.image.contains(':'))",
       "false\n\n"
       "object.spec.containers.all(c, has(c.resources.limits) && c.image.contains(':')) → false\n"
       "  object.spec.containers → [{\"name\": \"a\", \"image\": \"nginx\", \"resources\": "
       "{\"limits\": {\"memory\": \"1Gi\"}}}, {\"name\": \"b\", \"image\"…\n"
       "  c = {\"name\": \"a\", \"image\": \"nginx\", \"resources\": {\"limits\": {\"memory\": "
       "\"1Gi\"}}}\n"
       "    has(c.resources.limits) && c.image.contains(':') → false\n"
       "      has(c.resources.limits) → true\n"
       "      c.image.contains(':') → false\n"
       "        c.image → \"nginx\"\n"},
      {"object.kind == 'Job' || (object.kind == 'Pod' && true) || object.x.y",
       "true\n\n"
       "object.kind == 'Job' || (object.kind == 'Pod' && true) || object.x.y → true\n"
       "  object.kind == 'Job' → false\n"
       "    object.kind → \"Pod\"\n"
       "  (object.kind == 'Pod' && true) → true\n"
       "    object.kind == 'Pod' → true\n"
       "      object.kind → \"Pod\"\n"
       "  object.x.y (not evaluated)\n"},
      {"object.a.b == 1 ? 'x' : string(object.kind)",
       "\n"
       "object.a.b == 1 ? 'x' : string(object.kind) → error: no such key: a\n"
       "  object.a.b == 1 → error: no such key: a\n"
       "    object.a.b → error: no such key: a\n"
       "      object.a → error: no such key: a\n"
       "        object → {\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": "
       "\"web\", \"labels\": {\"app\": \"web\"}}, \"spec\": …\n"
       "  string(object.kind) (not evaluated)\n"},
      {"lists.range(12).filter(i, i % 7 == 6).size()",
       "1\n\n"
       "lists.range(12).filter(i, i % 7 == 6).size() → 1\n"
       "  lists.range(12).filter(i, i % 7 == 6) → [6]\n"
       "    lists.range(12) → [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]\n"
       "    i = 0\n      i % 7 == 6 → false\n        i % 7 → 0\n"
       "    i = 1\n      i % 7 == 6 → false\n        i % 7 → 1\n"
       "    i = 2\n      i % 7 == 6 → false\n        i % 7 → 2\n"
       "    i = 3\n      i % 7 == 6 → false\n        i % 7 → 3\n"
       "    i = 4\n      i % 7 == 6 → false\n        i % 7 → 4\n"
       "    i = 5\n      i % 7 == 6 → false\n        i % 7 → 5\n"
       "    i = 6\n      i % 7 == 6 → true\n        i % 7 → 6\n"
       "    i = 7\n      i % 7 == 6 → false\n        i % 7 → 0\n"
       "    i = 8\n      i % 7 == 6 → false\n        i % 7 → 1\n"
       "    i = 9\n      i % 7 == 6 → false\n        i % 7 → 2\n"
       "    … 2 more\n"},
      {"lists.range(30).exists(i, i == 20)",
       "true\n\n"
       "lists.range(30).exists(i, i == 20) → true\n"
       "  lists.range(30) → [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, "
       "20, 21, 22, 23, 24, 25, 26, …\n"
       "  i = 0\n    i == 20 → false\n  i = 1\n    i == 20 → false\n  i = 2\n    i == 20 → false\n"
       "  i = 3\n    i == 20 → false\n  i = 4\n    i == 20 → false\n  i = 5\n    i == 20 → false\n"
       "  i = 6\n    i == 20 → false\n  i = 7\n    i == 20 → false\n  i = 8\n    i == 20 → false\n"
       "  i = 9\n    i == 20 → false\n  … 10 more\n  i = 20\n    i == 20 → true\n"},
      {"{'a': 1}.exists(k, v, v == 1) ? optional.of(2).orValue(1/0) : 3",
       "2\n\n"
       "{'a': 1}.exists(k, v, v == 1) ? optional.of(2).orValue(1/0) : 3 → 2\n"
       "  {'a': 1}.exists(k, v, v == 1) → true\n"
       "    {'a': 1} → {\"a\": 1}\n"
       "    k = \"a\", v = 1\n"
       "      v == 1 → true\n"
       "  optional.of(2).orValue(1/0) → 2\n"
       "    1/0 (not evaluated)\n"},
      {"object.?metadata.?labels.optMap(l, l.app).orValue('') == variables.want",
       "true\n\n"
       "object.?metadata.?labels.optMap(l, l.app).orValue('') == variables.want → true\n"
       "  object.?metadata.?labels.optMap(l, l.app).orValue('') → \"web\"\n"
       "    object.?metadata.?labels.optMap(l, l.app) → optional.of(\"web\")\n"
       "      object.?metadata.?labels → optional.of({\"app\": \"web\"})\n"
       "      l = {\"app\": \"web\"}\n"
       "        l.app → \"web\"\n"
       "  variables.want → \"web\"\n"},
  };
  for (const auto& each : cases) {
    const EvalRun got = run(each.expression, [](EvalOptions& options) {
      options.explain = true;
      options.object = "pod.yaml";
      options.variables = {"want='web'"};
    });
    EXPECT_EQ(got.out, each.out) << each.expression;
  }
}

TEST(EvalTest, PrintsJson) {
  const EvalRun got = run("variables.a == 2", [](EvalOptions& options) {
    options.output = "json";
    options.explain = true;
    options.variables = {"a=2", "b=x"};
  });
  EXPECT_EQ(got.out, R"j({
  "cost": 3,
  "explanation": {
    "parts": [
      {
        "source": "variables.a",
        "value": {
          "int": "2"
        }
      }
    ],
    "source": "variables.a == 2",
    "value": {
      "bool": true
    }
  },
  "expr": "variables.a == 2",
  "json": true,
  "type": "bool",
  "value": {
    "bool": true
  },
  "var:b": "compilation failed: ERROR: <input>:1:1: undeclared reference to 'x' (in container '')\n | x\n | ^"
}
)j");
  EXPECT_EQ(got.err, "");
  EXPECT_EQ(got.code, ExitCode::kDenied);
  EXPECT_EQ(run("object.x", [](EvalOptions& options) { options.output = "json"; }).out,
            "{\n  \"cost\": 2,\n  \"error\": \"no such key: x\",\n  \"expr\": \"object.x\",\n  "
            "\"type\": \"dyn\"\n}\n");
  EXPECT_EQ(run("x", [](EvalOptions& options) { options.output = "json"; }).out,
            "{\n  \"compileError\": \"compilation failed: ERROR: <input>:1:1: undeclared reference "
            "to 'x' (in container '')\\n | x\\n | ^\",\n  \"expr\": \"x\"\n}\n");
}

}  // namespace
}  // namespace seaworthy::cli
