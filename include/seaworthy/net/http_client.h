#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "seaworthy/base/limits.h"
#include "seaworthy/base/result.h"

namespace seaworthy::net {

struct HttpClientOptions {
  std::string ca_pem;       ///< Whom to trust; empty: the machine's store.
  std::string server_name;  ///< For SNI and the certificate's check; empty: the URL's host.
  std::chrono::milliseconds timeout{10'000};  ///< For each request, its connection included.
  std::size_t body_bytes_max = limits::kBodyBytesMax;
};

struct HttpReply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  /// The value of the first field of that name, in any case; empty where there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const;
};

/// A blocking client of one server, for tools and tests. Its connection is kept from one request to
/// the next and made again where the server has closed it. Threads: one at a time.
class HttpClient {
 public:
  /// `url` is "https://HOST[:PORT]" or "http://…" without a path; HOST may be a name. Nothing is
  /// connected yet. Errors: kInvalid (the URL, or `ca_pem` is no certificate).
  [[nodiscard]] static Result<HttpClient> make(std::string_view url,
                                               const HttpClientOptions& options = {});
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient& operator=(HttpClient&& other) noexcept;

  /// Errors: kUnavailable (not reached, timeout, closed in between), kDenied (the certificate is
  /// not trusted or not for that name), kInvalid (what came is not HTTP), kOverLimit.
  [[nodiscard]] Result<HttpReply> get(std::string_view target);
  [[nodiscard]] Result<HttpReply> post(std::string_view target, std::string_view body,
                                       std::string_view content_type = "application/json");
  /// `fields` are whole lines, each with its CRLF.
  [[nodiscard]] Result<HttpReply> send(std::string_view method, std::string_view target,
                                       std::string_view fields, std::string_view body);

  /// Of the connection that is open: "TLSv1.3" and "http/1.1"; empty without one.
  [[nodiscard]] std::string tls_version() const;
  [[nodiscard]] std::string alpn() const;
  /// Whether the last reply left the connection open.
  [[nodiscard]] bool connected() const;

 private:
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace seaworthy::net
