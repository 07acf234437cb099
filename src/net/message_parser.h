#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "seaworthy/net/http_message.h"

namespace seaworthy::net {

struct MessageLimits {
  std::size_t header_bytes_max = 0;
  std::size_t body_bytes_max = 0;
};

/// What came of some bytes.
struct Fed {
  enum class Status : std::uint8_t { kMore, kComplete, kError };

  Status status = Status::kMore;
  std::size_t consumed = 0;  ///< The rest is to be given again, with more behind it.
  int http_status = 0;       ///< With kError: what a server answers.
  std::string reason;        ///< With kError: one sentence.
};

/// One HTTP/1.1 request after the other, from bytes as they come; and one response, for the client.
/// A body that lies in one piece in the buffer it was fed from stays there (body() points into it)
/// until detach() is called, which has to be before that buffer changes.
class MessageParser {
 public:
  enum class Kind : std::uint8_t { kRequest, kResponse };

  MessageParser(Kind kind, const MessageLimits& limits);
  ~MessageParser();
  MessageParser(const MessageParser&) = delete;
  MessageParser& operator=(const MessageParser&) = delete;

  /// For the next message. Gives back memory that only large ones need. `skip_body`: a response to
  /// HEAD.
  void reset(bool skip_body = false);
  /// Not after kComplete or kError, unless reset.
  [[nodiscard]] Fed feed(const char* bytes, std::size_t size);
  /// The stream has ended: a response without a length is complete then.
  [[nodiscard]] Fed feed_end();

  [[nodiscard]] bool started() const;      ///< At least one byte was consumed.
  [[nodiscard]] bool header_done() const;  ///< What follows is known.
  [[nodiscard]] std::string_view method() const;
  [[nodiscard]] std::string_view target() const;
  [[nodiscard]] int status() const;   ///< Of a response.
  [[nodiscard]] int version() const;  ///< 10 or 11.
  [[nodiscard]] std::span<const HttpField> fields() const;
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool expects_continue() const;

  /// With HttpRequest::kBodyPadding readable bytes behind it, provided that the buffer that it was
  /// fed from has them.
  [[nodiscard]] std::string_view body();
  /// Copies what lies in the buffer.
  void detach();
  /// Memory held for the message.
  [[nodiscard]] std::size_t held_bytes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seaworthy::net
