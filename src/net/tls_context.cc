// An SSL_CTX is never changed once connections use it: a new certificate makes a new one, and the
// connections that began with the old one keep that alive.
#include "seaworthy/net/tls_context.h"

#include <array>
#include <cstring>
#include <utility>

#include "net/openssl.h"

namespace seaworthy::net {
namespace {

constexpr std::string_view kHttp11 = "\x08http/1.1";

/// Rule: RFC 7301, 3.2: a server that speaks none of what a client offers says so and ends.
int select_protocol(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void* /*unused*/) {
  const auto* ours = reinterpret_cast<const unsigned char*>(kHttp11.data());
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_size, ours, static_cast<unsigned int>(kHttp11.size()),
                            offered, offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

Result<SslCtxPtr> make_context(const Certificate& certificate) {
  const auto failed = [](const char* what) {
    return fail(ErrorCode::kInvalid, std::string(what) + ": " + take_openssl_error());
  };
  SslCtxPtr context(SSL_CTX_new(TLS_server_method()));
  if (!context) {
    return failed("TLS cannot be set up");
  }
  SSL_CTX* tls = context.get();
  SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
  SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(tls, 0);
  SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(tls, 1);
  SSL_CTX_set_alpn_select_cb(tls, &select_protocol, nullptr);

  const BioPtr chain = read_bio(certificate.chain_pem);
  const BioPtr key_text = read_bio(certificate.key_pem);
  const X509Ptr leaf(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
  const KeyPtr key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  if (!leaf || SSL_CTX_use_certificate(tls, leaf.get()) != 1) {
    return failed("the certificate cannot be used");
  }
  while (X509Ptr issuer{PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr)}) {
    if (SSL_CTX_add_extra_chain_cert(tls, issuer.get()) != 1) {
      return failed("the certificate's chain cannot be used");
    }
    static_cast<void>(issuer.release());  // The context owns it.
  }
  if (!key || SSL_CTX_use_PrivateKey(tls, key.get()) != 1) {
    return failed("the private key cannot be used");
  }
  return context;
}

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::make(const Certificate& certificate) {
  SEAWORTHY_TRY(SslCtxPtr context, make_context(certificate));
  std::shared_ptr<ssl_ctx_st> shared = std::move(context);
  return std::unique_ptr<TlsContext>(new TlsContext(std::move(shared)));
}

Result<void> TlsContext::replace(const Certificate& certificate) {
  SEAWORTHY_TRY(SslCtxPtr context, make_context(certificate));
  std::shared_ptr<ssl_ctx_st> shared = std::move(context);
  const std::scoped_lock lock(mutex_);
  current_.swap(shared);
  return {};
}

std::shared_ptr<ssl_ctx_st> TlsContext::current() const {
  const std::scoped_lock lock(mutex_);
  return current_;
}

}  // namespace seaworthy::net
