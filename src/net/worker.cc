// Who has to go when there are too many: not the newcomer, or a client that opens connections and
// says nothing would keep the API server out. It is the connection that has finished nothing for
// longest, and, where unfinished requests take too much memory, the one whose request has been
// coming for longest: honest clients send a review within milliseconds.
#include "net/worker.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace seaworthy::net {
namespace {

constexpr std::chrono::seconds kHandshakeLogInterval{1};

}  // namespace

Worker::Worker(ServerState& of_server, EventLoop::Impl& on_loop, std::size_t workers)
    : server(of_server),
      loop(on_loop),
      connections_max_(std::max<std::size_t>(of_server.options.connections_max / workers, 1)),
      // A body of the largest size and what is copied as it grows have to fit.
      unfinished_bytes_max_(std::max(of_server.options.unfinished_bytes_max / workers,
                                     of_server.options.body_bytes_max * 2)) {}

void Worker::adopt(boost::asio::ip::tcp::socket socket) {
  if (connections_ >= connections_max_) {
    const auto oldest = by_activity_.front().shared_from_this();
    oldest->close();
  }
  const auto connection = std::make_shared<Connection>(*this, std::move(socket));
  by_activity_.push_back(*connection);
  ++connections_;
  ++server.connections;
  server.counters.connections(1);
  connection->start();
}

void Worker::close_all() {
  while (!by_activity_.empty()) {
    const auto connection = by_activity_.front().shared_from_this();
    connection->close();
  }
}

std::size_t Worker::unanswered() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      by_activity_, [](const Connection& connection) { return connection.owes_answer(); }));
}

void Worker::closed(Connection& connection) {
  finished_request(connection);
  connection.ActivityHook::unlink();
  --connections_;
  --server.connections;
  server.counters.connections(-1);
}

void Worker::finished_request(Connection& connection) {
  unfinished_bytes_ -= std::exchange(connection.held_bytes, 0);
  if (connection.UnfinishedHook::is_linked()) {
    connection.UnfinishedHook::unlink();
  }
  by_activity_.splice(by_activity_.end(), by_activity_,
                      List<ActivityHook>::s_iterator_to(connection));
}

bool Worker::holds(Connection& connection, std::size_t bytes) {
  if (!connection.UnfinishedHook::is_linked()) {
    unfinished_.push_back(connection);
  }
  unfinished_bytes_ += bytes - std::exchange(connection.held_bytes, bytes);
  while (unfinished_bytes_ > unfinished_bytes_max_) {
    const auto slowest = unfinished_.front().shared_from_this();
    if (slowest.get() == &connection) {
      return false;
    }
    slowest->close();
  }
  return true;
}

void Worker::handshake_failed(const Connection& connection, std::string_view error) {
  server.counters.handshake_error();
  const SteadyTime now = std::chrono::steady_clock::now();
  if (now < next_handshake_log_) {
    ++handshakes_not_logged_;
    return;
  }
  next_handshake_log_ = now + kHandshakeLogInterval;
  server.log.info("TLS handshake failed",
                  {{"remote", connection.remote_address()},
                   {"error", error},
                   {"not_logged_before", std::exchange(handshakes_not_logged_, 0)}});
}

}  // namespace seaworthy::net
