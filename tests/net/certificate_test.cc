#include "seaworthy/net/certificate.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include "net/openssl.h"
#include "seaworthy/net/tls_context.h"
#include "support/fake_clock.h"
#include "support/memory_file_system.h"

namespace seaworthy::net {
namespace {

using testing::FakeClock;
using Names = std::vector<std::string>;

MadeCertificate made(const Names& names) {
  return make_certificate(names, FakeClock::kStart, std::chrono::days(365)).value();
}

TEST(CertificateTest, MakesOneForNamesAndAddresses) {
  const MadeCertificate both = made({"hook.ns.svc", "127.0.0.1", "*.example.org", "::1"});
  EXPECT_EQ(both.certificate.names, (Names{"*.example.org", "127.0.0.1", "::1", "hook.ns.svc"}));
  EXPECT_EQ(both.certificate.not_before, FakeClock::kStart - std::chrono::hours(1));
  EXPECT_EQ(both.certificate.not_after, FakeClock::kStart + std::chrono::days(365));
  const BioPtr ca_text = read_bio(both.ca_pem);
  const X509Ptr ca(PEM_read_bio_X509(ca_text.get(), nullptr, nullptr, nullptr));
  const BioPtr leaf_text = read_bio(both.certificate.chain_pem);
  const X509Ptr leaf(PEM_read_bio_X509(leaf_text.get(), nullptr, nullptr, nullptr));
  ASSERT_TRUE(ca && leaf);
  EXPECT_EQ(X509_verify(leaf.get(), X509_get0_pubkey(ca.get())), 1);
  EXPECT_EQ(X509_check_ca(ca.get()), 1);
  EXPECT_EQ(X509_check_ca(leaf.get()), 0);
  EXPECT_EQ(X509_check_purpose(leaf.get(), X509_PURPOSE_SSL_SERVER, 0), 1);
  EXPECT_EQ(X509_check_purpose(leaf.get(), X509_PURPOSE_SSL_CLIENT, 0), 0);
  EXPECT_EQ(X509_check_host(leaf.get(), "hook.ns.svc", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(leaf.get(), "other.ns.svc", 0, 0, nullptr), 0);
  EXPECT_EQ(EVP_PKEY_get_bits(X509_get0_pubkey(leaf.get())), 256);
  EXPECT_TRUE(TlsContext::make(both.certificate));
}

TEST(CertificateTest, RefusesNamesThatAreNone) {
  struct Case {
    Names names;
    std::string message;
  };

  const std::vector<Case> cases{
      {{}, "a certificate needs at least one name"},
      {{""}, "\"\" is neither a DNS name nor a numeric address"},
      {{"a", "b,IP:1.2.3.4"}, "\"b,IP:1.2.3.4\" is neither a DNS name nor a numeric address"},
      {{"a b"}, "\"a b\" is neither a DNS name nor a numeric address"},
      {{std::string(254, 'a')},
       "\"" + std::string(254, 'a') + "\" is neither a DNS name nor a numeric address"},
  };
  for (const Case& c : cases) {
    const auto result = make_certificate(c.names, FakeClock::kStart, std::chrono::days(1));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, c.message);
  }
}

TEST(CertificateTest, LoadsAPair) {
  const Certificate original = made({"a"}).certificate;
  const testing::MemoryFileSystem files{{"tls.crt", original.chain_pem + made({"ca"}).ca_pem},
                                        {"tls.key", original.key_pem}};
  const auto loaded = load_certificate(files, "tls.crt", "tls.key");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->names, Names{"a"});
  EXPECT_EQ(loaded->not_after, original.not_after);
  EXPECT_TRUE(TlsContext::make(*loaded));
}

TEST(CertificateTest, SaysWhyItCannotLoad) {
  const Certificate pair = made({"a"}).certificate;
  const BioPtr key_text = read_bio(pair.key_pem);
  const KeyPtr key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  const BioPtr encrypted(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(encrypted.get(), key.get(), EVP_aes_128_cbc(), "secret", 6, nullptr,
                                nullptr);
  const testing::MemoryFileSystem files{{"tls.crt", pair.chain_pem},
                                        {"tls.key", pair.key_pem},
                                        {"other.key", made({"a"}).certificate.key_pem},
                                        {"encrypted.key", written_to(encrypted.get())},
                                        {"text", "hello"},
                                        {"empty", ""}};

  struct Case {
    std::string certificate;
    std::string key;
    std::string message;
  };

  const std::vector<Case> cases{
      {"none", "tls.key", "none: No such file or directory"},
      {"tls.crt", "none", "none: No such file or directory"},
      {"text", "tls.key", "text: holds no certificate in PEM"},
      {"empty", "tls.key", "empty: holds no certificate in PEM"},
      {"tls.key", "tls.crt", "tls.key: holds no certificate in PEM"},
      {"tls.crt", "text", "text: holds no private key in PEM"},
      {"tls.crt", "tls.crt", "tls.crt: holds no private key in PEM"},
      {"tls.crt", "other.key", "other.key: is not the private key of tls.crt"},
      {"tls.crt", "encrypted.key",
       "encrypted.key: the private key is encrypted; store it without a passphrase"},
  };
  for (const Case& c : cases) {
    const auto loaded = load_certificate(files, c.certificate, c.key);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().message, c.message);
  }
}

TEST(CertificateTest, WarnsOfWhatClientsRefuse) {
  Certificate certificate = made({"a"}).certificate;
  EXPECT_EQ(certificate_warnings(certificate, FakeClock::kStart), Names{});
  EXPECT_EQ(certificate_warnings(certificate, FakeClock::kStart + std::chrono::days(365)),
            Names{"the certificate has ended at 2027-01-01T00:00:00Z"});
  EXPECT_EQ(certificate_warnings(certificate, FakeClock::kStart - std::chrono::days(1)),
            Names{"the certificate does not begin before 2025-12-31T23:00:00Z"});
  certificate.names.clear();
  EXPECT_EQ(certificate_warnings(certificate, FakeClock::kStart),
            Names{"the certificate has no subject alternative name: clients refuse it"});
}

}  // namespace
}  // namespace seaworthy::net
