// What x509.decode makes of a certificate, and which it refuses.
#include "policy/certificate_node.h"

#include <array>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "seaworthy/admission/review.h"
#include "seaworthy/document/json.h"

namespace seaworthy::policy {
namespace {

using namespace std::string_literals;

/// Made for this test: of CN=test.example.com, serial number 4711, an RSA key.
constexpr std::string_view kCertificate =
    "MIICXjCCAcegAwIBAgICEmcwDQYJKoZIhvcNAQELBQAwOjELMAkGA1UEBhMCREUxEDAOBgNVBAoMB0V4YW1w"
    "bGUxGTAXBgNVBAMMEHRlc3QuZXhhbXBsZS5jb20wHhcNMjYxMTIzMDAwODQwWhcNMzYxMTIwMDAwODQwWjA6"
    "MQswCQYDVQQGEwJERTEQMA4GA1UECgwHRXhhbXBsZTEZMBcGA1UEAwwQdGVzdC5leGFtcGxlLmNvbTCBnzAN"
    "BgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA7g8UTUWDsGDu49jbm5jgFg9mhZgNVEzBFWQ1QlmzsuSiUbziSzKE"
    "x7uTtP79/XAy80Vfa4+xcf3XANM//+5frTI56RhPvBWHKoy7LcHV21FoWFuzlyAZt1vVidJYpwDh2pGM6lX3"
    "Xw0TQf9edJJHke6NumI/34bHbbfCt1f7b+UCAwEAAaNzMHEwHQYDVR0OBBYEFLdjHMhuXTUkwr1uRrRqwdkK"
    "MhqoMB8GA1UdIwQYMBaAFLdjHMhuXTUkwr1uRrRqwdkKMhqoMA8GA1UdEwEB/wQFMAMBAf8wHgYDVR0RBBcw"
    "FYINYS5leGFtcGxlLmNvbYcECgAAATANBgkqhkiG9w0BAQsFAAOBgQAgwVLMOdK1j8EnSObZ58HPW1uX8Ta8"
    "I5TOxr7WuK7HCNd0x3447+HO1xPq8T03UzoNMOGuriNMadZZtjk/03j0ATBzrKel8EzJAZ9PitX8z2B37SZl"
    "8SM2xNYv9ppXSwp6iWNr18AqYjyNukTOcOBuSPh5oBn5CG2RnNTxQvkbgA==";

constexpr std::string_view kModulus =
    "167170647098230857605868856550639437069927458375192181427086606759137218521796418185"
    "870346737372249673441274626934942343088361294216088400029424229541693393892324730776"
    "997732917591887216850820023894021593892020600591094792081925555384159629622811632545"
    "807143204746733156796341612082418974695646973054433325029";

TEST(CertificateNodeTest, HasTheFieldsThatGoHas) {
  Arena arena;
  const auto node = certificate_node(
      "-----BEGIN CERTIFICATE-----\n" + std::string(kCertificate) + "\n-----END CERTIFICATE-----\n",
      arena);
  ASSERT_TRUE(node) << node.error().message;
  EXPECT_EQ((*node)["SerialNumber"].as_int(), 4711);
  EXPECT_EQ((*node)["PublicKey"]["N"].as_string(), kModulus);
  EXPECT_EQ((*node)["PublicKey"]["E"].as_int(), 65537);
  EXPECT_EQ((*node)["Issuer"]["CommonName"].as_string(), "test.example.com");
  EXPECT_EQ(document::print_json((*node)["Issuer"]["Country"]), "[\"DE\"]");
  EXPECT_EQ((*node)["NotBefore"].as_string(), "2026-11-23T00:08:40Z");
  EXPECT_EQ((*node)["NotAfter"].as_string(), "2036-11-20T00:08:40Z");
  EXPECT_TRUE((*node)["IsCA"].as_bool());
  EXPECT_EQ(document::print_json((*node)["DNSNames"]), "[\"a.example.com\"]");
  EXPECT_EQ(document::print_json((*node)["IPAddresses"]), "[\"10.0.0.1\"]");
}

TEST(CertificateNodeTest, RefusesWhatIsNone) {
  Arena arena;
  const auto refused = [&](const std::string& label, std::string_view body) {
    const auto node = certificate_node(
        "-----BEGIN " + label + "-----\n" + std::string(body) + "\n-----END " + label + "-----\n",
        arena);
    return node ? "" : node.error().message;
  };
  EXPECT_EQ(refused("CERTIFICATE REQUEST", kCertificate), "certificate requests are not supported");
  EXPECT_EQ(refused("KEY", kCertificate), "failed to decode PEM block");
  for (std::size_t size = 0; size < kCertificate.size(); size += 4) {
    EXPECT_EQ(refused("CERTIFICATE", kCertificate.substr(0, size)), "x509: malformed certificate");
  }
}

std::string der(std::uint8_t tag, const std::string& content) {
  std::string size;
  for (std::size_t left = content.size(); left > 0; left >>= 8) {
    size.insert(size.begin(), static_cast<char>(left & 0xFF));
  }
  const bool is_short = content.size() < 0x80;
  return std::string(1, static_cast<char>(tag)) +
         static_cast<char>(is_short ? content.size() : 0x80 | size.size()) +
         (is_short ? "" : size) + content;
}

/// Of a certificate with this modulus and these basic constraints.
Result<document::Node> read_certificate(const std::string& modulus, const std::string& constraints,
                                        Arena& arena) {
  const std::string time = der(0x17, "250101000000Z");
  const std::string key = der(0x30, der(0x02, modulus) + der(0x02, "\3"));
  const std::string algorithm = der(0x30, der(0x06, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"));
  const std::string extension =
      der(0x30, der(0x06, "\x55\x1d\x13") + der(0x04, der(0x30, constraints)));
  const std::string content = der(0x02, "\1") + algorithm + der(0x30, "") + der(0x30, time + time) +
                              der(0x30, "") +
                              der(0x30, algorithm + der(0x03, std::string(1, '\0') + key)) +
                              der(0xA3, der(0x30, extension));
  const std::string bytes = der(0x30, der(0x30, content) + algorithm + der(0x03, "x"));
  return certificate_node("-----BEGIN CERTIFICATE-----\n" + admission::to_base64(bytes) +
                              "\n-----END CERTIFICATE-----\n",
                          arena);
}

TEST(CertificateNodeTest, IsAnAuthorityOnlyWhereItSaysSo) {
  for (const auto& [constraints, expected] : std::array<std::pair<std::string, bool>, 3>{
           {{"", false}, {der(0x01, std::string(1, '\0')), false}, {der(0x01, "\xff"), true}}}) {
    Arena arena;
    const auto node = read_certificate("\x7f", constraints, arena);
    ASSERT_TRUE(node) << node.error().message;
    EXPECT_EQ((*node)["IsCA"].as_bool(), expected);
    EXPECT_TRUE((*node)["BasicConstraintsValid"].as_bool());
  }
}

TEST(CertificateNodeTest, SaysAModulusInDecimal) {
  for (const auto& [modulus, expected] : std::array<std::pair<std::string, std::string_view>, 6>{
           {{std::string("\0", 1), "0"},
            {"\xff", "255"},
            {std::string("\1\0\0\0\0", 5), "4294967296"},
            {"\x3b\x9a\xca\x00"s, "1000000000"},
            {std::string("\0\xff\xff\xff\xff\xff\xff\xff\xff", 9), "18446744073709551615"},
            {"\x0d\xe0\xb6\xb3\xa7\x64\x00\x00"s, "1000000000000000000"}}}) {
    Arena arena;
    const auto node = read_certificate(modulus, "", arena);
    ASSERT_TRUE(node) << node.error().message;
    EXPECT_EQ((*node)["PublicKey"]["N"].as_string(), expected);
  }
}

TEST(CertificateNodeTest, RefusesAModulusThatNobodyHas) {
  Arena arena;
  EXPECT_TRUE(read_certificate(std::string(2048, '\x7f'), "", arena));
  const auto refused = read_certificate(std::string(2049, '\x7f'), "", arena);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "x509: an RSA modulus of over 2048 bytes is not supported");
}

}  // namespace
}  // namespace seaworthy::policy
