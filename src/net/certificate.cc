// Reads certificates and keys in PEM, and says in words what is wrong with them.
#include "seaworthy/net/certificate.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "net/openssl.h"

namespace seaworthy::net {
namespace {

/// OpenSSL would ask on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

std::chrono::system_clock::time_point time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    return {};
  }
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::string name_text(const GENERAL_NAME* name) {
  int type = 0;
  const void* value = GENERAL_NAME_get0_value(name, &type);
  if (type == GEN_DNS) {
    const auto* text = static_cast<const ASN1_IA5STRING*>(value);
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
  }
  if (type == GEN_IPADD) {
    const auto* bytes = static_cast<const ASN1_OCTET_STRING*>(value);
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
    const bool whole = ASN1_STRING_length(bytes) == 4 || ASN1_STRING_length(bytes) == 16;
    if (whole &&
        ::inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size()) != nullptr) {
      return text.data();
    }
  }
  return {};
}

std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> names;
  const GeneralNamesPtr found(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(found.get()); ++i) {
    if (std::string name = name_text(sk_GENERAL_NAME_value(found.get(), i)); !name.empty()) {
      names.push_back(std::move(name));
    }
  }
  std::ranges::sort(names);
  return names;
}

std::string day(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

Result<Certificate> parse_certificate(std::string chain_pem, std::string key_pem,
                                      const std::string& certificate_name,
                                      const std::string& key_name) {
  ERR_clear_error();
  const BioPtr chain = read_bio(chain_pem);
  const X509Ptr leaf(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
  if (!leaf) {
    ERR_clear_error();
    return fail(ErrorCode::kInvalid, certificate_name + ": holds no certificate in PEM");
  }
  const BioPtr key_text = read_bio(key_pem);
  bool encrypted = false;
  const KeyPtr key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, &no_passphrase, &encrypted));
  ERR_clear_error();
  if (!key) {
    return fail(
        ErrorCode::kInvalid,
        key_name + (encrypted ? ": the private key is encrypted; store it without a passphrase"
                              : ": holds no private key in PEM"));
  }
  const bool belongs = X509_check_private_key(leaf.get(), key.get()) == 1;
  ERR_clear_error();
  if (!belongs) {
    return fail(ErrorCode::kInvalid, key_name + ": is not the private key of " + certificate_name);
  }
  return Certificate{std::move(chain_pem), std::move(key_pem),
                     time_of(X509_get0_notBefore(leaf.get())),
                     time_of(X509_get0_notAfter(leaf.get())), names_of(leaf.get())};
}

Result<Certificate> load_certificate(const FileSystem& files, const std::string& certificate_path,
                                     const std::string& key_path) {
  SEAWORTHY_TRY(std::string chain, files.read(certificate_path));
  SEAWORTHY_TRY(std::string key, files.read(key_path));
  return parse_certificate(std::move(chain), std::move(key), certificate_path, key_path);
}

std::vector<std::string> certificate_warnings(const Certificate& certificate,
                                              std::chrono::system_clock::time_point now) {
  std::vector<std::string> warnings;
  if (now >= certificate.not_after) {
    warnings.push_back("the certificate has ended at " + day(certificate.not_after));
  }
  if (now < certificate.not_before) {
    warnings.push_back("the certificate does not begin before " + day(certificate.not_before));
  }
  if (certificate.names.empty()) {
    warnings.emplace_back("the certificate has no subject alternative name: clients refuse it");
  }
  return warnings;
}

}  // namespace seaworthy::net
