// A blocking client over the same channel and parser as the server: each step is tried, and where
// the socket is not ready, poll() waits for it until the request's deadline. A connection that the
// server has closed in the meantime is seen before it is used again; a request that was begun is
// never sent twice.
#include "seaworthy/net/http_client.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <iterator>
#include <optional>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/channel.h"
#include "net/message_parser.h"

namespace seaworthy::net {

using SteadyTime = std::chrono::steady_clock::time_point;

std::string_view HttpReply::field(std::string_view name) const {
  const auto found = std::ranges::find_if(
      fields, [name](const auto& field) { return equal_ignoring_case(field.first, name); });
  return found == fields.end() ? std::string_view() : found->second;
}

struct HttpClient::State {
  explicit State(const HttpClientOptions& client_options)
      : options(client_options),
        parser(MessageParser::Kind::kResponse,
               {limits::kHeaderBytesMax, client_options.body_bytes_max}) {}

  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() { disconnect(); }

  void disconnect() {
    channel.reset();
    if (fd >= 0) {
      ::close(fd);
      fd = -1;
    }
  }

  [[nodiscard]] std::unexpected<Error> failure(ErrorCode code, std::string_view what) {
    disconnect();
    return fail(code, authority + ": " + std::string(what));
  }

  Result<void> wait(short events, SteadyTime deadline);
  Result<void> connect(SteadyTime deadline);
  Result<void> connect_to(const addrinfo& target, SteadyTime deadline);
  Result<void> handshake(SteadyTime deadline);
  Result<void> write(std::string_view bytes, SteadyTime deadline);
  Result<HttpReply> read(bool skip_body, SteadyTime deadline);
  [[nodiscard]] bool is_stale() const;

  HttpClientOptions options;
  std::string host;
  std::string port;
  std::string authority;  ///< As it stands in the URL.
  SslCtxPtr tls;
  int fd = -1;
  std::optional<Channel> channel;
  MessageParser parser;
};

namespace {

Result<SslCtxPtr> make_client_context(const std::string& ca_pem) {
  ERR_clear_error();
  SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  constexpr std::array<unsigned char, 9> kHttp11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(context.get(), kHttp11.data(), kHttp11.size());
  if (ca_pem.empty()) {
    SSL_CTX_set_default_verify_paths(context.get());
    return context;
  }
  const BioPtr text = read_bio(ca_pem);
  std::size_t found = 0;
  while (const X509Ptr authority{PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), authority.get());
    ++found;
  }
  ERR_clear_error();
  if (found == 0) {
    return fail(ErrorCode::kInvalid, "the authority to trust holds no certificate in PEM");
  }
  return context;
}

}  // namespace

Result<HttpClient> HttpClient::make(std::string_view url, const HttpClientOptions& options) {
  auto state = std::make_unique<State>(options);
  const bool https = url.starts_with("https://");
  const auto bad = [url] {
    return fail(ErrorCode::kInvalid,
                "\"" + std::string(url) + "\" is no URL of the form https://HOST[:PORT]");
  };
  if (!https && !url.starts_with("http://")) {
    return bad();
  }
  std::string_view rest = url.substr(url.find("://") + 3);
  if (rest.ends_with('/')) {
    rest.remove_suffix(1);
  }
  state->authority = rest;
  const std::size_t bracket = rest.starts_with('[') ? rest.find(']') : std::string_view::npos;
  const std::size_t colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
  state->host = rest.substr(0, colon);
  if (bracket != std::string_view::npos) {
    state->host = rest.substr(1, bracket - 1);
  }
  state->port = colon == std::string_view::npos ? (https ? "443" : "80") : rest.substr(colon + 1);
  if (state->host.empty() || state->port.empty() ||
      rest.find_first_of("/?#@ \r\n") != std::string_view::npos) {
    return bad();
  }
  if (https) {
    SEAWORTHY_TRY(state->tls, make_client_context(options.ca_pem));
  }
  return HttpClient(std::move(state));
}

HttpClient::HttpClient(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&& other) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&& other) noexcept = default;

Result<void> HttpClient::State::wait(short events, SteadyTime deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return failure(ErrorCode::kUnavailable, "no answer in time");
    }
    pollfd source{fd, events, 0};
    const int ready =
        ::poll(&source, 1, static_cast<int>(std::min<std::int64_t>(left.count(), INT_MAX)));
    if (ready > 0) {
      return {};
    }
  }
}

Result<void> HttpClient::State::connect_to(const addrinfo& target, SteadyTime deadline) {
  fd = ::socket(target.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    return failure(ErrorCode::kUnavailable, std::strerror(errno));
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  int error = ::connect(fd, target.ai_addr, target.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    if (auto ready = wait(POLLOUT, deadline); !ready) {
      return ready;
    }
    socklen_t size = sizeof(error);
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error != 0) {
    return failure(ErrorCode::kUnavailable, std::strerror(error));
  }
  return {};
}

Result<void> HttpClient::State::connect(SteadyTime deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0) {
    return failure(ErrorCode::kUnavailable, ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, OpensslDelete<&::freeaddrinfo>> addresses(found);
  Result<void> connected = failure(ErrorCode::kUnavailable, "has no address");
  for (const addrinfo* target = found; target != nullptr; target = target->ai_next) {
    connected = connect_to(*target, deadline);
    if (connected) {
      break;
    }
  }
  if (!connected) {
    return connected;
  }
  if (!tls) {
    channel.emplace(fd);
    return {};
  }
  const std::string& name = options.server_name.empty() ? host : options.server_name;
  channel.emplace(fd, tls.get(), Channel::Role::kClient, name);
  return handshake(deadline);
}

Result<void> HttpClient::State::handshake(SteadyTime deadline) {
  for (;;) {
    switch (channel->handshake()) {
      case IoStatus::kDone:
        return {};
      case IoStatus::kWantRead:
        if (auto ready = wait(POLLIN, deadline); !ready) {
          return ready;
        }
        break;
      case IoStatus::kWantWrite:
        if (auto ready = wait(POLLOUT, deadline); !ready) {
          return ready;
        }
        break;
      default: {
        const bool refused = SSL_get_verify_result(channel->ssl()) != X509_V_OK;
        return failure(refused ? ErrorCode::kDenied : ErrorCode::kUnavailable,
                       "TLS handshake failed: " + std::string(channel->error()));
      }
    }
  }
}

bool HttpClient::State::is_stale() const {
  pollfd source{fd, POLLIN, 0};
  return ::poll(&source, 1, 0) != 0;  // Closed, or something that nobody asked for.
}

Result<void> HttpClient::State::write(std::string_view bytes, SteadyTime deadline) {
  while (!bytes.empty()) {
    const IoResult result = channel->write(bytes);
    if (result.status == IoStatus::kDone) {
      bytes.remove_prefix(result.bytes);
    } else if (result.status == IoStatus::kWantWrite || result.status == IoStatus::kWantRead) {
      const short events = result.status == IoStatus::kWantWrite ? POLLOUT | POLLIN : POLLIN;
      if (auto ready = wait(events, deadline); !ready) {
        return ready;
      }
      pollfd source{fd, POLLIN, 0};
      if (::poll(&source, 1, 0) > 0) {
        return {};  // An answer, before all was sent: it says more than what is left to send.
      }
    } else {
      return {};  // The answer may have come before the connection was closed.
    }
  }
  return {};
}

Result<HttpReply> HttpClient::State::read(bool skip_body, SteadyTime deadline) {
  std::string buffer(std::size_t{64} * 1024, '\0');
  std::size_t begin = 0;
  std::size_t end = 0;
  for (parser.reset(skip_body);;) {
    Fed fed;
    if (begin < end) {
      fed = parser.feed(buffer.data() + begin, end - begin);
      begin += fed.consumed;
    }
    if (fed.status == Fed::Status::kMore) {
      parser.detach();
      buffer.erase(0, begin).resize(std::size_t{64} * 1024);
      end -= std::exchange(begin, 0);
      const IoResult got = channel->read(buffer.data() + end, buffer.size() - end);
      if (got.status == IoStatus::kDone) {
        end += got.bytes;
      } else if (got.status == IoStatus::kWantRead || got.status == IoStatus::kWantWrite) {
        if (auto ready = wait(got.status == IoStatus::kWantRead ? POLLIN : POLLOUT, deadline);
            !ready) {
          return std::unexpected(ready.error());
        }
      } else if (fed = parser.feed_end(); fed.status == Fed::Status::kError) {
        return failure(ErrorCode::kUnavailable,
                       "the connection was closed before the answer was complete");
      }
    }
    if (fed.status == Fed::Status::kError) {
      const bool large = fed.http_status == 413 || fed.http_status == 431;
      return failure(large ? ErrorCode::kOverLimit : ErrorCode::kInvalid,
                     large ? "the answer is too large" : "the answer is not HTTP/1.1");
    }
    if (fed.status == Fed::Status::kComplete && parser.status() >= 200) {
      break;
    }
    if (fed.status == Fed::Status::kComplete) {
      parser.reset(skip_body);  // 1xx: the answer is still to come.
    }
  }
  HttpReply reply{parser.status(), {}, std::string(parser.body())};
  for (const HttpField& field : parser.fields()) {
    reply.fields.emplace_back(field.name, field.value);
  }
  if (!parser.keep_alive()) {
    disconnect();
  }
  return reply;
}

Result<HttpReply> HttpClient::send(std::string_view method, std::string_view target,
                                   std::string_view fields, std::string_view body) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + state_->options.timeout;
  if (state_->channel && state_->is_stale()) {
    state_->disconnect();
  }
  if (!state_->channel) {
    if (auto connected = state_->connect(deadline); !connected) {
      return std::unexpected(connected.error());
    }
  }
  std::string request = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: seaworthy\r\n{}",
                                    method, target, state_->authority, fields);
  if (!body.empty() || method == "POST" || method == "PUT") {
    fmt::format_to(std::back_inserter(request), "Content-Length: {}\r\n", body.size());
  }
  request.append("\r\n").append(body);
  if (auto written = state_->write(request, deadline); !written) {
    return std::unexpected(written.error());
  }
  return state_->read(method == "HEAD", deadline);
}

Result<HttpReply> HttpClient::get(std::string_view target) { return send("GET", target, {}, {}); }

Result<HttpReply> HttpClient::post(std::string_view target, std::string_view body,
                                   std::string_view content_type) {
  return send("POST", target, fmt::format("Content-Type: {}\r\n", content_type), body);
}

std::string HttpClient::tls_version() const {
  return state_->channel && state_->channel->is_tls() ? SSL_get_version(state_->channel->ssl())
                                                      : std::string();
}

std::string HttpClient::alpn() const {
  if (!state_->channel || !state_->channel->is_tls()) {
    return {};
  }
  const unsigned char* name = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(state_->channel->ssl(), &name, &size);
  return name == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(name), size);
}

bool HttpClient::connected() const { return state_->channel.has_value(); }

}  // namespace seaworthy::net
