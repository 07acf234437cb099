#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include "net/channel.h"
#include "net/event_loop_impl.h"
#include "net/message_parser.h"

namespace seaworthy::net {

class Worker;

/// Where a worker keeps its connections; they leave when they are destroyed.
using ActivityHook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<struct ActivityTag>, AutoUnlink>;
using UnfinishedHook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<struct UnfinishedTag>, AutoUnlink>;

/// One client's connection, from its accept to its close; lives as long as a handler waits for it.
class Connection final : public std::enable_shared_from_this<Connection>,
                         public Timed,
                         public ActivityHook,
                         public UnfinishedHook {
 public:
  Connection(Worker& worker, boost::asio::ip::tcp::socket socket);

  void start();
  /// At once, whatever it is doing.
  void close();
  void on_deadline() override;

  [[nodiscard]] std::string remote_address() const;

  /// A request has begun to come, or its response is not out.
  [[nodiscard]] bool owes_answer() const {
    return state_ == State::kAnswering || state_ == State::kWriting ||
           (state_ == State::kReading && (parser_.started() || !pending_.empty()));
  }

  std::size_t held_bytes = 0;  ///< The worker's account of it.

 private:
  enum class State : std::uint8_t {
    kHandshake,
    kReading,
    kAnswering,
    kWriting,
    kLingering,
    kClosed
  };
  enum class Until : std::uint8_t { kReadable, kWritable };

  void begin();
  void wait(Until until);

  /// Runs `step`; what it throws (no memory) ends this connection and no other.
  template <class Step>
  void guarded(Step step) {
    try {
      step();
    } catch (const std::exception& error) {
      failed(error.what());
    }
  }

  void failed(std::string_view error);
  template <class Call>
  bool handled(std::string_view path, HttpResponse& response, Call call);
  void on_ready();
  void continue_handshake();
  void receive();
  [[nodiscard]] bool receive_more();
  [[nodiscard]] bool announce_body();
  void suspend(Until until);
  void yield();
  void keep_input();

  [[nodiscard]] bool answer();
  void answer_elsewhere(const HttpRequest& request);
  void answered(HttpResponse& response);
  void refuse(int status, std::string_view reason);
  [[nodiscard]] bool send(bool keep_alive);
  [[nodiscard]] bool flush(std::string_view bytes);
  [[nodiscard]] bool sent();
  void linger();
  void discard();
  void make_request(HttpRequest& request);

  Worker& worker_;
  EventLoop::Impl& loop_;
  boost::asio::ip::tcp::socket socket_;
  Channel channel_;
  MessageParser parser_;
  State state_ = State::kHandshake;
  bool body_announced_ = false;  ///< announce_body() was called for this request.
  bool close_after_write_ = false;
  // Of the loop's input buffer, what is not consumed: valid while this connection is running.
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string pending_;    ///< The same, while others are running.
  std::string unsent_;     ///< Of a response, what the socket did not take yet.
  SteadyTime received_{};  ///< When the request that is coming began.
};

}  // namespace seaworthy::net
