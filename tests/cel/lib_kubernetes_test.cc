#include <ostream>
#include <string_view>

#include <gtest/gtest.h>

#include "evaluate_text.h"

// Values, errors and costs as Kubernetes 1.36 answers them to the same expressions over the same
// object.

namespace seaworthy::cel {
namespace {

constexpr std::string_view kObject = R"({"q": "1.5Gi", "n": 2})";

struct Case {
  std::string_view expression;
  std::string_view expected;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.expression; }

class KubernetesTest : public testing::TestWithParam<Case> {};

TEST_P(KubernetesTest, AnswersAsKubernetes) {
  EXPECT_EQ(evaluate_text(GetParam().expression, kObject), GetParam().expected);
}

constexpr Case kQuantities[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"quantity('50k').add(quantity('20k')) == quantity('70k')", "bool true for 5"},
    {"quantity('70k') == quantity('50k').add(quantity('20k'))", "error no such overload for 5"},
    {"quantity('70k') != quantity('50k').add(quantity('20k'))", "bool true for 5"},
    {"quantity('1') == quantity('1000m')", "bool true for 3"},
    {"quantity(object.q).asInteger()", "error cannot convert value to integer for 4"},
    {"quantity(object.q).isInteger()", "bool false for 4"},
    {"quantity('2k').asInteger()", "int 2000 for 2"},
    {"quantity('1').sub(3).asApproximateFloat()", "double -2 for 3"},
    {"sign(quantity('-1'))", "int -1 for 2"},
    {"quantity('1Gi').compareTo(quantity('1G'))", "int 1 for 3"},
    {"quantity('1').isLessThan(quantity('1001m'))", "bool true for 3"},
    {"isQuantity(object.q)", "bool true for 3"},
    {"isQuantity('1 Gi')", "bool false for 1"},
    {"quantity(object.n)", "error no such overload: quantity(int) for 3"},
    {"quantity('10Mm')", "error unable to parse quantity's suffix for 1"},
    {"quantity(' 1')",
     "error quantities must match the regular expression "
     "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$' for 1"},
    {"quantity('1').sign()",
     "refused: found no matching overload for 'sign' applied to 'kubernetes.Quantity.()'"},
    {"type(quantity('1'))", "type kubernetes.Quantity for 2"},
};

INSTANTIATE_TEST_SUITE_P(Quantities, KubernetesTest, testing::ValuesIn(kQuantities));

constexpr Case kNetwork[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"ip('192.168.0.1').family()", "int 4 for 3"},
    {"ip('::ffff:1.2.3.4')",
     "error IPv4-mapped IPv6 address \"::ffff:1.2.3.4\" is not allowed for 2"},
    {"ip('fe80::1%en0')", "error IP address \"fe80::1%en0\" with zone value is not allowed for 2"},
    {"ip('1.2.3.04')",
     "error IP Address \"1.2.3.04\" parse error during conversion from string: "
     "ParseAddr(\"1.2.3.04\"): IPv4 field has octet with leading zero for 1"},
    {"ip('1:2:3:4:5:6:7:8:9')",
     "error IP Address \"1:2:3:4:5:6:7:8:9\" parse error during conversion from string: "
     "ParseAddr(\"1:2:3:4:5:6:7:8:9\"): trailing garbage after address (at \"9\") for 2"},
    {"ip('2001:DB8::1') == ip('2001:db8::1')", "bool true for 5"},
    {"string(ip('2001:0db8:0:0:0:0:0:1'))", "string 2001:db8::1 for 4"},
    {"ip.isCanonical('2001:DB8::68')", "bool false for 3"},
    {"isIP('1.2.3')", "bool false for 1"},
    {"ip('224.0.0.1').isLinkLocalMulticast()", "bool true for 2"},
    {"ip('169.254.1.1').isLinkLocalUnicast()", "bool true for 3"},
    {"ip('::1').isLoopback()", "bool true for 2"},
    {"ip('255.255.255.255').isGlobalUnicast()", "bool false for 3"},
    {"cidr('192.168.0.1/16').masked() == cidr('192.168.0.0/16')", "bool true for 6"},
    {"cidr('10.0.0.0/8').containsIP('10.1.2.3')", "bool true for 3"},
    {"cidr('10.0.0.0/8').containsIP('nope')", "error no such overload for 3"},
    {"cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", "bool true for 6"},
    {"cidr('10.0.0.0/8').containsCIDR('x')",
     "error network address parse error during conversion from string: network address parse error "
     "during conversion from string: netip.ParsePrefix(\"x\"): no '/' for 5"},
    {"cidr('10.0.0.0/33')",
     "error network address parse error during conversion from string: network address parse error "
     "during conversion from string: netip.ParsePrefix(\"10.0.0.0/33\"): prefix length out of "
     "range for 2"},
    {"cidr('2001:db8::/32').ip()", "net.IP 2001:db8:: for 3"},
    {"cidr('10.0.0.0/8').prefixLength()", "int 8 for 2"},
};

INSTANTIATE_TEST_SUITE_P(Network, KubernetesTest, testing::ValuesIn(kNetwork));

constexpr Case kUrls[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"url('https://user:pw@example.com:80/a%2Fb?q=1&q=2&r=x%20y#f').getHost()",
     "string example.com:80 for 7"},
    {"url('https://example.com:80/a%2Fb?q=1').getHostname()", "string example.com for 5"},
    {"url('https://[::1]:80/').getPort()", "string 80 for 3"},
    {"url('https://example.com/a%2Fb c'.replace(' ', '%20')).getEscapedPath()",
     "string /a%2Fb%20c for 10"},
    {"url('http://a/?q=1&q=2&r=x%20y').getQuery()",
     "map {\"q\":[\"1\",\"2\"],\"r\":[\"x y\"]} for 4"},
    {"isURL('../x')", "bool false for 1"},
    {"url('https://a b/')",
     "error URL parse error during conversion from string: parse \"https://a b/\": invalid "
     "character \" \" in host name for 2"},
    {"url('http://a/%zz')",
     "error URL parse error during conversion from string: parse \"http://a/%zz\": invalid URL "
     "escape \"%zz\" for 2"},
    {"url('http://a/') == url('http://a/')", "bool true for 3"},
};

INSTANTIATE_TEST_SUITE_P(Urls, KubernetesTest, testing::ValuesIn(kUrls));

constexpr Case kVersions[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"semver('1.2.3').minor()", "int 2 for 2"},
    {"semver('v1.2')", "error No Major.Minor.Patch elements found for 1"},
    {"semver('v01.2', true).patch()", "int 0 for 2"},
    {"isSemver('v1.0') || isSemver('v1.0', true)", "bool true for 2"},
    {"semver('1.2.3-alpha').isLessThan(semver('1.2.3'))", "bool true for 4"},
    {"semver('1.2.3-alpha.2').compareTo(semver('1.2.3-alpha.10'))", "int -1 for 5"},
    {"semver('1.2.3+b1') == semver('1.2.3+b2')", "bool true for 3"},
    {"semver('01.2.3')", "error Major number must not contain leading zeroes \"01\" for 1"},
    {"semver('1.2.3-01')",
     "error Numeric PreRelease version must not contain leading zeroes \"01\" for 1"},
};

INSTANTIATE_TEST_SUITE_P(Versions, KubernetesTest, testing::ValuesIn(kVersions));

constexpr Case kFormats[] = {
    // NOLINT(modernize-avoid-c-arrays)
    {"format.dns1123Label().validate('a-b')", "optional_type null for 9"},
    {"format.dns1123Label().validate('a.b')", "optional_type [\"must not contain dots\"] for 9"},
    {"format.dns1123Subdomain().validate('A')",
     "optional_type [\"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
     "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. "
     "'example.com', regex used for validation is "
     "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\"] for 16"},
    {"format.dns1035Label().validate('1a')",
     "optional_type [\"a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
     "start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  "
     "or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')\"] for 9"},
    {"format.dns1123LabelPrefix().validate('a-')", "optional_type null for 9"},
    {"format.qualifiedName().validate('a/b/c')",
     "optional_type [\"a valid label key must consist of alphanumeric characters, '-', '_' or '.', "
     "and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
     "'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an "
     "optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')\"] for 16"},
    {"format.labelValue().validate('-')",
     "optional_type [\"a valid label must be an empty string or consist of alphanumeric "
     "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
     "'MyValue',  or 'my_value',  or '12345', regex used for validation is "
     "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')\"] for 11"},
    {"format.uri().validate('x')",
     "optional_type [\"parse \\\"x\\\": invalid URI for request\"] for 277"},
    {"format.uuid().validate('550e8400-e29b-41d4-a716-446655440000')", "optional_type null for 73"},
    {"format.byte().validate('YQ=')", "optional_type [\"invalid base64\"] for 22"},
    {"format.date().validate('2023-02-29')", "optional_type [\"invalid date\"] for 37"},
    {"format.datetime().validate('2024-01-01T00:00:00Z')", "optional_type null for 55"},
    {"format.named('nope')", "optional_type null for 1"},
    {"format.named('uuid').value().validate('x')",
     "optional_type [\"does not match the UUID format\"] for 20"},
};

INSTANTIATE_TEST_SUITE_P(Formats, KubernetesTest, testing::ValuesIn(kFormats));

}  // namespace
}  // namespace seaworthy::cel
