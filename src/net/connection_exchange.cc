// What is said on a connection: which requests are complete, who answers them, and how the answer
// goes out. A response is written at once; what the socket does not take of it is kept, and nothing
// more is read until it is gone, so that a client that does not read its answers is not given more.
//
// A large body takes long to judge, and everybody else on this thread would wait for it. So it is
// answered on a thread for large ones, one after the other, while its connection waits; parser and
// pending input stay untouched meanwhile, for the request is made of pieces of them.
#include <cstring>
#include <exception>
#include <memory>
#include <utility>

#include "net/connection.h"
#include "net/http_text.h"
#include "net/worker.h"
#include "seaworthy/base/limits.h"

namespace seaworthy::net {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

/// Calls the handler; what it throws is answered with 500, and false.
template <class Call>
bool Connection::handled(std::string_view path, HttpResponse& response, Call call) {
  response.reset();
  std::string thrown = "unknown";
  try {
    call(response);
    return true;
  } catch (const std::exception& error) {
    thrown = error.what();
  } catch (...) {  // The message above says all that is known.
  }
  worker_.server.log.error("a request handler failed", {{"path", path}, {"error", thrown}});
  response.reset();
  worker_.server.handler.fail(500, "The server failed at this request.", response);
  return false;
}

/// The header is complete and the body is not: says whether it is wanted.
bool Connection::announce_body() {
  HttpRequest request;
  make_request(request);
  bool wanted = false;
  static_cast<void>(handled(request.path, loop_.response, [&](HttpResponse& response) {
    wanted = worker_.server.handler.wants_body(request, response);
  }));
  if (!wanted) {
    static_cast<void>(send(false));
    return false;
  }
  const auto timeout = worker_.server.options.body_timeout;
  loop_.set_deadline(*this, std::chrono::steady_clock::now() + timeout);
  if (parser_.expects_continue() && begin_ == end_) {
    // All earlier responses are on their way, so there is room for this line, or nobody reads.
    const IoResult result = channel_.write(kContinue);
    if (result.status != IoStatus::kDone || result.bytes != kContinue.size()) {
      close();
      return false;
    }
  }
  return true;
}

void Connection::make_request(HttpRequest& request) {
  split_target(parser_.target(), request);
  request.method = parser_.method();
  request.fields = parser_.fields();
  request.received = received_;
}

/// Answers the request that is complete; true where the next one can be read.
bool Connection::answer() {
  ServerState& server = worker_.server;
  HttpRequest request;
  make_request(request);
  request.body = parser_.body();
  const auto queue_max = server.options.queue_time_max;
  const bool is_large = server.large != nullptr && request.body.size() > limits::kLargeBodyBytes;
  const bool is_late =
      queue_max.count() > 0 && std::chrono::steady_clock::now() - loop_.turn_start() > queue_max;
  if (is_late || (is_large && server.large_bytes > limits::kLargeBytesWaitingMax)) {
    loop_.response.reset();
    server.handler.fail(503, "The server has more requests than it can answer.", loop_.response);
    return send(parser_.keep_alive());
  }
  if (is_large) {
    answer_elsewhere(request);
    return false;
  }
  static_cast<void>(handled(request.path, loop_.response, [&](HttpResponse& response) {
    server.handler.handle(request, response);
  }));
  return send(parser_.keep_alive());
}

void Connection::answer_elsewhere(const HttpRequest& request) {
  ServerState& server = worker_.server;
  state_ = State::kAnswering;
  keep_input();
  loop_.set_deadline(*this, std::chrono::steady_clock::now() + server.options.body_timeout);
  worker_.finished_request(*this);  // Its memory is counted there from now on.
  server.large_bytes += request.body.size();
  server.large->post([self = shared_from_this(), request]() mutable {
    ServerState& state = self->worker_.server;
    const auto response = std::make_shared<HttpResponse>();
    static_cast<void>(self->handled(request.path, *response, [&](HttpResponse& to_fill) {
      state.handler.handle(request, to_fill);
    }));
    state.large_bytes -= request.body.size();
    auto& context = self->loop_.context;  // Where it ends, if nobody else holds it.
    boost::asio::post(context, [self = std::move(self), response] {
      if (self->state_ == State::kAnswering) {
        self->guarded([&] { self->answered(*response); });
      }
    });
  });
}

/// Sends what was answered elsewhere, and goes on.
void Connection::answered(HttpResponse& response) {
  state_ = State::kReading;
  std::swap(loop_.response, response);
  // Into the buffer that what is kept is taken from, where the response does not go out at once.
  std::memcpy(loop_.input.get(), pending_.data(), pending_.size());
  begin_ = 0;
  end_ = pending_.size();
  if (send(parser_.keep_alive())) {
    keep_input();
    receive();
  }
}

/// Answers something that is no whole request, and ends the connection.
void Connection::refuse(int status, std::string_view reason) {
  loop_.response.reset();
  worker_.server.handler.fail(status, reason, loop_.response);
  begin_ = end_;
  static_cast<void>(send(false));
}

/// Writes the loop's response; true where the connection goes on and the response is out.
bool Connection::send(bool keep_alive) {
  const HttpResponse& response = loop_.response;
  ServerState& server = worker_.server;
  close_after_write_ =
      !keep_alive || response.close || server.close_after_responses.load(std::memory_order_relaxed);
  AfterResponse after = AfterResponse::kKeep;
  if (close_after_write_) {
    after = AfterResponse::kClose;
  } else if (parser_.version() == 10) {
    after = AfterResponse::kKeepSaid;
  }
  loop_.output.clear();
  append_response(response, loop_.date(), after, parser_.method() != "HEAD", loop_.output);
  server.counters.request(response.status);
  return flush(loop_.output) && sent();
}

/// Writes all of `bytes`, or keeps what the socket does not take and waits for it.
bool Connection::flush(std::string_view bytes) {
  while (!bytes.empty()) {
    const IoResult result = channel_.write(bytes);
    if (result.status == IoStatus::kDone) {
      bytes.remove_prefix(result.bytes);
      continue;
    }
    if (result.status != IoStatus::kWantWrite && result.status != IoStatus::kWantRead) {
      close();
      return false;
    }
    if (state_ != State::kWriting) {
      state_ = State::kWriting;
      keep_input();
      loop_.set_deadline(*this,
                         std::chrono::steady_clock::now() + worker_.server.options.write_timeout);
    }
    unsent_.assign(bytes);
    wait(result.status == IoStatus::kWantWrite ? Until::kWritable : Until::kReadable);
    return false;
  }
  return true;
}

/// A response is out; true where the next request can be read.
bool Connection::sent() {
  if (loop_.output.capacity() > EventLoop::Impl::kInputBytes) {
    std::string().swap(loop_.output);
  }
  if (close_after_write_) {
    linger();
    return false;
  }
  state_ = State::kReading;
  body_announced_ = false;
  parser_.reset();
  worker_.finished_request(*this);
  return true;
}

}  // namespace seaworthy::net
