// Beast's basic_parser knows HTTP's grammar and what in it is dangerous (both lengths, bad chunks,
// obsolete folds); this derives from it instead of using its message containers, which allocate for
// each field. Method, target and fields are copied into one string as they come, by offset. The
// body is a run of bytes in the caller's buffer as long as its pieces are adjacent there; a piece
// that is not (a chunk, or a buffer that has to be reused) moves all of it to a string.
//
// Beast consumes a header line by line and applies its limit to what is left, so the bytes of the
// whole header are counted here. Its parsers cannot be used twice: reset() makes a new one in
// place.
#include "net/message_parser.h"

#include <array>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace seaworthy::net {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

/// Apache's default; a request of the API server has seven.
constexpr std::size_t kFieldsMax = 100;
/// Memory of this size stays for the next message.
constexpr std::size_t kKeptHeaderBytes = 2048;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

struct Text {
  std::uint32_t at = 0;
  std::uint32_t size = 0;
};

/// What is kept of a message, and what Beast's parsers call as it comes.
struct Message {
  explicit Message(MessageParser::Kind of_kind) : kind(of_kind) {}

  void clear();
  Text store(std::string_view text);

  [[nodiscard]] std::string_view text(Text place) const {
    return std::string_view(header).substr(place.at, place.size);
  }

  void add_field(http::field name, std::string_view name_text, std::string_view value,
                 error_code& error);
  void finish_header(bool chunked, error_code& error);
  void add_body(std::string_view piece);
  void detach();
  std::string_view body();

  MessageParser::Kind kind;
  std::string header;  ///< Method, target, names and values, one after the other.
  std::vector<std::pair<Text, Text>> field_texts;
  std::vector<HttpField> fields;  ///< Into header, once that is complete.
  Text method;
  Text target;
  int status = 0;
  int version = 11;
  std::size_t header_bytes = 0;
  std::size_t hosts = 0;
  bool transfer_encoding = false;
  bool expects_continue = false;
  bool complete = false;
  std::string_view run;  ///< The body, or its last part, in the caller's buffer.
  std::string stored;    ///< What of the body was before that.
};

template <bool kIsRequest>
class Parser final : public http::basic_parser<kIsRequest> {
 public:
  explicit Parser(Message& message) : message_(message) {}

 private:
  using View = boost::beast::string_view;

  void on_request_impl(http::verb /*verb*/, View method, View target, int version,
                       error_code& error) override {
    message_.method = message_.store(view(method));
    message_.target = message_.store(view(target));
    message_.version = version;
    error = {};
  }

  void on_response_impl(int code, View /*reason*/, int version, error_code& error) override {
    message_.status = code;
    message_.version = version;
    error = {};
  }

  void on_field_impl(http::field name, View name_text, View value, error_code& error) override {
    message_.add_field(name, view(name_text), view(value), error);
  }

  void on_header_impl(error_code& error) override {
    message_.finish_header(this->chunked(), error);
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         error_code& error) override {
    error = {};
  }

  std::size_t on_body_impl(View body, error_code& error) override {
    message_.add_body(view(body));
    error = {};
    return body.size();
  }

  void on_chunk_header_impl(std::uint64_t /*size*/, View /*extensions*/,
                            error_code& error) override {
    error = {};
  }

  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, View body, error_code& error) override {
    message_.add_body(view(body));
    error = {};
    return body.size();
  }

  void on_finish_impl(error_code& error) override {
    message_.complete = true;
    error = {};
  }

  Message& message_;
};

void Message::clear() {
  if (header.capacity() > kKeptHeaderBytes) {
    header = {};
    field_texts = {};
    fields = {};
  }
  header.clear();
  field_texts.clear();
  fields.clear();
  status = 0;
  version = 11;
  header_bytes = 0;
  hosts = 0;
  transfer_encoding = false;
  expects_continue = false;
  complete = false;
  run = {};
  stored = {};
  method = {};
  target = {};
}

Text Message::store(std::string_view text) {
  const Text place{static_cast<std::uint32_t>(header.size()),
                   static_cast<std::uint32_t>(text.size())};
  header.append(text);
  return place;
}

void Message::add_field(http::field name, std::string_view name_text, std::string_view value,
                        error_code& error) {
  error = {};
  if (!fields.empty()) {
    return;  // A trailer: nobody asks for those.
  }
  if (field_texts.size() == kFieldsMax) {
    error = http::error::header_limit;
    return;
  }
  hosts += name == http::field::host ? 1 : 0;
  transfer_encoding |= name == http::field::transfer_encoding;
  expects_continue |= name == http::field::expect && equal_ignoring_case(value, "100-continue");
  const Text stored_name = store(name_text);
  field_texts.emplace_back(stored_name, store(value));
}

void Message::finish_header(bool chunked, error_code& error) {
  error = {};
  for (const auto& [name, value] : field_texts) {
    fields.push_back({text(name), text(value)});
  }
  if (kind == MessageParser::Kind::kResponse) {
    return;
  }
  // RFC 9112, 6.1: a request whose last encoding is not chunked has no end that can be known.
  if (transfer_encoding && !chunked) {
    error = http::error::bad_transfer_encoding;
  }
  // RFC 9112, 3.2: 400 for a request of HTTP/1.1 without Host, and for more than one.
  if (hosts > 1 || (hosts == 0 && version == 11)) {
    error = http::error::bad_field;
  }
}

void Message::add_body(std::string_view piece) {
  if (run.empty()) {
    run = piece;
  } else if (run.data() + run.size() == piece.data()) {
    run = {run.data(), run.size() + piece.size()};
  } else {
    detach();
    run = piece;
  }
}

void Message::detach() {
  stored.append(run);
  run = {};
}

std::string_view Message::body() {
  if (stored.empty()) {
    return run;
  }
  detach();
  const std::size_t size = stored.size();
  stored.append(HttpRequest::kBodyPadding, '\0');
  return std::string_view(stored).substr(0, size);
}

}  // namespace

/// A message and the one of the two parsers that its kind needs.
class MessageParser::Impl {
 public:
  Impl(Kind kind, const MessageLimits& limits) : message(kind), limits_(limits) { reset(false); }

  void reset(bool skip_body);
  Fed feed(const char* bytes, std::size_t size);
  Fed feed_end();

  /// Calls `call` with the parser.
  auto parser(auto call) {
    return message.kind == Kind::kRequest ? call(*request_) : call(*response_);
  }

  Message message;

 private:
  MessageLimits limits_;
  std::optional<Parser<true>> request_;
  std::optional<Parser<false>> response_;
};

namespace {

/// What a server answers to bytes that are no request.
Fed refusal(const error_code& error, std::size_t consumed) {
  Fed fed{Fed::Status::kError, consumed, 400, {}};
  if (error == http::error::header_limit) {
    fed.http_status = 431;
    fed.reason = "The header of the request is too large.";
  } else if (error == http::error::body_limit) {
    fed.http_status = 413;
    fed.reason = "The body of the request is too large.";
  } else if (error == http::error::bad_version) {
    fed.http_status = 505;
    fed.reason = "Only HTTP/1.0 and HTTP/1.1 are spoken here.";
  } else if (error == http::error::bad_transfer_encoding) {
    fed.http_status = 501;
    fed.reason = "Of transfer encodings only chunked is known here, and not with a Content-Length.";
  } else if (error == http::error::bad_field) {
    fed.reason = "The request has no Host field, or several.";
  } else {
    fed.reason = "This is no HTTP request: " + error.message() + ".";
  }
  return fed;
}

template <class Parser>
void set_up(Parser& parser, const MessageLimits& limits, bool skip_body) {
  parser.eager(true);
  parser.skip(skip_body);
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  parser.body_limit(limits.body_bytes_max);
}

}  // namespace

void MessageParser::Impl::reset(bool skip_body) {
  if (message.kind == Kind::kRequest) {
    set_up(request_.emplace(message), limits_, skip_body);
  } else {
    set_up(response_.emplace(message), limits_, skip_body);
  }
  message.clear();
}

Fed MessageParser::Impl::feed(const char* bytes, std::size_t size) {
  error_code error;
  const auto header_done = [](const auto& p) { return p.is_header_done(); };
  const bool in_header = !parser(header_done);
  const std::size_t consumed =
      parser([&](auto& p) { return p.put(boost::asio::const_buffer(bytes, size), error); });
  message.header_bytes += in_header ? consumed : 0;
  const bool is_more = !error || error == http::error::need_more;
  if (in_header && !parser(header_done) && is_more &&
      message.header_bytes + (size - consumed) > limits_.header_bytes_max) {
    error = http::error::header_limit;
  } else if (in_header && is_more && message.header.size() > limits_.header_bytes_max) {
    error = http::error::header_limit;  // All of it came at once.
  }
  if (error && error != http::error::need_more) {
    return refusal(error, consumed);
  }
  return {message.complete ? Fed::Status::kComplete : Fed::Status::kMore, consumed, 0, {}};
}

Fed MessageParser::Impl::feed_end() {
  error_code error = http::error::partial_message;
  if (message.kind == Kind::kResponse && response_->is_header_done()) {
    response_->put_eof(error);
  }
  if (error) {
    return refusal(error, 0);
  }
  return {Fed::Status::kComplete, 0, 0, {}};
}

MessageParser::MessageParser(Kind kind, const MessageLimits& limits)
    : impl_(std::make_unique<Impl>(kind, limits)) {}

MessageParser::~MessageParser() = default;

void MessageParser::reset(bool skip_body) { impl_->reset(skip_body); }

Fed MessageParser::feed(const char* bytes, std::size_t size) { return impl_->feed(bytes, size); }

Fed MessageParser::feed_end() { return impl_->feed_end(); }

bool MessageParser::started() const {
  return impl_->parser([](const auto& p) { return p.got_some(); });
}

bool MessageParser::header_done() const {
  return impl_->parser([](const auto& p) { return p.is_header_done(); });
}

std::string_view MessageParser::method() const {
  return impl_->message.text(impl_->message.method);
}

std::string_view MessageParser::target() const {
  return impl_->message.text(impl_->message.target);
}

int MessageParser::status() const { return impl_->message.status; }

int MessageParser::version() const { return impl_->message.version; }

std::span<const HttpField> MessageParser::fields() const { return impl_->message.fields; }

bool MessageParser::keep_alive() const {
  return impl_->parser([](const auto& p) { return p.keep_alive(); });
}

bool MessageParser::expects_continue() const {
  return impl_->message.expects_continue && impl_->message.version == 11;
}

std::string_view MessageParser::body() { return impl_->message.body(); }

void MessageParser::detach() { impl_->message.detach(); }

std::size_t MessageParser::held_bytes() const {
  return impl_->message.header.capacity() + impl_->message.stored.capacity();
}

}  // namespace seaworthy::net
