// TLS as clients meet it, and clients that do not speak it.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/channel.h"
#include "net/running_server.h"
#include "seaworthy/net/http_client.h"
#include "seaworthy/net/http_server.h"
#include "seaworthy/net/tls_context.h"

namespace seaworthy::net {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

MadeCertificate made() {
  const std::vector<std::string> names{"hook.ns.svc", "127.0.0.1"};
  return make_certificate(names, std::chrono::system_clock::now(), std::chrono::days(1)).value();
}

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() : certificate_(made()), tls_(TlsContext::make(certificate_.certificate).value()) {}

  HttpClient client(const RunningServer& running, const std::string& name = {}) const {
    HttpClientOptions options;
    options.ca_pem = certificate_.ca_pem;
    options.server_name = name;
    return HttpClient::make(running.url("https"), options).value();
  }

  MadeCertificate certificate_;
  std::unique_ptr<TlsContext> tls_;
};

/// What a client of these settings gets: version and protocol, or its error.
std::string handshake(const RunningServer& running, void (*set)(SSL_CTX*)) {
  const SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
  set(context.get());
  const testing::RawSocket socket = running.connect();
  Channel channel(socket.fd(), context.get(), Channel::Role::kClient, "hook.ns.svc");
  for (;;) {
    const IoStatus status = channel.handshake();
    if (status == IoStatus::kWantRead) {
      std::this_thread::yield();
      continue;
    }
    if (status != IoStatus::kDone) {
      return channel.error();
    }
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(channel.ssl(), &name, &size);
    const std::string alpn =
        name == nullptr ? "none" : std::string(reinterpret_cast<const char*>(name), size);
    return std::string(SSL_get_version(channel.ssl())) + " " + alpn;
  }
}

TEST_F(TlsTest, ServesOneTrustedClientAfterTheOther) {
  const RunningServer running({}, tls_.get());
  HttpClient https = client(running);
  for (const std::size_t size : {6U, 8'900U, 20'000U, 100'000U, 3'000'000U}) {
    const std::string body(size, 'x');
    const auto reply = https.post("/validate", body);
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(reply->body, "POST /validate [" + body + "]");
    EXPECT_TRUE(https.connected());
  }
  EXPECT_EQ(https.tls_version(), "TLSv1.3");
  EXPECT_EQ(https.alpn(), "http/1.1");
  EXPECT_EQ(running.server->connections(), 1U);
}

TEST_F(TlsTest, AgreesOnHttp11Only) {
  const RunningServer running({}, tls_.get());
  EXPECT_EQ(handshake(running, [](SSL_CTX*) {}), "TLSv1.3 none");
  EXPECT_EQ(handshake(running,
                      [](SSL_CTX* c) {
                        SSL_CTX_set_alpn_protos(
                            c, reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"), 12);
                      }),
            "TLSv1.3 http/1.1");
  EXPECT_THAT(handshake(running,
                        [](SSL_CTX* c) {
                          SSL_CTX_set_alpn_protos(
                              c, reinterpret_cast<const unsigned char*>("\x02h2"), 3);
                        }),
              HasSubstr("no application protocol"));
}

TEST_F(TlsTest, SpeaksTls12AndNothingOlder) {
  const RunningServer running({}, tls_.get());
  EXPECT_EQ(
      handshake(running, [](SSL_CTX* c) { SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION); }),
      "TLSv1.2 none");
  EXPECT_THAT(handshake(running,
                        [](SSL_CTX* c) {
                          SSL_CTX_set_cipher_list(c, "ALL:@SECLEVEL=0");
                          SSL_CTX_set_min_proto_version(c, TLS1_VERSION);
                          SSL_CTX_set_max_proto_version(c, TLS1_1_VERSION);
                        }),
              HasSubstr("protocol version"));
}

TEST_F(TlsTest, IsCheckedByItsClients) {
  const RunningServer running({}, tls_.get());
  EXPECT_TRUE(client(running, "hook.ns.svc").get("/"));
  EXPECT_TRUE(client(running).get("/"));  // By address: without SNI, with the same certificate.
  const auto misnamed = client(running, "other.ns.svc").get("/");
  ASSERT_FALSE(misnamed);
  EXPECT_EQ(misnamed.error().code, ErrorCode::kDenied);
  EXPECT_THAT(misnamed.error().message,
              HasSubstr(": TLS handshake failed: certificate verify failed: hostname mismatch"));
  HttpClientOptions options;
  options.ca_pem = made().ca_pem;
  const auto untrusted = HttpClient::make(running.url("https"), options)->get("/");
  ASSERT_FALSE(untrusted);
  EXPECT_EQ(untrusted.error().code, ErrorCode::kDenied);
}

TEST_F(TlsTest, ReplacesItsCertificateForNewConnections) {
  const RunningServer running({}, tls_.get());
  HttpClient old = client(running);
  ASSERT_TRUE(old.get("/"));
  const MadeCertificate next = made();
  ASSERT_TRUE(tls_->replace(next.certificate));
  EXPECT_TRUE(old.get("/"));
  EXPECT_FALSE(client(running).get("/"));
  certificate_.ca_pem = next.ca_pem;
  EXPECT_TRUE(client(running).get("/"));
  Certificate broken = next.certificate;
  broken.key_pem = made().certificate.key_pem;
  EXPECT_FALSE(tls_->replace(broken));
  EXPECT_TRUE(client(running).get("/"));
}

TEST_F(TlsTest, TellsPlainClientsWhatItIs) {
  RunningServer running({}, tls_.get());
  auto socket = running.connect();
  socket.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(socket.read_all(),
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n"
            "Content-Length: 50\r\n\r\nThis is a TLS port, and what was sent is no TLS.\r\n");
  running.settle();
  EXPECT_TRUE(running.lines.contains(
      R"("message":"TLS handshake failed","remote":"127.0.0.1","error":"http request")"));
}

TEST_F(TlsTest, OutlivesGarbageAndHalfOpenClients) {
  HttpServerOptions options;
  options.handshake_timeout = milliseconds(50);
  options.linger_timeout = milliseconds(20);
  const RunningServer running(options, tls_.get());
  std::vector<testing::RawSocket> garbage;
  for (const char* bytes : {"\x16\x03\x01\xff\xff garbage", "\x16\x03\x01\x02",
                            "\x80\x2e\x01\x03\x01", "\n\n\n\n\n\n"}) {
    garbage.push_back(running.connect());
    garbage.back().send(bytes);
    garbage.push_back(running.connect());  // And one that says nothing.
  }
  EXPECT_TRUE(client(running).get("/"));
  for (testing::RawSocket& socket : garbage) {
    socket.read_all();  // Ends by itself.
  }
  EXPECT_TRUE(client(running).get("/"));
}

TEST_F(TlsTest, LogsFailedHandshakesAtMostOnceASecond) {
  RunningServer running({}, tls_.get());
  for (int i = 0; i < 20; ++i) {
    auto socket = running.connect();
    socket.send("garbage garbage garbage");
    socket.read_all();
  }
  running.settle();
  EXPECT_LE(running.lines.lines().size(), 2U);
  EXPECT_THAT(running.metrics.text(),
              HasSubstr("seaworthy_tls_handshake_errors_total{listener=\"test\"} 20\n"));
  auto probe = running.connect();  // Says nothing and goes: not worth a line.
  probe.finish();
  EXPECT_TRUE(probe.at_end());
  EXPECT_THAT(running.metrics.text(), HasSubstr("} 20\n"));
}

TEST_F(TlsTest, EndsTlsProperly) {
  const RunningServer running({}, tls_.get());
  running.server->close_after_responses();
  HttpClient https = client(running);
  const auto reply = https.post("/", "x");
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->field("connection"), "close");
  EXPECT_FALSE(https.connected());
  EXPECT_TRUE(https.get("/again"));
}

}  // namespace
}  // namespace seaworthy::net
