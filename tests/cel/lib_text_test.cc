#include <ostream>
#include <string_view>

#include <gtest/gtest.h>

#include "evaluate_text.h"

// Values, errors and costs as Kubernetes 1.36 answers them to the same expressions over the same
// object.

namespace seaworthy::cel {
namespace {

constexpr std::string_view kObject =
    R"({"s": "tacocat", "u": "héllo wörld", "e": "", "l": ["a", "b"], "mixed": [1, "x", null, {"k": 1.5}]})";

struct Case {
  std::string_view expression;
  std::string_view expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

class TextTest : public testing::TestWithParam<Case> {};

TEST_P(TextTest, AnswersAsKubernetes) {
  EXPECT_EQ(evaluate_text(GetParam().expression, kObject), GetParam().expected);
}

constexpr Case kStrings[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.s.charAt(3)", "string o for 3"},
    {"object.s.charAt(7)", "string  for 3"},
    {"object.s.charAt(8)", "error index out of range: 8 for 3"},
    {"object.u.indexOf('ö')", "int 7 for 3"},
    {"object.s.indexOf('a', 2)", "int 5 for 2"},
    {"object.s.indexOf('a', -1)", "error index out of range: -1 for 2"},
    {"object.s.indexOf('', 99)", "int 99 for 2"},
    {"object.s.lastIndexOf('a')", "int 5 for 2"},
    {"object.s.lastIndexOf('a', 4)", "int 1 for 2"},
    {"object.u.substring(1, 4)", "string éll for 4"},
    {"object.s.substring(4, 3)", "error invalid substring range. start: 4, end: 3 for 3"},
    {"object.s.substring(0, 99)", "error index out of range: 99 for 3"},
    {"object.s.replace('a', '')", "string tcoct for 4"},
    {"object.s.replace('', '-', 2)", "string -t-acocat for 4"},
    {"object.s.split('')", "list [\"t\",\"a\",\"c\",\"o\",\"c\",\"a\",\"t\"] for 4"},
    {"object.s.split('c', 2)", "list [\"ta\",\"ocat\"] for 4"},
    {"object.s.split('c', 0)", "list [] for 4"},
    {"' \\u3000a\\u00a0'.trim()", "string a for 1"},
    {"'ÀbC'.lowerAscii()", "string Àbc for 1"},
    {"'àbC'.upperAscii()", "string àBC for 1"},
    {"object.l.join('-')", "string a-b for 3"},
    {"object.mixed.join()", "error no such overload: join(list) for 3"},
    {"['', object.mixed[0]].join()", "refused: expected type 'string' but found 'dyn'"},
    {"strings.quote('a\\n\"b')", "string \"a\\n\\\"b\" for 1"},
    {"object.s.lowerAscii(1)",
     "refused: found no matching overload for 'lowerAscii' applied to 'dyn.(int)'"},
};

INSTANTIATE_TEST_SUITE_P(Strings, TextTest, testing::ValuesIn(kStrings));

constexpr Case kFormat[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"'%s and %d'.format([object.mixed, 3])",
     "string [1, \"x\", null, {\"k\":1.500000}] and 3 for 13"},
    {"'%d'.format([1.5])",
     "refused: error during formatting: decimal clause can only be used on integers, was given "
     "double"},
    {"'%d%%'.format([7])", "string 7% for 1"},
    {"'%f'.format([1234567.891])", "string 1,234,567.891000 for 1"},
    {"'%.2f'.format([-0.0])", "string 0.00 for 1"},
    {"'%e'.format([1052.032911])", "string 1.052033×10⁰³ for 1"},
    {"'%.9e'.format([double('NaN')])", "string       NaN for 1"},
    {"'%x %X %o %b'.format([255, 'hi', 8, -5])", "string ff 6869 10 -101 for 2"},
    {"'%s'.format([timestamp('2024-01-01T00:00:00.5+01:00')])",
     "string 2024-01-01T00:00:00.5+01:00 for 1"},
    {"'%s'.format([[duration('90s')]])", "string [duration(\"90s\")] for 1"},
    {"'%s'.format([{'b': 1, 'a': 'x'}])", "string {\"a\":\"x\", \"b\":1} for 1"},
    {"'%s'.format([])", "refused: index 0 out of range"},
    {"'%'.format([1])", "refused: unexpected end of string"},
    {"'%q'.format([1])",
     "refused: could not parse formatting clause: unrecognized formatting clause \"q\""},
    {"'%s'.format([optional.none()])",
     "refused: error during formatting: string clause can only be used on strings, bools, bytes, "
     "ints, doubles, maps, lists, types, durations, and timestamps, was given optional_type"},
};

INSTANTIATE_TEST_SUITE_P(Format, TextTest, testing::ValuesIn(kFormat));

constexpr Case kPatterns[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"object.s.matches('a.o')", "bool true for 3"},
    {"object.s.find('c.')", "string co for 3"},
    {"object.s.find('z')", "string  for 3"},
    {"object.s.findAll('[ac]')", "list [\"a\",\"c\",\"c\",\"a\"] for 3"},
    {"object.s.findAll('x*', 3)", "list [\"\",\"\",\"\"] for 3"},
    {"'aab'.findAll('a|b', 0)", "list [] for 1"},
    {"object.s.find(object.e + '(')",
     "error Illegal regex: error parsing regexp: missing closing ): `(` for 6"},
    {"object.s.matches(object.e + '[')",
     "error error parsing regexp: missing closing ]: `[` for 6"},
    {"object.s.matches('(')", "refused: invalid matches argument"},
    {"'AB'.matches(object.e + '(?i)^(?<n>a)b$')", "bool true for 8"},
    {"object.l.matches('a')", "error no such overload for 3"},
};

INSTANTIATE_TEST_SUITE_P(Patterns, TextTest, testing::ValuesIn(kPatterns));

constexpr Case kConversions[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"string(1e21)+' '+string(100000.0)+' '+string(1e6)+' '+string(-0.0)",
     "string 1e+21 100000 1e+06 -0 for 12"},
    {"int('-9223372036854775808')", "int -9223372036854775808 for 0"},
    {"int('9223372036854775808')", "refused: type conversion error from 'string' to 'int'"},
    {"int(dyn(1.9))", "int 1 for 0"},
    {"int(9.3e18)", "refused: integer overflow"},
    {"uint('-1')", "refused: type conversion error from 'string' to 'uint'"},
    {"double('0x1p4')", "double 16 for 0"},
    {"double(object.e + '1_0')", "double 10 for 4"},
    {"double(object.e + '1e400')", "error type conversion error from 'string' to 'double' for 4"},
    {"bool('True')", "bool true for 0"},
    {"bool('yes')", "refused: type conversion error from 'string' to 'bool'"},
    {"string(b'\\xff')", "refused: invalid UTF-8 in bytes, cannot convert to string"},
    {"bytes('é').size()", "int 2 for 1"},
    {"string(object.mixed[2])", "error no such overload: string(null_type) for 4"},
    {"string(object.mixed)", "error no such overload: string(list) for 3"},
    {"duration(5)", "refused: invalid duration argument"},
    {"dyn(object.s)", "string tacocat for 3"},
    {"string(duration('1h30m'))", "string 5400s for 0"},
};

INSTANTIATE_TEST_SUITE_P(Conversions, TextTest, testing::ValuesIn(kConversions));

}  // namespace
}  // namespace seaworthy::cel
