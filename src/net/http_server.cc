// Listens, and hands each new connection to the next worker. The listening socket is made by hand,
// because its errors are what people read.
#include "seaworthy/net/http_server.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <boost/asio/error.hpp>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/worker.h"
#include "seaworthy/base/check.h"

namespace seaworthy::net {

bool HttpHandler::wants_body(const HttpRequest& /*request*/, HttpResponse& /*response*/) {
  return true;
}

void HttpHandler::fail(int status, std::string_view reason, HttpResponse& response) {
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body.assign(reason).append("\n");
  if (status == 503) {
    response.fields.emplace_back("Retry-After", "1");
  }
}

namespace {

using boost::asio::ip::tcp;

constexpr int kAcceptsPerTurn = 64;
/// Where processors are scarce, a third of a worker's share.
constexpr int kLargeBodyNice = 5;
constexpr std::chrono::milliseconds kAcceptPause{200};

struct Listening {
  int fd = -1;
  bool six = false;
  SocketAddress address;
};

Result<Listening> listen_on(const SocketAddress& wanted, bool six, const std::string& host) {
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (six) {
    auto& address = reinterpret_cast<sockaddr_in6&>(storage);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(wanted.port);
    ::inet_pton(AF_INET6, host.c_str(), &address.sin6_addr);
    size = sizeof(address);
  } else {
    auto& address = reinterpret_cast<sockaddr_in&>(storage);
    address.sin_family = AF_INET;
    address.sin_port = htons(wanted.port);
    ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
    size = sizeof(address);
  }
  const int fd = ::socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  const int off = 0;
  auto* generic = reinterpret_cast<sockaddr*>(&storage);
  const bool listening =
      fd >= 0 && ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
      (!six || ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) == 0) &&
      ::bind(fd, generic, size) == 0 && ::listen(fd, SOMAXCONN) == 0 &&
      ::getsockname(fd, generic, &size) == 0;
  if (!listening) {
    const int error = errno;
    if (fd >= 0) {
      ::close(fd);
    }
    const ErrorCode code = error == EACCES ? ErrorCode::kDenied
                           : error == EADDRNOTAVAIL || error == EAFNOSUPPORT
                               ? ErrorCode::kInvalid
                               : ErrorCode::kUnavailable;
    return fail(code, "cannot listen on " + to_string(wanted) + ": " + std::strerror(error));
  }
  const std::uint16_t port = six ? reinterpret_cast<sockaddr_in6&>(storage).sin6_port
                                 : reinterpret_cast<sockaddr_in&>(storage).sin_port;
  return Listening{fd, six, {wanted.host, ntohs(port)}};
}

Result<Listening> listen_on(const SocketAddress& wanted) {
  if (!wanted.host.empty()) {
    return listen_on(wanted, wanted.host.find(':') != std::string::npos, wanted.host);
  }
  auto both = listen_on(wanted, true, "::");
  // A machine without IPv6.
  return both || both.error().code != ErrorCode::kInvalid ? both
                                                          : listen_on(wanted, false, "0.0.0.0");
}

/// The accepting side. Held by the handler that waits, so that it ends after the last one. Asio
/// only waits: its own accept would keep a socket of a worker's loop in this loop, and outlive the
/// other.
class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  Acceptor(EventLoop::Impl& loop, std::vector<Worker*> workers, ServerState& server)
      : workers_(std::move(workers)),
        server_(server),
        acceptor_(loop.context),
        retry_(loop.context) {}

  [[nodiscard]] boost::system::error_code take(const Listening& listening) {
    protocol_ = listening.six ? tcp::v6() : tcp::v4();
    boost::system::error_code error;
    acceptor_.assign(protocol_, listening.fd, error);
    return error;
  }

  void wait() {
    acceptor_.async_wait(tcp::acceptor::wait_read,
                         [self = shared_from_this()](const boost::system::error_code& error) {
                           if (!error && !self->closed_) {
                             self->accept();
                           }
                         });
  }

  /// Who is in the queue of the socket would be reset with it.
  void close() {
    for (int i = 0; !closed_ && i < SOMAXCONN; ++i) {
      const int fd =
          ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd < 0) {
        break;
      }
      hand_over(fd);
    }
    closed_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
  }

 private:
  void accept() {
    for (int i = 0; i < kAcceptsPerTurn; ++i) {
      const int fd =
          ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd >= 0) {
        hand_over(fd);
        continue;
      }
      const int error = errno;
      if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) {
        pause(error);
        return;
      }
      if (error == EAGAIN || error == EWOULDBLOCK) {
        break;
      }
      // Anything else is about that one connection (accept(2), "Error handling").
    }
    wait();
  }

  void hand_over(int fd) {
    Worker& worker = *workers_.at(next_++ % workers_.size());
    boost::asio::post(worker.loop.context, [&worker, fd, protocol = protocol_] {
      tcp::socket socket(worker.loop.context);
      boost::system::error_code error;
      socket.assign(protocol, fd, error);
      if (error) {
        ::close(fd);
        return;
      }
      worker.adopt(std::move(socket));
    });
  }

  /// No descriptors or no memory: that does not get better at once.
  void pause(int error) {
    server_.log.error("cannot accept connections", {{"error", std::strerror(error)}});
    retry_.expires_after(kAcceptPause);
    retry_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
      if (!cancelled && !self->closed_) {
        self->accept();
      }
    });
  }

  std::vector<Worker*> workers_;
  ServerState& server_;
  tcp::acceptor acceptor_;
  tcp protocol_ = tcp::v4();
  boost::asio::steady_timer retry_;
  std::size_t next_ = 0;
  bool closed_ = false;
};

}  // namespace

struct HttpServer::Impl {
  Impl(const HttpServerOptions& options, EventLoop& loop, const TlsContext* tls,
       HttpHandler& handler, observe::Log& log, observe::ListenerCounters& counters)
      : state{options, tls, handler, log, counters}, accept_loop(loop) {}

  ServerState state;
  EventLoop& accept_loop;
  SocketAddress address;
  std::vector<EventLoop*> loops;
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<EventLoop> large;
  std::shared_ptr<Acceptor> acceptor;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpServerOptions& options,
                                                      EventLoop& accept_loop,
                                                      std::span<EventLoop* const> workers,
                                                      const TlsContext* tls, HttpHandler& handler,
                                                      observe::Log& log,
                                                      observe::ListenerCounters& counters) {
  SEAWORTHY_CHECK(!workers.empty());
  SEAWORTHY_TRY(const Listening listening, listen_on(options.address));
  auto impl = std::make_unique<Impl>(options, accept_loop, tls, handler, log, counters);
  impl->address = listening.address;
  if (options.body_bytes_max > limits::kLargeBodyBytes) {
    impl->large = std::make_unique<EventLoop>("large-bodies", log);
    impl->large->post([] {
      static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kLargeBodyNice));
    });
    impl->state.large = impl->large.get();
  }
  std::vector<Worker*> all;
  for (EventLoop* loop : workers) {
    impl->loops.push_back(loop);
    impl->workers.push_back(std::make_unique<Worker>(impl->state, loop->impl(), workers.size()));
    all.push_back(impl->workers.back().get());
  }
  impl->acceptor = std::make_shared<Acceptor>(accept_loop.impl(), std::move(all), impl->state);
  if (const auto error = impl->acceptor->take(listening)) {
    ::close(listening.fd);
    return fail(ErrorCode::kInternal,
                "cannot listen on " + to_string(options.address) + ": " + error.message());
  }
  accept_loop.post([acceptor = impl->acceptor] { acceptor->wait(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::~HttpServer() {
  stop_accepting();
  for (std::size_t i = 0; i < impl_->loops.size(); ++i) {
    impl_->loops.at(i)->run([worker = impl_->workers.at(i).get()] { worker->close_all(); });
  }
  impl_->large.reset();
  for (EventLoop* loop : impl_->loops) {
    loop->run([] {});  // What was answered there has come here.
  }
}

const SocketAddress& HttpServer::address() const { return impl_->address; }

void HttpServer::close_after_responses() { impl_->state.close_after_responses = true; }

void HttpServer::stop_accepting() {
  impl_->accept_loop.run([acceptor = impl_->acceptor] { acceptor->close(); });
}

std::size_t HttpServer::unanswered() const {
  if (connections() == 0) {
    return 0;  // who has gone is owed nothing, however late a worker is to say so
  }
  std::size_t all = 0;
  for (std::size_t i = 0; i < impl_->loops.size(); ++i) {
    const auto said = std::make_shared<std::promise<std::size_t>>();
    auto answer = said->get_future();
    impl_->loops.at(i)->post(
        [said, worker = impl_->workers.at(i).get()] { said->set_value(worker->unanswered()); });
    const bool in_time = answer.wait_for(std::chrono::seconds(1)) == std::future_status::ready;
    all += in_time ? answer.get() : 1;
  }
  return all;
}

std::size_t HttpServer::connections() const { return impl_->state.connections; }

}  // namespace seaworthy::net
