#pragma once

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace seaworthy::net {

/// OpenSSL's objects, each with the function that frees it.
template <auto kFree>
struct OpensslDelete {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

using BioPtr = std::unique_ptr<BIO, OpensslDelete<&BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslDelete<&EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, OpensslDelete<&X509_free>>;
using SslPtr = std::unique_ptr<SSL, OpensslDelete<&SSL_free>>;
using SslCtxPtr = std::unique_ptr<SSL_CTX, OpensslDelete<&SSL_CTX_free>>;
using GeneralNamesPtr = std::unique_ptr<GENERAL_NAMES, OpensslDelete<&GENERAL_NAMES_free>>;

/// The oldest error of this thread's queue in OpenSSL's words, and an empty queue; "unknown error"
/// where it is empty already.
[[nodiscard]] std::string take_openssl_error();

/// For reading `text`, which has to outlive it.
[[nodiscard]] BioPtr read_bio(const std::string& text);

/// What was written to a memory BIO.
[[nodiscard]] std::string written_to(BIO* bio);

}  // namespace seaworthy::net
