// An authority and a certificate signed by it, for a server that was given none. The extensions are
// those that Go's verifier, which is the API server's, looks at; the names are put in as objects,
// not through OpenSSL's configuration syntax, so that no name can say more than it is.
#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "net/openssl.h"
#include "seaworthy/net/certificate.h"

namespace seaworthy::net {
namespace {

using Time = std::chrono::system_clock::time_point;

struct Validity {
  Time begin;
  Time end;
};

bool is_dns_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '*' || c == '_';
  };
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, allowed);
}

void set_time(ASN1_TIME* out, Time time) {
  ASN1_TIME_set(out, std::chrono::system_clock::to_time_t(time));
}

void add_extension(X509* certificate, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
  if (extension != nullptr) {
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
}

/// Version 3, a random serial number, a subject of one common name; not signed yet.
X509Ptr begin_certificate(EVP_PKEY* key, const std::string& common_name, Validity validity) {
  X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  BIGNUM* serial = BN_new();
  BN_rand(serial, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY);
  BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate.get()));
  BN_free(serial);
  set_time(X509_getm_notBefore(certificate.get()), validity.begin);
  set_time(X509_getm_notAfter(certificate.get()), validity.end);
  X509_set_pubkey(certificate.get(), key);
  // RFC 5280, appendix A: a common name is at most 64 characters.
  const std::string cut = common_name.substr(0, 64);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(cut.c_str()), -1, -1, 0);
  return certificate;
}

Result<GeneralNamesPtr> general_names(std::span<const std::string> names) {
  GeneralNamesPtr made(GENERAL_NAMES_new());
  for (const std::string& name : names) {
    GENERAL_NAME* entry = GENERAL_NAME_new();
    sk_GENERAL_NAME_push(made.get(), entry);
    std::array<unsigned char, 16> address{};
    const bool four = ::inet_pton(AF_INET, name.c_str(), address.data()) == 1;
    if (four || ::inet_pton(AF_INET6, name.c_str(), address.data()) == 1) {
      ASN1_OCTET_STRING* bytes = ASN1_OCTET_STRING_new();
      ASN1_OCTET_STRING_set(bytes, address.data(), four ? 4 : 16);
      GENERAL_NAME_set0_value(entry, GEN_IPADD, bytes);
    } else if (is_dns_name(name)) {
      ASN1_IA5STRING* text = ASN1_IA5STRING_new();
      ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()));
      GENERAL_NAME_set0_value(entry, GEN_DNS, text);
    } else {
      return fail(ErrorCode::kInvalid,
                  "\"" + name + "\" is neither a DNS name nor a numeric address");
    }
  }
  return made;
}

std::string certificate_pem(X509* certificate) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), certificate);
  return written_to(out.get());
}

std::string key_pem(EVP_PKEY* key) {
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return written_to(out.get());
}

X509Ptr make_authority(EVP_PKEY* key, Validity validity) {
  X509Ptr authority = begin_certificate(key, "Seaworthy CA", validity);
  X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get()));
  add_extension(authority.get(), authority.get(), NID_basic_constraints,
                "critical,CA:TRUE,pathlen:0");
  add_extension(authority.get(), authority.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(authority.get(), authority.get(), NID_subject_key_identifier, "hash");
  return X509_sign(authority.get(), key, EVP_sha256()) > 0 ? std::move(authority) : nullptr;
}

}  // namespace

Result<MadeCertificate> make_certificate(std::span<const std::string> names, Time now,
                                         std::chrono::days lifetime) {
  if (names.empty()) {
    return fail(ErrorCode::kInvalid, "a certificate needs at least one name");
  }
  SEAWORTHY_TRY(const GeneralNamesPtr alternative_names, general_names(names));
  ERR_clear_error();
  const Validity validity{now - std::chrono::hours(1), now + lifetime};
  const KeyPtr authority_key(EVP_EC_gen("P-256"));
  const KeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr authority = authority_key ? make_authority(authority_key.get(), validity) : nullptr;
  if (!authority || !key) {
    return fail(ErrorCode::kInternal, "cannot make a certificate: " + take_openssl_error());
  }
  const X509Ptr leaf = begin_certificate(key.get(), names.front(), validity);
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(authority.get()));
  add_extension(leaf.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(leaf.get(), authority.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(leaf.get(), authority.get(), NID_ext_key_usage, "serverAuth");
  add_extension(leaf.get(), authority.get(), NID_subject_key_identifier, "hash");
  add_extension(leaf.get(), authority.get(), NID_authority_key_identifier, "keyid:always");
  X509_add1_ext_i2d(leaf.get(), NID_subject_alt_name, alternative_names.get(), 0, 0);
  if (X509_sign(leaf.get(), authority_key.get(), EVP_sha256()) <= 0) {
    return fail(ErrorCode::kInternal, "cannot sign a certificate: " + take_openssl_error());
  }
  MadeCertificate made{certificate_pem(authority.get()), {}};
  SEAWORTHY_TRY(made.certificate, parse_certificate(certificate_pem(leaf.get()), key_pem(key.get()),
                                                    "certificate", "key"));
  return made;
}

}  // namespace seaworthy::net
