#include "cel/lib/selectors.h"

#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "seaworthy/base/text.h"

// What apimachinery 0.36's fields.ParseSelector and labels.ParseToRequirements answer.

namespace seaworthy::cel {
namespace {

struct Case {
  std::string_view text;
  std::string_view expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.text; }

class FieldSelectorTest : public testing::TestWithParam<Case> {};

TEST_P(FieldSelectorTest, ReadsAsApimachinery) {
  const auto read = parse_field_selector(GetParam().text);
  std::string out = read.error.empty() ? "" : "error " + read.error;
  for (const FieldRequirement& each : read.requirements) {
    out += "[" + each.field + (each.is_equal ? " = " : " != ") + each.value + "]";
  }
  EXPECT_EQ(out, GetParam().expected);
}

constexpr Case kFields[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"", ""},
    {"a=b", "[a = b]"},
    {"a==b", "[a = b]"},
    {"a!=b", "[a != b]"},
    {"z=1,a=2,m!=3", "[a = 2][m != 3][z = 1]"},
    {"a=b,,c=d", "[a = b][c = d]"},
    {",", ""},
    {"a", "error invalid selector: 'a'; can't understand 'a'"},
    {"a=b=c", "error invalid field selector: unescaped character in value: 61"},
    {"a=b\\,c", "[a = b,c]"},
    {"a=b\\=c,d=e", "[a = b=c][d = e]"},
    {"a=b\\x", "error invalid field selector: invalid escape sequence: \\x"},
    {"a=b\\", "error invalid field selector: invalid escape sequence: \\"},
    {"=b", "[ = b]"},
    {"=", ""},
    {"!=", ""},
    {"a=", "[a = ]"},
    {" a = b ", "[ a  =  b ]"},
    {"a=é\xff", "[a = é\xff]"},
    {"a=\\\xff", "error invalid field selector: invalid escape sequence: \\�"},
    {"a>b", "error invalid selector: 'a>b'; can't understand 'a>b'"},
    {"a=b,c", "error invalid selector: 'a=b,c'; can't understand 'c'"},
    {"\\,a=b,c=d", "[\\,a = b][c = d]"},
    {"b=1,a!=2,a=1", "[a != 2][a = 1][b = 1]"},
};

INSTANTIATE_TEST_SUITE_P(Selectors, FieldSelectorTest, testing::ValuesIn(kFields));

class LabelSelectorTest : public testing::TestWithParam<Case> {};

TEST_P(LabelSelectorTest, ReadsAsApimachinery) {
  constexpr std::string_view kOperators[] = {
      // NOLINT(modernize-avoid-c-arrays)
      "exists", "!", "=", "==", "!=", "in", "notin", "gt", "lt"};
  const auto read = parse_label_selector(GetParam().text);
  std::string out = read.error.empty() ? "" : "error " + read.error;
  for (const LabelRequirement& each : read.requirements) {
    out += "[" + each.key + " " + std::string(kOperators[static_cast<std::size_t>(each.op)]) + " " +
           join(each.values, "|") + "]";
  }
  EXPECT_EQ(out, GetParam().expected);
}

constexpr Case kLabels[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"", ""},
    {"a", "[a exists ]"},
    {"!a", "[a ! ]"},
    {"a=b", "[a = b]"},
    {"a==b", "[a == b]"},
    {"a!=b", "[a != b]"},
    {"a in (x,y)", "[a in x|y]"},
    {"a in (y,x,y)", "[a in x|y]"},
    {"a notin (x)", "[a notin x]"},
    {"a in ()", "[a in ]"},
    {"a in (,)", "[a in ]"},
    {"a in (x,)", "[a in |x]"},
    {"a in (,x)", "[a in |x]"},
    {"a in (x,,y)", "[a in |x|y]"},
    {"a in x", "error unable to parse requirement: found 'x' expected: '('"},
    {"a in (x", "error unable to parse requirement: found '', expected: ',' or ')'"},
    {"a in (x y)", "error unable to parse requirement: found 'y', expected: ',' or ')'"},
    {"a in (=)", "error unable to parse requirement: found '=', expected: ',', ')' or identifier"},
    {"a>1", "[a gt 1]"},
    {"a<1", "[a lt 1]"},
    {"a>x",
     "error unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' "
     "operators, the value must be an integer"},
    {"a>1,b<2", "[a gt 1][b lt 2]"},
    {"z,a,m", "[a exists ][m exists ][z exists ]"},
    {"a,", "error found '', expected: identifier after ','"},
    {",a", "error found ',', expected: !, identifier, or 'end of string'"},
    {"a b", "error unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"},
    {"a=", "[a = ]"},
    {"a=,b", "[a = ][b exists ]"},
    {"a!=", "[a != ]"},
    {"a=(x)", "error unable to parse requirement: found '(', expected: identifier"},
    {"a=b=c", "error found '=', expected: ',' or 'end of string'"},
    {"a=b c", "error found 'c', expected: ',' or 'end of string'"},
    {"in", "[in exists ]"},
    {"in in (in)", "[in in in]"},
    {"notin notin (notin)", "[notin notin notin]"},
    {"!", "error unable to parse requirement: found '', expected: identifier"},
    {"!!a", "error unable to parse requirement: found '!', expected: identifier"},
    {"!a=b", "error found '=', expected: ',' or 'end of string'"},
    {"!a in (b)", "error found 'in', expected: ',' or 'end of string'"},
    {"=b", "error found '=', expected: !, identifier, or 'end of string'"},
    {"a!b", "error unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt"},
    {"a=!b", "error unable to parse requirement: found '!', expected: identifier"},
    {"a===b", "error unable to parse requirement: found '=', expected: identifier"},
    {"a=>b", "error unable to parse requirement: found '>', expected: identifier"},
    {"a><b", "error unable to parse requirement: found '<', expected: identifier"},
    {"a&b",
     "error unable to parse requirement: <nil>: Invalid value: \"a&b\": name part must consist of "
     "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
     "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
     "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"},
    {"-a",
     "error unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of "
     "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
     "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
     "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"},
    {"-a=b",
     "error unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of "
     "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
     "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
     "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"},
    {"a/b/c",
     "error unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a valid label key must "
     "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
     "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
     "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain "
     "prefix and '/' (e.g. 'example.com/MyName')"},
    {"/a",
     "error unable to parse requirement: <nil>: Invalid value: \"/a\": prefix part must be "
     "non-empty"},
    {"A.b/c=d",
     "error unable to parse requirement: <nil>: Invalid value: \"A.b/c\": prefix part a lowercase "
     "RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
     "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation "
     "is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"},
    {"a.b/c=d", "[a.b/c = d]"},
    {"a=-b",
     "error unable to parse requirement: values[0][a]: Invalid value: \"-b\": a valid label must "
     "be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
     "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex "
     "used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
    {"a=b!", "error found '!', expected: ',' or 'end of string'"},
    {"a in (x,-)",
     "error unable to parse requirement: values[0][a]: Invalid value: \"-\": a valid label must be "
     "an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
     "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used "
     "for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
    {" a = b ", "[a = b]"},
    {"\ta\n", "[a exists ]"},
    {"a in (x), b notin (y) ,c", "[a in x][b notin y][c exists ]"},
    {"a in(x)", "[a in x]"},
    {{"a\x00"
      "b",
      3},
     "error unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"},
    {"a=\xff",
     "error unable to parse requirement: values[0][a]: Invalid value: \"\\xff\": a valid label "
     "must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
     "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
     "regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "error unable to parse requirement: <nil>: Invalid value: "
     "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\": name part "
     "must be no more than 63 bytes"},
    {"a=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "error unable to parse requirement: values[0][a]: Invalid value: "
     "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\": must be no "
     "more than 63 bytes"},
    {"a gt 1",
     "error unable to parse requirement: found 'gt', expected: in, notin, =, ==, !=, gt, lt"},
    {"a=1,a=2", "[a = 1][a = 2]"},
    {"a in (", "error unable to parse requirement: found '', expected: ',', ')' or identifier"},
    {"a in (,", "error unable to parse requirement: found '', expected: ',', or identifier"},
    {"a in (x,y", "error unable to parse requirement: found '', expected: ',' or ')'"},
    {"a in (x)y", "error found 'y', expected: ',' or 'end of string'"},
    {"a>",
     "error unable to parse requirement: values[0]: Invalid value: \"\": for 'Gt', 'Lt' operators, "
     "the value must be an integer"},
    {"a>9223372036854775808",
     "error unable to parse requirement: values[0]: Invalid value: \"9223372036854775808\": for "
     "'Gt', 'Lt' operators, the value must be an integer"},
    {"a in (x=y)", "error unable to parse requirement: found '=', expected: ',' or ')'"},
    {"(", "error found '(', expected: !, identifier, or 'end of string'"},
    {")", "error found ')', expected: !, identifier, or 'end of string'"},
    {"a=b)", "error found ')', expected: ',' or 'end of string'"},
    {"a=b,=", "error found '=', expected: identifier after ','"},
    {"a>-x",
     "error unable to parse requirement: [values[0]: Invalid value: \"-x\": for 'Gt', 'Lt' "
     "operators, the value must be an integer, values[0][a]: Invalid value: \"-x\": a valid label "
     "must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
     "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
     "regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')]"},
    {"a>+1",
     "error unable to parse requirement: values[0][a]: Invalid value: \"+1\": a valid label must "
     "be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
     "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex "
     "used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
    {"a>-5",
     "error unable to parse requirement: values[0][a]: Invalid value: \"-5\": a valid label must "
     "be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
     "and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex "
     "used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"},
};

INSTANTIATE_TEST_SUITE_P(Selectors, LabelSelectorTest, testing::ValuesIn(kLabels));

}  // namespace
}  // namespace seaworthy::cel
