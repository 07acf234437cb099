#include "seaworthy/net/http_client.h"

#include <array>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/running_server.h"

namespace seaworthy::net {
namespace {

/// Accepts one connection, reads until a blank line, sends `bytes` and closes.
class CannedServer {
 public:
  explicit CannedServer(std::string bytes)
      : bytes_(std::move(bytes)), fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(fd_, 1), 0);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }

  ~CannedServer() {
    thread_.join();
    ::close(fd_);
  }

  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  void serve() const {
    const int client = ::accept(fd_, nullptr, nullptr);
    std::string got;
    std::array<char, 1024> part{};
    while (got.find("\r\n\r\n") == std::string::npos) {
      const ssize_t size = ::recv(client, part.data(), part.size(), 0);
      if (size <= 0) {
        break;
      }
      got.append(part.data(), static_cast<std::size_t>(size));
    }
    ::send(client, bytes_.data(), bytes_.size(), MSG_NOSIGNAL);
    ::shutdown(client, SHUT_WR);
    while (::recv(client, part.data(), part.size(), 0) > 0) {
    }
    ::close(client);
  }

  std::string bytes_;
  int fd_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST(HttpClientTest, KeepsItsConnectionAndMakesItAgain) {
  const RunningServer running;
  HttpClient client = HttpClient::make(running.url("http")).value();
  EXPECT_EQ(client.get("/1")->body, "GET /1 []");
  EXPECT_EQ(client.post("/2", "text")->body, "POST /2 [text]");
  EXPECT_EQ(client.send("HEAD", "/3", "", "")->body, "");
  EXPECT_EQ(client.send("DELETE", "/4", "X-Test: y\r\n", "")->body, "DELETE /4 []");
  EXPECT_EQ(running.server->connections(), 1U);
  EXPECT_EQ(client.send("GET", "/5", "Connection: close\r\n", "")->field("CONNECTION"), "close");
  EXPECT_FALSE(client.connected());
  EXPECT_EQ(client.get("/6")->body, "GET /6 []");
}

TEST(HttpClientTest, ReadsWhatServersSend) {
  struct Case {
    std::string bytes;
    int status;
    std::string body;
  };

  const std::vector<Case> cases{
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
      {"HTTP/1.0 404 Not Found\r\n\r\nuntil the end", 404, "until the end"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, "ok"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 204, ""},
  };
  for (const Case& c : cases) {
    const CannedServer server(c.bytes);
    HttpClient client = HttpClient::make(server.url()).value();
    const auto reply = client.get("/");
    ASSERT_TRUE(reply) << reply.error().message;
    EXPECT_EQ(reply->status, c.status);
    EXPECT_EQ(reply->body, c.body);
  }
}

TEST(HttpClientTest, SaysWhatIsWrongWithAnAnswer) {
  struct Case {
    std::string bytes;
    ErrorCode code;
    std::string message;
  };

  const std::string closed = "the connection was closed before the answer was complete";
  const std::vector<Case> cases{
      {"", ErrorCode::kUnavailable, closed},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", ErrorCode::kUnavailable, closed},
      {"SSH-2.0-OpenSSH\r\n\r\n", ErrorCode::kInvalid, "the answer is not HTTP/1.1"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", ErrorCode::kOverLimit,
       "the answer is too large"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", ErrorCode::kOverLimit,
       "the answer is too large"},
  };
  for (const Case& c : cases) {
    const CannedServer server(c.bytes);
    HttpClientOptions options;
    options.body_bytes_max = 100;
    HttpClient client = HttpClient::make(server.url(), options).value();
    const auto reply = client.get("/");
    ASSERT_FALSE(reply) << c.bytes.substr(0, 50);
    EXPECT_EQ(reply.error().message, server.url().substr(7) + ": " + c.message);
    EXPECT_EQ(reply.error().code, c.code);
  }
}

TEST(HttpClientTest, GivesUpInTime) {
  std::promise<void> released;
  const RunningServer running(
      {}, nullptr, [&](const HttpRequest&, HttpResponse&) { released.get_future().wait(); });
  HttpClientOptions options;
  options.timeout = std::chrono::milliseconds(30);
  HttpClient client = HttpClient::make(running.url("http"), options).value();
  const auto reply = client.get("/");
  released.set_value();
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().message, running.url("http").substr(7) + ": no answer in time");
}

TEST(HttpClientTest, SaysWhyItCannotConnect) {
  std::uint16_t port = 0;
  {
    const RunningServer running;
    port = running.port();
  }
  HttpClient client = HttpClient::make("http://localhost:" + std::to_string(port)).value();
  const auto reply = client.get("/");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().message, "localhost:" + std::to_string(port) + ": Connection refused");
}

TEST(HttpClientTest, ReadsUrls) {
  for (const char* good : {"http://a", "https://a:443/", "http://[::1]:80", "http://127.0.0.1:1"}) {
    EXPECT_TRUE(HttpClient::make(good)) << good;
  }
  for (const char* bad : {"", "a:80", "ftp://a", "http://", "http://:80",
                          "http://a:", "http://a/path", "http://a\r\nb"}) {
    const auto client = HttpClient::make(bad);
    ASSERT_FALSE(client) << bad;
    EXPECT_EQ(client.error().message,
              "\"" + std::string(bad) + "\" is no URL of the form https://HOST[:PORT]");
  }
  HttpClientOptions options;
  options.ca_pem = "no PEM";
  EXPECT_EQ(HttpClient::make("https://a", options).error().message,
            "the authority to trust holds no certificate in PEM");
}

}  // namespace
}  // namespace seaworthy::net
