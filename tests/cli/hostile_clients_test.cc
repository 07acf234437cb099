// What hostile company costs ordinary clients, at the program itself. Each kind of company is there
// for two seconds of a small ordinary load, before which the same load runs alone; the worst
// percent of the replies may take twice as long, and what a busy machine adds. Verdicts are checked
// on the way. A kind that fails is tried again: what it really costs, it costs every time.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "seaworthy/system/process.h"
#include "support/server_process.h"
#include "support/test_data.h"
#include "support/tls_socket.h"

namespace seaworthy::cli {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Duration = std::chrono::duration<double, std::milli>;
using testing::RawSocket;
using testing::TlsSocket;

constexpr int kConnections = 4;
constexpr milliseconds kBetweenRequests{40};  ///< On each connection.
constexpr milliseconds kAlone{1000};
constexpr milliseconds kInCompany{2000};
constexpr int kTries = 3;
/// For the clients' own work on the same processors, and for whatever else they do: many times that
/// where each access to memory is looked at.
#ifdef __SANITIZE_THREAD__
constexpr Duration kAllowance{400};
#else
constexpr Duration kAllowance{40};
#endif

std::string post(std::string_view fields, std::string_view body = {}) {
  return std::string("POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n")
      .append(fields)
      .append("\r\n")
      .append(body);
}

std::string sized(const std::string& body) {
  return post("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

/// Hostile clients: begin() returns when they are at it, `stop` ends what threads of theirs do.
class Company {
 public:
  explicit Company(std::uint16_t port) : port_(port) {}

  ~Company() {
    stop_ = true;
    for (auto& thread : threads_) {
      thread.join();
    }
  }

  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;

  /// A thread that does this `per_second` times a second.
  void again_and_again(int per_second, std::function<void()> act) {
    threads_.emplace_back([this, per_second, act = std::move(act)] {
      for (auto next = Clock::now(); !stop_;) {
        act();
        next = std::max(next + std::chrono::microseconds(1'000'000 / per_second),
                        Clock::now() - milliseconds(10));
        std::this_thread::sleep_until(next);
      }
    });
  }

  TlsSocket& connect() {
    auto& socket = sockets_.emplace_back(port_);
    EXPECT_TRUE(socket.handshake());
    return socket;
  }

  RawSocket& connect_raw() { return raw_.emplace_back(port_); }

  [[nodiscard]] std::deque<TlsSocket>& sockets() { return sockets_; }

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_;
  std::deque<TlsSocket> sockets_;
  std::deque<RawSocket> raw_;
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> threads_;
};

class HostileClientsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    system::raise_open_files_limit();
    server_ = std::make_unique<testing::ServerProcess>(std::vector<std::string>{"--mode", "deny"});
  }

  static void TearDownTestSuite() { server_.reset(); }

  /// Ordinary load for a while: the 99th percentile of how long replies took.
  static Duration load(milliseconds time) {
    std::mutex mutex;
    std::vector<Duration> all;
    std::vector<std::thread> clients;
    const auto end = Clock::now() + time;
    for (int i = 0; i < kConnections; ++i) {
      clients.emplace_back([&, i] {
        const bool good = i % 2 == 0;
        const std::string body =
            testing::test_data(good ? "reviews/create-pods-api-validating.json"
                                    : "reviews/create-pods-web-validating.json");
        net::HttpClient client = server_->reviews();
        std::vector<Duration> own;
        auto next = Clock::now() + kBetweenRequests * i / kConnections;
        for (; next < end; next += kBetweenRequests) {
          std::this_thread::sleep_until(next);
          const auto start = Clock::now();
          const auto reply = client.post("/validate", body);
          own.push_back(Clock::now() - start);
          ASSERT_TRUE(reply) << reply.error().message;
          EXPECT_EQ(reply->status, 200) << reply->body;
          EXPECT_NE(reply->body.find(good ? R"("allowed":true)" : R"("allowed":false)"),
                    std::string::npos)
              << reply->body;
        }
        const std::scoped_lock lock(mutex);
        all.insert(all.end(), own.begin(), own.end());
      });
    }
    for (auto& client : clients) {
      client.join();
    }
    if (all.empty()) {
      return Duration(0);
    }
    std::ranges::sort(all);
    return all.at(all.size() * 99 / 100);
  }

  static void bear(const std::string& name, const std::function<void(Company&)>& begin) {
    ASSERT_NE(server_->port(), 0);
    Duration alone{0};
    Duration in_company{0};
    for (int i = 0; i < kTries; ++i) {
      alone = load(kAlone);
      Company company(server_->port());
      begin(company);
      in_company = load(kInCompany);
      std::printf("%s: p99 %.1f ms alone, %.1f ms in company\n", name.c_str(), alone.count(),
                  in_company.count());
      if (in_company <= 2 * alone + kAllowance) {
        break;
      }
    }
    EXPECT_LE(in_company.count(), (2 * alone + kAllowance).count()) << name;
    ASSERT_TRUE(server_->is_alive()) << server_->log();
    EXPECT_EQ(server_->health().get("/livez")->status, 200);
    EXPECT_EQ(server_->health().get("/readyz")->status, 200);
    load(milliseconds(80));  // The next requests are answered, and rightly.
  }

  static std::unique_ptr<testing::ServerProcess> server_;
};

std::unique_ptr<testing::ServerProcess> HostileClientsTest::server_;

TEST_F(HostileClientsTest, SlowHeaders) {
  bear("slow headers", [](Company& company) {
    for (int i = 0; i < 100; ++i) {
      company.connect().send("POST /validate HTTP/1.1\r\nX-Slow: ");
    }
    company.again_and_again(1, [&company] {
      for (auto& socket : company.sockets()) {
        socket.send("x");
      }
    });
  });
}

TEST_F(HostileClientsTest, SlowBodies) {
  bear("slow bodies", [](Company& company) {
    for (int i = 0; i < 100; ++i) {
      company.connect().send(post("Content-Length: 1000000\r\n", "{"));
    }
    company.again_and_again(1, [&company] {
      for (auto& socket : company.sockets()) {
        socket.send(" ");
      }
    });
  });
}

TEST_F(HostileClientsTest, HandshakesThatNeverEnd) {
  bear("half-open", [](Company& company) {
    for (int i = 0; i < 500; ++i) {
      // The beginning of a ClientHello; of every second one nothing at all.
      company.connect_raw().send(i % 2 == 0 ? std::string_view("\x16\x03\x01\x02\x00\x01", 6) : "");
    }
  });
}

TEST_F(HostileClientsTest, GarbageInsteadOfTls) {
  bear("garbage", [](Company& company) {
    company.again_and_again(200, [&company] {
      RawSocket socket(company.port());
      socket.send(std::string(1000, '\x99'));
      socket.read_all();
    });
  });
}

TEST_F(HostileClientsTest, PipelinesThatAreNeverRead) {
  bear("unread pipelines", [](Company& company) {
    const std::string review = sized(testing::test_data("reviews/create-pods-web-validating.json"));
    for (int i = 0; i < 4; ++i) {
      TlsSocket& socket = company.connect();
      socket.make_impatient();
      for (int sent = 0; sent < 1000 && socket.send(review); ++sent) {
      }
    }
  });
}

TEST_F(HostileClientsTest, ResponsesThatAreNeverRead) {
  bear("unread responses", [](Company& company) {
    std::string requests;
    for (int i = 0; i < 20; ++i) {
      requests += "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n";
    }
    for (int i = 0; i < 50; ++i) {
      company.connect().make_impatient();
    }
    company.again_and_again(20, [&company, requests] {
      for (auto& socket : company.sockets()) {
        socket.send(requests);
      }
    });
  });
}

TEST_F(HostileClientsTest, FiveThousandIdleConnections) {
  constexpr std::size_t kIdle = 5000;
  if (const auto limit = system::raise_open_files_limit(); limit < kIdle + 500) {
    GTEST_SKIP() << "only " << limit << " open files are allowed here";
  }
  bear("5,000 idle connections", [](Company& company) {
    for (std::size_t i = 0; i < kIdle; ++i) {
      company.connect();
    }
  });
}

TEST_F(HostileClientsTest, LargeBodies) {
  bear("16 MiB bodies", [](Company& company) {
    std::string body =
        R"({"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{)";
    while (body.size() < (std::size_t{16} << 20U) - 100) {
      body += R"("field":"and its value, of which there are many",)";
    }
    body += R"("uid":""}})";
    const auto client = std::make_shared<net::HttpClient>(server_->reviews());
    company.again_and_again(2, [client, body] {
      const auto reply = client->post("/validate", body);
      ASSERT_TRUE(reply) << reply.error().message;
      EXPECT_EQ(reply->status, 400);
    });
  });
}

TEST_F(HostileClientsTest, DeepBodies) {
  bear("10,000-deep bodies", [](Company& company) {
    const auto client = std::make_shared<net::HttpClient>(server_->reviews());
    const std::string body = std::string(10'000, '[') + std::string(10'000, ']');
    company.again_and_again(100, [client, body] {
      const auto reply = client->post("/validate", body);
      ASSERT_TRUE(reply) << reply.error().message;
      EXPECT_EQ(reply->status, 400);
    });
  });
}

TEST_F(HostileClientsTest, AFloodOfHandshakes) {
  bear("a flood of handshakes", [](Company& company) {
    for (int i = 0; i < 2; ++i) {
      company.again_and_again(150, [&company] {
        TlsSocket socket(company.port());
        socket.handshake();
      });
    }
  });
}

}  // namespace
}  // namespace seaworthy::cli
