#pragma once

#include <atomic>
#include <cstddef>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include "net/connection.h"
#include "net/event_loop_impl.h"
#include "seaworthy/net/http_server.h"

namespace seaworthy::net {

/// What the workers of one server share.
struct ServerState {
  HttpServerOptions options;
  const TlsContext* tls = nullptr;
  HttpHandler& handler;
  observe::Log& log;
  observe::ListenerCounters& counters;
  std::atomic<bool> close_after_responses = false;
  std::atomic<std::size_t> connections = 0;
  EventLoop* large = nullptr;                ///< Answers large bodies; null: the workers do.
  std::atomic<std::size_t> large_bytes = 0;  ///< That it has to answer.
};

/// A server's part on one loop: its connections, in the order in which they may have to go. All of
/// it from the loop's thread.
class Worker {
 public:
  Worker(ServerState& server, EventLoop::Impl& loop, std::size_t workers);

  /// Takes a new connection, for which another one may have to go.
  void adopt(boost::asio::ip::tcp::socket socket);
  void close_all();
  /// Connections with a request that is not answered whole.
  [[nodiscard]] std::size_t unanswered() const;

  // What connections tell.
  void closed(Connection& connection);
  /// It has finished a request: it is the last to go now.
  void finished_request(Connection& connection);
  /// It waits with `bytes` of an unfinished request in memory. Whatever was before it may be closed
  /// for that; false: so must it.
  [[nodiscard]] bool holds(Connection& connection, std::size_t bytes);
  void handshake_failed(const Connection& connection, std::string_view error);

  ServerState& server;
  EventLoop::Impl& loop;

 private:
  template <class Hook>
  using List = boost::intrusive::list<Connection, boost::intrusive::base_hook<Hook>,
                                      boost::intrusive::constant_time_size<false>>;

  std::size_t connections_max_;
  std::size_t unfinished_bytes_max_;
  std::size_t connections_ = 0;
  std::size_t unfinished_bytes_ = 0;
  List<ActivityHook> by_activity_;   ///< The one that has finished nothing for longest first.
  List<UnfinishedHook> unfinished_;  ///< The request that has been coming for longest first.
  SteadyTime next_handshake_log_{};
  std::size_t handshakes_not_logged_ = 0;
};

}  // namespace seaworthy::net
