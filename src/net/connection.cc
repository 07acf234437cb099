// The life of a connection, as a state machine that runs until the socket has no more:
//
//   handshake -> reading -> (answering, where a large body is judged elsewhere)
//                        -> (writing, where the socket does not take a response whole) -> reading …
//                        -> lingering -> closed
//
// Reading goes into the loop's one input buffer. A request that lies in it whole, the usual case,
// is parsed, handled and answered there, its body not copied; only what is left when the socket has
// no more moves to memory of the connection's own, so that a connection that waits for a request
// holds next to nothing. Responses go out in one write. Deadlines are only set when there is
// something to wait for: handshake, the header since its first byte, the body, the write, and idle
// in between.
//
// Lingering: after the last response the client may still be sending. Closing then would reset the
// connection and take the response with it (RFC 9112, 9.6), so what comes is thrown away until the
// client has closed its side or a short time is over.
#include "net/connection.h"

#include <cstring>
#include <utility>

#include "net/worker.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::net {
namespace {

constexpr std::string_view kPlainHttpAnswer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n"
    "Content-Length: 50\r\n\r\nThis is a TLS port, and what was sent is no TLS.\r\n";
/// Reads of the lingering state before it is another connection's turn.
constexpr int kDiscardsPerTurn = 16;

Channel make_channel(int fd, const TlsContext* tls) {
  // The connection takes its own reference on the context.
  return tls == nullptr ? Channel(fd) : Channel(fd, tls->current().get(), Channel::Role::kServer);
}

}  // namespace

Connection::Connection(Worker& worker, boost::asio::ip::tcp::socket socket)
    : worker_(worker),
      loop_(worker.loop),
      socket_(std::move(socket)),
      channel_(make_channel(socket_.native_handle(), worker.server.tls)),
      parser_(MessageParser::Kind::kRequest,
              {worker.server.options.header_bytes_max, worker.server.options.body_bytes_max}) {}

std::string Connection::remote_address() const {
  boost::system::error_code error;
  const auto endpoint = socket_.remote_endpoint(error);
  return error ? std::string() : endpoint.address().to_string();
}

void Connection::start() {
  guarded([this] { begin(); });
}

void Connection::begin() {
  boost::system::error_code ignored;
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  const auto& options = worker_.server.options;
  if (channel_.is_tls()) {
    loop_.set_deadline(*this, std::chrono::steady_clock::now() + options.handshake_timeout);
    continue_handshake();
  } else {
    state_ = State::kReading;
    receive();
  }
}

void Connection::close() {
  if (state_ == State::kClosed) {
    return;
  }
  state_ = State::kClosed;
  EventLoop::Impl::clear_deadline(*this);
  worker_.closed(*this);
  boost::system::error_code ignored;
  socket_.close(ignored);  // What waits for it is called with an error, and lets go of this.
}

void Connection::on_deadline() {
  const auto self = shared_from_this();
  if (state_ == State::kReading && parser_.started()) {
    refuse(408, "The request did not arrive in time.");
  } else {
    close();
  }
}

void Connection::wait(Until until) {
  const auto type = until == Until::kReadable ? boost::asio::ip::tcp::socket::wait_read
                                              : boost::asio::ip::tcp::socket::wait_write;
  socket_.async_wait(type, [self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && self->state_ != State::kClosed) {
      self->guarded([&self] { self->on_ready(); });
    }
  });
}

void Connection::failed(std::string_view error) {
  worker_.server.log.error("a connection failed", {{"error", error}});
  close();
}

void Connection::on_ready() {
  switch (state_) {
    case State::kHandshake:
      continue_handshake();
      return;
    case State::kReading:
      receive();
      return;
    case State::kWriting: {
      std::string bytes;
      bytes.swap(unsent_);
      if (flush(bytes) && sent()) {
        receive();
      }
      return;
    }
    case State::kLingering:
      discard();
      return;
    case State::kAnswering:
    case State::kClosed:
      return;
  }
}

void Connection::continue_handshake() {
  switch (channel_.handshake()) {
    case IoStatus::kDone:
      state_ = State::kReading;
      receive();  // The first request may have come with the client's last message.
      return;
    case IoStatus::kWantRead:
      wait(Until::kReadable);
      return;
    case IoStatus::kWantWrite:
      wait(Until::kWritable);
      return;
    case IoStatus::kClosed:
      close();  // Nothing was asked: a probe of the port.
      return;
    case IoStatus::kFailed:
      worker_.handshake_failed(*this, channel_.error());
      if (channel_.saw_plain_http()) {
        channel_.write_plain(kPlainHttpAnswer);
        linger();
      } else {
        close();
      }
      return;
  }
}

/// Reads and answers until the socket has no more, or it is another connection's turn.
void Connection::receive() {
  std::memcpy(loop_.input.get(), pending_.data(), pending_.size());
  begin_ = 0;
  end_ = pending_.size();
  std::string().swap(pending_);
  if (!parser_.started()) {
    received_ = loop_.turn_start();
  }
  const auto turn_start = std::chrono::steady_clock::now();
  for (std::uint32_t answered_now = 0, reads = 0;;) {
    Fed fed;
    if (begin_ < end_) {
      fed = parser_.feed(loop_.input.get() + begin_, end_ - begin_);
      begin_ += fed.consumed;
    }
    if (fed.status == Fed::Status::kError) {
      return refuse(fed.http_status, fed.reason);
    }
    if (fed.status == Fed::Status::kMore) {
      if (!receive_more()) {
        return;
      }
      if (++reads == limits::kReadsPerTurnMax) {
        return yield();
      }
      continue;
    }
    if (!answer()) {
      return;
    }
    const bool more = begin_ < end_ || channel_.has_buffered();
    if (!more) {
      return suspend(Until::kReadable);
    }
    if (++answered_now == limits::kRequestsPerTurnMax ||
        std::chrono::steady_clock::now() - turn_start > limits::kTurnTimeMax) {
      return yield();
    }
    received_ = loop_.turn_start();
  }
}

/// Puts more into the input buffer; false where this connection's turn is over.
bool Connection::receive_more() {
  if (parser_.header_done() && !std::exchange(body_announced_, true) && !announce_body()) {
    return false;
  }
  if (end_ == EventLoop::Impl::kInputBytes) {
    if (begin_ == 0) {
      refuse(431, "A line of the request is too long.");
      return false;
    }
    parser_.detach();
    std::memmove(loop_.input.get(), loop_.input.get() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
  }
  const IoResult got = channel_.read(loop_.input.get() + end_, EventLoop::Impl::kInputBytes - end_);
  switch (got.status) {
    case IoStatus::kDone:
      end_ += got.bytes;
      return true;
    case IoStatus::kWantRead:
      suspend(Until::kReadable);
      return false;
    case IoStatus::kWantWrite:  // An answer of TLS's own.
      suspend(Until::kWritable);
      return false;
    default:
      close();  // Also for half a request: there is nobody to answer.
      return false;
  }
}

/// Waits for the socket, with all that is needed then in memory of this connection's own.
void Connection::suspend(Until until) {
  keep_input();
  const auto& options = worker_.server.options;
  if (parser_.started() || !pending_.empty()) {
    if (!worker_.holds(*this, pending_.size() + parser_.held_bytes())) {
      return refuse(503, "The server has too many unfinished requests.");
    }
    if (!parser_.header_done()) {
      loop_.set_deadline(*this, received_ + options.header_timeout);
    }
  } else {
    loop_.set_deadline(*this, std::chrono::steady_clock::now() + options.idle_timeout);
  }
  wait(until);
}

/// Lets the others run, and goes on after them.
void Connection::yield() {
  keep_input();
  if (parser_.started() && !worker_.holds(*this, pending_.size() + parser_.held_bytes())) {
    return refuse(503, "The server has too many unfinished requests.");
  }
  boost::asio::post(loop_.context, [self = shared_from_this()] {
    if (self->state_ == State::kReading) {
      self->guarded([&self] { self->receive(); });
    }
  });
}

void Connection::keep_input() {
  parser_.detach();
  pending_.assign(loop_.input.get() + begin_, end_ - begin_);
  begin_ = end_ = 0;
}

void Connection::linger() {
  state_ = State::kLingering;
  std::string().swap(pending_);
  parser_.reset();
  worker_.finished_request(*this);
  channel_.finish_writing();
  const auto timeout = worker_.server.options.linger_timeout;
  loop_.set_deadline(*this, std::chrono::steady_clock::now() + timeout);
  discard();
}

void Connection::discard() {
  for (int i = 0; i < kDiscardsPerTurn; ++i) {
    const IoResult got = channel_.discard(loop_.input.get(), EventLoop::Impl::kInputBytes);
    if (got.status == IoStatus::kWantRead) {
      break;
    }
    if (got.status != IoStatus::kDone) {
      close();
      return;
    }
  }
  wait(Until::kReadable);
}

}  // namespace seaworthy::net
