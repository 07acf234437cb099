// Each function that Kyverno's expressions have beside the platform's: what it answers, and what it
// says where it cannot.
#include "policy/kyverno_libraries.h"

#include <array>
#include <chrono>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "policy/digest.h"
#include "policy/gzip.h"
#include "policy/kyverno_environment.h"
#include "policy/pattern_sampler.h"
#include "seaworthy/admission/review.h"
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

std::string evaluate(std::string_view expression, std::string_view object = R"({"a":{"b":1}})") {
  const auto environments = make_kyverno_environments(cel::Environment::kubernetes());
  const auto compiled = environments.expressions.compile(expression);
  if (compiled.program == nullptr) {
    return cel::format_issues(expression, compiled.issues);
  }
  Arena arena;
  AdmissionInputs inputs;
  inputs.now = std::chrono::sys_days{std::chrono::year{2026} / 2 / 3} + std::chrono::hours(4);
  inputs.allowed_images = {"a:1"};
  inputs.object = testing::json(object, arena);
  inputs.request_object = inputs.object;
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
     "error: could not parse reference"},
    {"image('xy:1@sha256:"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef').tag()",
     "\"\""},
    {"image('xy@sha256:"
     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef').digest().size()",
     "71"},
    {"isImage('registry.k8s.io/kube-apiserver-arm64:@')", "false"},
    {"isImage('registry.k8s.io/kube-apiserver-arm64:latest')", "true"},
    {"['a:/foo', 'a:5000/foo', '[::1]/foo', '[fe80::1]:5000/foo', 'a_b.c/foo', '\u00e9.io/foo']"
     ".filter(x, !isImage(x))",
     "[]"},
    {"['a:x/foo', 'a:5:6/foo', 'ng%zz.io/foo', 'a.io%41/foo', 'a\\\\.io/foo', 'a^.io/foo', "
     "'a`.io/foo', 'a{.io/foo', 'a|.io/foo', 'a}.io/foo', 'a.io\\n/foo', 'u@a.io/foo', "
     "'[zz]:1/foo', '[::1/foo', '[::1]x/foo', 'a[::1]/foo'].filter(x, isImage(x))",
     "[]"},
    {"json.unmarshal('{\"a\": [1, 2]}').a[1]", "2"},
    {"json.marshal({'a': 1})", "\"{\\\"a\\\":1}\""},
    {"json.unmarshal(1)", "error: no such overload"},
    {"yaml.parse('a:\\n- b\\n- c').a", "[\"b\",\"c\"]"},
    {"yaml.parse('')", "null"},
    {"listObjToMap([{'k': 'a'}, {'k': 'b'}], [{'v': 'x'}, {'v': 'y'}], 'k', 'v')",
     "{\"a\":\"x\",\"b\":\"y\"}"},
    {"transform.listObjToMap([{'k': 'a'}], [], 'k', 'v')",
     "error: listObjToMap must take lists of equal length. list1: 1, list2: 0"},
    {"listObjToMap([{'k': 'b'}, {'k': 'a'}, {'k': 'b'}], [{'v': 1}, {'v': 2}, {'v': 3}], 'k', 'v')",
     "{\"a\":2,\"b\":3}"},
    {"listObjToMap([{'k': 'a'}], [{}], 'k', 'v')", "{\"a\":null}"},
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
    {"regex.replace('\u00e9a', '', '-')", "\"-\u00e9-a-\""},
    {"regex.replace('ab', '(?<x>a)(b)?', r'\\2\\1')", "\"ba\""},
    {"regex.extract('v1.2', r'v(\\d+)').orValue('')", "\"1\""},
    {"regex.extract('x', r'v(\\d+)').hasValue()", "false"},
    {"regex.extractAll('a1b22', r'\\d+')", "[\"1\",\"22\"]"},
    {"regex.extract('x', '(a)(b)')",
     "error: regular expression has more than one capturing group: \"(a)(b)\""},
    {"strings.quote('a\"b')", "\"\\\"a\\\\\\\"b\\\"\""},
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

/// `text` as often as asked, with commas between.
std::string repeated(const std::string& text, std::size_t times) {
  std::string list = text;
  for (std::size_t time = 1; time < times; ++time) {
    list += "," + text;
  }
  return list;
}

/// Ten million bytes as a gzip stream of 65,000 that has no end.
std::string bomb() {
  // A block of fixed codes: 'a', then copies of the 258 bytes before, which is one byte at first.
  std::string bits =
      "110"
      "10010001";  // last, fixed; 'a'
  bits.reserve(8 * 80'000);
  for (int copy = 0; copy < 40'000; ++copy) {
    bits +=
        "11000101"
        "00000";  // 285: 258 bytes; distance 1
  }
  bits += "0000000";
  std::string bytes("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
  for (std::size_t at = 0; at < bits.size(); at += 8) {
    int byte = 0;
    for (std::size_t bit = 0; bit < 8 && at + bit < bits.size(); ++bit) {
      byte |= (bits[at + bit] - '0') << bit;
    }
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

TEST(KyvernoLibrariesTest, PayForWhatWasInVain) {
  const std::string object = R"({"few":[)" + repeated("1", 30) + R"(],"many":[)" +
                             repeated("1", 3000) + R"(],"bomb":")" + admission::to_base64(bomb()) +
                             "\"}";
  for (const std::string_view expression :
       {"object.many.exists(x, random('(((a{0}){4096}){4096}){4096}') == '')",
        "object.few.exists(x, json.marshal(object.many.map(y, object.many)) == '')",
        "object.few.exists(x, gzip.decompress(base64.decode(object.bomb)) == '')"}) {
    EXPECT_EQ(evaluate(expression, object),
              "error: operation cancelled: actual cost limit exceeded")
        << expression;
  }
}

TEST(KyvernoLibrariesTest, CostNoMoreThanTheirInput) {
  std::string items;
  for (int item = 0; item < 100'000; ++item) {
    items += (item == 0 ? "" : ",") + std::string(R"({"k":"k)") + std::to_string(item) + "\"}";
  }
  EXPECT_EQ(
      evaluate("size(listObjToMap(object.l, object.l, 'k', 'k'))", R"({"l":[)" + items + "]}"),
      "100000");
  const std::string ones = R"({"l":[)" + repeated("1", 5000) + "]}";
  for (const auto& [expression, expected] :
       std::array<std::pair<std::string_view, std::string_view>, 4>{
           {{"listObjToMap(object.l.map(x, {'k': string(x)}), object.l.map(x, {'v': object.l}), "
             "'k', 'v').size()",
             "1"},
            {"[object.l.map(x, x)].map(y, listObjToMap(object.l.map(x, {'k': 'a' + string(x)}), "
             "object.l.map(x, {'v': y}), 'k', 'v'))",
             "error: listObjToMap: the map is too large"},
            {"json.marshal(object.l.map(x, object.l))",
             "error: json.marshal: the text is too long"},
            {"[object.l.map(x, x)].map(y, json.marshal(object.l.map(x, y)))",
             "error: json.marshal: the text is too long"}}}) {
    EXPECT_EQ(evaluate(expression, ones), expected) << expression;
  }
  EXPECT_EQ(evaluate("regex.replace(object.long, 'a', object.long)",
                     R"({"long":")" + std::string(100'000, 'a') + "\"}"),
            "error: regex.replace: the text is too long");
  for (const std::size_t size : {131'073U, 2'000'000U}) {
    EXPECT_EQ(evaluate("yaml.parse(object.long)", R"({"long":")" + std::string(size, 'a') + "\"}"),
              "error: yaml.parse: a text of over 128 KiB is not supported");
  }
  EXPECT_EQ(evaluate("object.l.exists(x, isImage(object.long))",
                     R"({"long":")" + std::string(100'000, 'a') + R"(","l":[)" +
                         repeated("1", 200) + "]}"),
            "error: operation cancelled: actual cost limit exceeded");
}

Result<std::string> inflated(std::string_view bytes) {
  std::size_t made = 0;
  return gunzip(bytes, made);
}

TEST(GzipTest, ReadsWhatOthersWrite) {
  for (const auto& [bytes, text] : std::array<std::pair<std::string_view, std::string_view>, 2>{
           {{"H4sIAAAAAAACA8tIzcnJBwCGphA2BQAAAA==", "hello"},
            {"H4sIAAAAAAACAyWSuREDMQwDW0Fr/Bmx/"
             "9Crc2SPpAOBBUNevrs36Wszsq2Ut5mdbC7HlLvKzsstG53Hlbf4l1VavW9y5qJ17Xvy0PTaWkniPJSWUo5avX"
             "VCWPEObJsfzfa08ZhrWR534So796eS5Youjygx+"
             "2p7162mh6t6ApY2YbG6UZ42dZhX341VpJV7VYwqTATSxjOR7fl9sX5DFCNVWWQzDulzHCOmdGM4MQq71d1efw"
             "k4jU9EO0H9RfFqUvsW/"
             "gwTPm6JwfCNy3AIlwjgeY9xkZgYDs99otrreoMSbxTjB9PEVEO38s1BPeE5BAfPWQEDWlxBOh4nPEaGSHPKKF"
             "gbVfntm73EnI5aI7jxJgRXHk0gvBaUdHuHgT16JTHI05DvZ4zKG87+nJC8Jqn/5vpVauQ/fIfu/"
             "C3FRMNpE5IAuiqWgF2gZdaLlPGFhcjxDBT08TplmnF2L5fwdiyOsaawndcIdTH3By9PrT68AgAA",
             "c bebhhhngdbhagg ahed bfaaan agndga dhh dfdndheag nbcnebf g ndee h g ahdggncf nfbhn "
             "bc gfhahae   gncc dad  dg f fhen  ag c  dgahf  d ghfgfa    fh adnc  cb eanbbahaedeb "
             "cfebcce cnenehfhhbaegfgdebe d gadagcach ng dn hd nagn fnngaecdaebbeecg eca a d hc  "
             "agdfbd ng dhbnge haf geacdf cfgdenbg fn h dbabccc def  efffbed hc  bfagbgccfb  gb  d "
             "befe  bhebaea nabgbadd gcbhcndcbgg e ehfbdnfaaae fhgfgbbf hbed  hnfec deddfbebhbn "
             "nfdgeafcf edfb    bddadgbe bbanaefhhcb fb nccccfeb  ecdc af n dceg candebnhg e h "
             "hagfcehang aaf c cceeg gc bdhac f nhnnddfhnhdgf  nendab nfc deee fch bb   gccegd "
             "ahngnfg c a benbebc nnbhdgggcfhc hdbg  gbneedg ad h aan dedcec dee enhc fhgbd gdebab "
             "a enncb f eg nf fabhhfe gfn hbnggd "}}}) {
    EXPECT_EQ(evaluate("gzip.decompress(base64.decode('" + std::string(bytes) + "')) == " + "'" +
                       std::string(text) + "'"),
              "true");
  }
  EXPECT_EQ(evaluate("gzip.decompress(gzip.compress('a text')) == 'a text'"), "true");
  EXPECT_EQ(evaluate("gzip.decompress(b'x')"), "error: gzip: invalid header");
  EXPECT_EQ(evaluate("gzip.compress(1)"), "error: no such overload");
  const std::string ones(100'000, '1');
  EXPECT_EQ(*inflated(gzip(ones) + gzip(ones)), ones + ones);
}

TEST(GzipTest, RefusesWhatWouldBeTooLong) {
  const auto read = inflated(bomb());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kOverLimit);
  EXPECT_EQ(read.error().message, "gzip: too much data");
  const std::string most(std::size_t{4} * 1024 * 1024, 'a');
  EXPECT_EQ(inflated(gzip(most))->size(), most.size());
  EXPECT_FALSE(inflated(gzip(most + "a")));
  EXPECT_FALSE(inflated(gzip(most) + gzip("a")));
}

TEST(GzipTest, RefusesEveryCut) {
  const auto whole = gzip("a text that is not long");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(inflated(whole.substr(0, size))) << size;
  }
  auto wrong = whole;
  wrong[wrong.size() - 6] ^= 1;
  const auto read = inflated(wrong);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "gzip: invalid checksum");
}

TEST(DigestTest, HashesMoreThanABlock) {
  const std::string text(1000, 'a');
  EXPECT_EQ(md5_hex(text), "cabe45dcc9ae5b66ba86600cca6b8ba8");
  EXPECT_EQ(sha1_hex(text), "291e9a6c66994949b57ba5e650361e98fc36b1ba");
  EXPECT_EQ(sha256_hex(text), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3");
}

TEST(PatternSamplerTest, EndsWhereNothingIsWritten) {
  std::uint64_t state = 1;
  std::size_t steps = 0;
  const std::string long_class = "[" + std::string(4000, 'a') + "]{4096}";
  const std::string wide_class = "[" + std::string(1000, 'a') + " -~ -~ -~]{4096}";
  const std::string long_pattern(4097, 'a');
  for (const std::string_view pattern : {std::string_view(long_class), std::string_view(wide_class),
                                         std::string_view(long_pattern)}) {
    const auto sampled = sample_pattern(pattern, state, steps);
    ASSERT_FALSE(sampled);
    EXPECT_EQ(sampled.error().code, ErrorCode::kOverLimit);
  }
  for (const std::string_view pattern : {"(((){4096}){4096}){4096}", "a{4096}a{4096}",
                                         "((((((((((((((((((((((((((((((((((a))))))))"
                                         "))))))))))))))))))))))))))"}) {
    EXPECT_EQ(sample_pattern(pattern, state, steps).has_value(), false) << pattern;
  }
  for (const std::string_view pattern : {"[b-a]", "[a", "a{2,1}", "*", "a)", "\\", "a{x}"}) {
    const auto sampled = sample_pattern(pattern, state, steps);
    ASSERT_FALSE(sampled) << pattern << " " << *sampled;
    EXPECT_EQ(sampled.error().code, ErrorCode::kInvalid);
  }
}

}  // namespace
}  // namespace seaworthy::policy
