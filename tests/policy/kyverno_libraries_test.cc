// Each function that Kyverno's expressions have beside the platform's: what it answers, and what it
// says where it cannot.
#include "policy/kyverno_libraries.h"

#include <array>
#include <chrono>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "policy/digest.h"
#include "policy/kyverno_environment.h"
#include "policy/pattern_sampler.h"
#include "seaworthy/document/json.h"
#include "support/json.h"

namespace seaworthy::policy {
namespace {

struct Case {
  std::string_view expression;
  std::string_view expected;  ///< JSON, or "error: " and the message.
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

/// Slots as a request at a known time has them.
class Values final : public cel::LazySlots {
 public:
  explicit Values(const AdmissionInputs& inputs) : inputs_(&inputs), extra_(make_kyverno_slots()) {}

  cel::Value resolve(std::uint32_t slot, cel::Evaluation& evaluation) override {
    return extra_->resolve(slot, *inputs_, evaluation);
  }

 private:
  const AdmissionInputs* inputs_;
  std::shared_ptr<const ExtraSlots> extra_;
};

std::string evaluate(std::string_view expression) {
  const auto environments = make_kyverno_environments(cel::Environment::kubernetes());
  const auto compiled = environments.expressions.compile(expression);
  if (compiled.program == nullptr) {
    return cel::format_issues(expression, compiled.issues);
  }
  Arena arena;
  AdmissionInputs inputs;
  inputs.now = std::chrono::sys_days{std::chrono::year{2026} / 2 / 3} + std::chrono::hours(4);
  inputs.allowed_images = {"a:1"};
  inputs.object = testing::json(R"({"a":{"b":1}})", arena);
  inputs.request = testing::json(R"({"name":"n"})", arena);
  Values values(inputs);
  std::vector<cel::Value> slots(environments.expressions.slot_count());
  slots[environments.slots.object] = cel::Value::of(inputs.object);
  cel::Evaluation evaluation(arena, slots, &values);
  evaluation.start();
  const auto value = compiled.program->evaluate(evaluation);
  return value.is_error() ? "error: " + std::string(value.as_error().message)
                          : document::print_json(cel::to_node(value, arena));
}

class KyvernoLibrariesTest : public ::testing::TestWithParam<Case> {};

TEST_P(KyvernoLibrariesTest, Answers) {
  EXPECT_EQ(evaluate(GetParam().expression), GetParam().expected);
}

constexpr Case kCases[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"md5('nginx:latest')", "\"403554a5dfea78d1ca4a8ff5830ac2ae\""},
    {"hash.sha1('')", "\"da39a3ee5e6b4b0d3255bfef95601890afd80709\""},
    {"sha256('abc')", "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\""},
    {"image('nginx').registry()", "\"index.docker.io\""},
    {"parseImageReference('nginx').repository()", "\"library/nginx\""},
    {"image('a/b').repository()", "\"a/b\""},
    {"image('nginx').tag()", "\"latest\""},
    {"image('ghcr.io:443/x/y:v1').registry()", "\"ghcr.io:443\""},
    {"image('ghcr.io/x/y:v1').identifier()", "\"v1\""},
    {"image('localhost/foo').repository()", "\"localhost/foo\""},
    {"image('docker.io/a/b').registry() == image('a/b').registry()", "true"},
    {"image('a/b') == image('a/b:latest')", "true"},
    {"image('x@sha256:"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef').containsDigest()",
     "error: could not parse reference: x@sha256:"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
    {"image('xy:1@sha256:"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef').tag()",
     "\"\""},
    {"image('xy@sha256:"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef').digest().size()",
     "71"},
    {"isImage('registry.k8s.io/kube-apiserver-arm64:@')", "false"},
    {"isImage('registry.k8s.io/kube-apiserver-arm64:latest')", "true"},
    {"json.unmarshal('{\"a\": [1, 2]}').a[1]", "2"},
    {"json.marshal({'a': 1})", "\"{\\\"a\\\":1}\""},
    {"json.unmarshal(1)", "error: no such overload"},
    {"yaml.parse('a:\\n- b\\n- c').a", "[\"b\",\"c\"]"},
    {"yaml.parse('')", "null"},
    {"listObjToMap([{'k': 'a'}, {'k': 'b'}], [{'v': 'x'}, {'v': 'y'}], 'k', 'v')",
     "{\"a\":\"x\",\"b\":\"y\"}"},
    {"transform.listObjToMap([{'k': 'a'}], [], 'k', 'v')",
     "error: listObjToMap must take lists of equal length. list1: 1, list2: 0"},
    {"listObjToMap([{'k': 1}], [{'v': 'x'}], 'k', 'v')",
     "error: the passed key name cannot be handled as a string in the key object list"},
    {"time.now()", "\"2026-02-03T04:00:00Z\""},
    {"time.now() - duration('4h')", "\"2026-02-03T00:00:00Z\""},
    {"time.truncate(timestamp('2025-01-02T03:45:27Z'), duration('1h'))",
     "\"2025-01-02T03:00:00Z\""},
    {"time.toCron(timestamp('2025-01-02T15:30:00Z'))", "\"30 15 2 1 4\""},
    {"math.round(10.125, 2)", "10.13"},
    {"math.round(12345.6789, -2)", "12300"},
    {"math.round(2.5)", "3"},
    {"math.greatest(1, 3, 2)", "3"},
    {"math.least(4, 2.5, 3u) == math.least([4.0, 2.5])", "true"},
    {"math.abs(-3) + math.sign(-2)", "2"},
    {"math.bitAnd(6, 3) + math.bitOr(4, 1) + math.bitShiftLeft(1, 3)", "15"},
    {"math.bitShiftLeft(1, -1)", "error: math.bitShift() negative offset: -1"},
    {"base64.encode(b'ab') + base64.encode(b'a') + base64.encode(b'abc')", "\"YWI=YQ==YWJj\""},
    {"string(base64.decode('YWI=')) + string(base64.decode('YQ'))", "\"aba\""},
    {"base64.decode('Y')", "error: illegal base64 data at input byte 0"},
    {"regex.replace('docker.io/x', '^docker\\\\.io/(.*)', r'r.io/\\1')", "\"r.io/x\""},
    {"regex.replace('aaa', 'a', 'b', 2)", "\"bba\""},
    {"regex.replace('a', 'a', r'\\1')",
     "error: invalid replacement string: '\\1' \\ must be followed by a digit of a group or \\"},
    {"regex.extract('v1.2', r'v(\\d+)').orValue('')", "\"1\""},
    {"regex.extract('x', r'v(\\d+)').hasValue()", "false"},
    {"regex.extractAll('a1b22', r'\\d+')", "[\"1\",\"22\"]"},
    {"regex.extract('x', '(a)(b)')",
     "error: regular expression has more than one capturing group: \"(a)(b)\""},
    {"random('[a-f0-9]{8}-(x|y)').matches('^[a-f0-9]{8}-[xy]$')", "true"},
    {"random().matches('^[0-9a-z]{8}$') && random() != random()", "true"},
    {"random('(')", "error: random: missing ')' in pattern"},
    {"parseServiceAccount('system:serviceaccount:ns:sa').Name", "\"sa\""},
    {"user.parseServiceAccount('system:serviceaccount:ns:sa').Namespace", "\"ns\""},
    {"parseServiceAccount('admin')", "{\"Name\":\"\",\"Namespace\":\"\"}"},
    {"exceptions.allowedImages + exceptions.allowedValues", "[\"a:1\"]"},
    {"request.name + string(request.object.a.b)", "\"n1\""},
    {"has(request.oldObject)", "false"},
    {"object.a.b.orValue(2) == 1", "true"},
};

INSTANTIATE_TEST_SUITE_P(Cases, KyvernoLibrariesTest, ::testing::ValuesIn(kCases));

TEST(DigestTest, HashesMoreThanABlock) {
  const std::string text(1000, 'a');
  EXPECT_EQ(md5_hex(text), "cabe45dcc9ae5b66ba86600cca6b8ba8");
  EXPECT_EQ(sha1_hex(text), "291e9a6c66994949b57ba5e650361e98fc36b1ba");
  EXPECT_EQ(sha256_hex(text), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
}

TEST(PatternSamplerTest, EndsWhereNothingIsWritten) {
  std::uint64_t state = 1;
  for (const std::string_view pattern : {"(((){4096}){4096}){4096}", "a{4096}a{4096}",
                                         "((((((((((((((((((((((((((((((((((a))))))))"
                                         "))))))))))))))))))))))))))"}) {
    EXPECT_EQ(sample_pattern(pattern, state).has_value(), false) << pattern;
  }
  for (const std::string_view pattern : {"[b-a]", "[a", "a{2,1}", "*", "a)", "\\", "a{x}"}) {
    const auto sampled = sample_pattern(pattern, state);
    ASSERT_FALSE(sampled) << pattern << " " << *sampled;
    EXPECT_EQ(sampled.error().code, ErrorCode::kInvalid);
  }
}

}  // namespace
}  // namespace seaworthy::policy
